// Kaggle's answers as values, read leniently: fields at their default are left out, int64 may be
// text, lists may be bare arrays, unknown fields are passed over, and errors come in two shapes and
// even with status 200. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/competition/told_facts.hpp"
#include "podium/v1/scrape.pb.h"

namespace podium::scraper {

struct KaggleCompetition {
  /// As Kaggle spells it: a few have capitals.
  std::string slug;
  std::string title;
  std::string url;
  std::string description;
  std::string metric;
  std::optional<google::protobuf::Timestamp> deadline;
  bool entered = false;
  /// Submissions are notebooks; files are refused.
  bool code_only = false;
  bool submissions_disabled = false;
  /// On the leaderboard; 0 when not told.
  std::uint64_t teams = 0;
};

/// Why Kaggle would refuse a submission of ours, known before anything is sent: KAGGLE_NOT_ENTERED,
/// KAGGLE_CODE_ONLY, KAGGLE_CLOSED, each with the page to open. A deadline is no reason: most
/// competitions take late submissions.
std::vector<Error> submission_obstacles(const KaggleCompetition& competition);

struct KaggleFile {
  /// May hold folders: "train/1.png".
  std::string name;
  std::uint64_t bytes = 0;
  /// When it was made, as Kaggle writes it.
  std::string date;
};

struct KaggleFilePage {
  std::vector<KaggleFile> files;
  /// Empty on the last page.
  std::string next;
};

/// What an answer says went wrong.
struct KaggleProblem {
  int status = 0;
  /// Kaggle's own words, cleaned and bounded; empty when there were none.
  std::string message;
};

KaggleCompetition read_competition(const nlohmann::json& answer);
/// The competitions of a list, in its order.
std::vector<KaggleCompetition> read_competitions(const nlohmann::json& answer);
/// Published pages as they came, HTML or Markdown; not yet read.
std::vector<v1::ForeignPage> read_pages(const nlohmann::json& answer);
KaggleFilePage read_files(const nlohmann::json& answer);
/// Bytes of all files, of an answer to GetCompetitionDataFilesSummary.
std::uint64_t read_total_bytes(const nlohmann::json& answer);

/// What is wrong with an answer of this status; nullopt when nothing is. A body that says `code`
/// 400 or more is an error whatever the status.
std::optional<KaggleProblem> problem_in(int status, std::string_view body);

/// Kaggle's status and words in one sentence for a person.
std::string quoted(const KaggleProblem& problem);

/// The reason for a person: KAGGLE_AUTH, KAGGLE_RULES, KAGGLE_NOT_ENTERED, COMPETITION_NOT_FOUND,
/// KAGGLE_RATE_LIMITED, or SCRAPE_FAILED with Kaggle's words. `slug` names the page to open.
Error reason_of(const KaggleProblem& problem, std::string_view slug);

}  // namespace podium::scraper
