// What the scraper needs from outside. Adapters stand in adapters/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/told_facts.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/event.pb.h"
#include "podium/v1/scrape.pb.h"

namespace podium::scraper {

/// Phases of a scrape, as progress names them. Waiting is for another job that fetches the same;
/// cached is what nobody had to fetch.
inline constexpr std::string_view kFetching = "fetching";
inline constexpr std::string_view kWaiting = "waiting";
inline constexpr std::string_view kCached = "cached";
inline constexpr std::string_view kUnpacking = "unpacking";
inline constexpr std::string_view kProfiling = "profiling";
inline constexpr std::string_view kPacking = "packing";

/// What a door tells of a competition before its data is fetched.
struct DataOffer {
  /// Names it among all competitions: a slug.
  std::string competition;
  /// Hashes of what is told of the files, and of the words; the latter is empty when they could not
  /// be had.
  std::string version;
  std::string told;
};

/// Lets long work report and be stopped. Valid while the call lasts.
struct FetchControl {
  std::stop_token stop;
  /// Told now and then how far it is: phase, done, total (0: unknown).
  std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t total)> on_progress =
      {};
  /// Told of a stranger's file before it is opened.
  std::function<void(std::string_view file)> on_file = {};
  /// Asked before anything is put into the folder, which is there once the answer is yes. An offer
  /// is of data that many jobs may want: the answer may take long, and be false where it is known
  /// already and there is nothing to be fetched.
  std::function<Result<bool>(const std::optional<DataOffer>& offer)> is_wanted = {};
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
  /// belongs to the same scrape and may hold what a source needs for itself. Asks `is_wanted`
  /// before, and puts nothing there and tells nothing when the data is not.
  virtual Result<FetchedCompetition> fetch(const v1::CompetitionRequest& request,
                                           const std::filesystem::path& folder,
                                           const FetchControl& control) = 0;
};

struct PackedFile {
  std::string sha256;
  std::uint64_t bytes = 0;
};

/// The tar that a competition's data travels in.
struct DataTar {
  /// Each file by its path below the folder.
  std::map<std::string, PackedFile> files;
  /// Of all files; the tar itself is a little larger.
  std::uint64_t bytes = 0;
};

/// What was found in a competition's files: the facts, without the reference to the data.
struct ReadData {
  v1::CompetitionFacts facts;
  DataTar tar;
};

/// Reads what strangers sent, away from everything that is worth stealing. Whatever a file brings
/// about is its own error (DATA_UNREADABLE, ARCHIVE_UNSAFE, DATA_TOO_LARGE ...) that names it;
/// UNAVAILABLE when disk or program fail, STOPPED. Thread-safe; repeating is safe in a new folder.
class ForeignReader {
 public:
  virtual ~ForeignReader() = default;
  /// Unpacks `folder`/packed to `folder`/data, reads the facts from it, and packs it as
  /// `folder`/data.tar.
  virtual Result<ReadData> read_data(const std::filesystem::path& folder,
                                     const FetchedCompetition& fetched,
                                     const FetchControl& control) = 0;
  /// Takes apart `folder`/sent.tar, a folder that a person sent: what it tells; its data comes to
  /// `folder`/packed.
  virtual Result<competition::ToldFacts> open_sent(const std::filesystem::path& folder,
                                                   const FetchControl& control) = 0;
  /// Turns pages into text, HTML into Markdown; empty ones are left out. `folder` has room for
  /// what is said meanwhile.
  virtual Result<std::vector<v1::Page>> read_pages(const std::vector<v1::ForeignPage>& pages,
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
  /// Whether the job has ended; nullopt when nothing is known of it.
  virtual Result<std::optional<bool>> has_ended(std::string_view job_id) = 0;
  /// What an earlier job's competition was found to be; nullopt when that is not known (any more).
  virtual Result<std::optional<v1::Scraped>> scraped_of(const std::string& job_id) = 0;
};

/// What acquiring a competition's data came to: it is known, or it is ours to fetch. The right to
/// fetch lasts as long as the object and is given back with it. One thread at a time.
class DataLease {
 public:
  virtual ~DataLease() = default;
  /// What was found when it was fetched; nullptr when it is to be fetched.
  virtual const v1::Scraped* known() const = 0;
  /// Tells everybody who waits, and whoever comes later.
  virtual void finish(const v1::Scraped& scraped) = 0;
  /// The same when the data cannot be used, for a while.
  virtual void refuse(const Error& reason) = 0;
};

/// The data of competitions, shared by jobs and kept within a limit: over all scrapers, each is
/// fetched by one at a time. Thread-safe.
class DataCache {
 public:
  virtual ~DataCache() = default;
  /// Waits while somebody else fetches the same. What is known is noted as used by the job. The
  /// reason for which the data could not be used a moment ago; STOPPED, UNAVAILABLE.
  virtual Result<std::unique_ptr<DataLease>> acquire(const DataOffer& offer,
                                                     const std::string& job_id,
                                                     const FetchControl& control) = 0;
  /// Notes that a job works with stored data, which stays at least until the job has ended; false
  /// when it is not there (any more).
  virtual Result<bool> use(const v1::ArtifactRef& data, const std::string& job_id,
                           const std::stop_token& stop) = 0;
  /// Stores a tar of data, which stays at least until the job has ended.
  virtual Result<v1::ArtifactRef> store(const std::filesystem::path& tar, const std::string& job_id,
                                        const FetchControl& control) = 0;
};

}  // namespace podium::scraper
