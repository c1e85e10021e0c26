// What the scraper needs from outside. Adapters stand in adapters/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "libs/competition/told_facts.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/event.pb.h"

namespace podium::scraper {

/// Lets long work report and be stopped. Valid while the call lasts.
struct FetchControl {
  std::stop_token stop;
  /// Told now and then how far it is: phase (fetching, unpacking ...), done, total (0: unknown).
  std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t total)> on_progress =
      {};
};

/// What a door told, and through which door. The data files lie in the folder the caller gave.
struct FetchedCompetition {
  competition::ToldFacts told;
  v1::CompetitionDoor door = v1::COMPETITION_DOOR_UNSPECIFIED;
};

/// Where competitions come from. Called from several threads. A reason that a person must act on is
/// an error of disposition reject (KAGGLE_AUTH, COMPETITION_NOT_FOUND ...); repeating is safe.
class CompetitionSource {
 public:
  virtual ~CompetitionSource() = default;
  /// Puts the data files, as they come, below `folder`, which is empty; the folder around it
  /// belongs to the same scrape and may hold what a source needs for itself.
  virtual Result<FetchedCompetition> fetch(const v1::CompetitionRequest& request,
                                           const std::filesystem::path& folder,
                                           const FetchControl& control) = 0;
};

/// Whether somebody still waits for the scrape of a job. Thread-safe.
class JobWatch {
 public:
  virtual ~JobWatch() = default;
  /// True when the job was cancelled or has ended; false also when nothing is known.
  virtual bool is_over(std::string_view job_id) = 0;
  /// True when the job's competition has been scraped already, so that a repeat costs nothing.
  virtual Result<bool> is_scraped(const v1::Event& requested) = 0;
  /// What an earlier job's competition was found to be; nullopt when that is not known (any more).
  virtual Result<std::optional<v1::Scraped>> scraped_of(const std::string& job_id) = 0;
};

}  // namespace podium::scraper
