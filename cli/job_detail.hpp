// A job with its candidates and files, as GET /jobs/{id} tells it. Values; the functions are pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/job_status.hpp"
#include "cli/outcome.hpp"

namespace podium::cli {

struct CandidateScore {
  std::string metric;
  double value = 0;
  /// 0 when not told.
  double spread = 0;
  /// trusted, reported or leaderboard.
  std::string kind;
  bool higher_is_better = false;
};

/// Texts are empty when not known.
struct Candidate {
  std::string id;
  std::string kind;
  std::string parent_id;
  std::string second_parent_id;
  std::string generator;
  std::string model;
  std::string status;
  std::string outcome;
  std::string reason_code;
  std::string plan;
  bool accepted = false;
  bool best = false;
  std::optional<CandidateScore> score;
  /// Of its submission, when that was sent.
  std::optional<PublicScore> public_score;
  std::optional<double> seconds;
  long tokens = 0;
  /// nullopt when a price is not known.
  std::optional<double> cost_usd;
  std::string ended_at;
  /// Names of its files.
  std::vector<std::string> files;
};

struct StoredFile {
  std::string name;
  std::string candidate_id;
  std::string run_id;
  double bytes = 0;
  /// Path at the gateway.
  std::string link;
};

struct JobDetail {
  JobStatus job;
  /// In the order they were asked for.
  std::vector<Candidate> candidates;
  std::vector<StoredFile> files;
};

/// Failure when the body is not a job.
Outcome<JobDetail> parse_job_detail(const std::string& body);

/// The candidate of this id, or the best one for "best"; not found otherwise.
Outcome<Candidate> find_candidate(const JobDetail& detail, std::string_view reference);

/// "accuracy 0.8215 ± 0.012 (reported)"; empty without a score.
std::string score_of(const Candidate& candidate);
/// "Kaggle 0.7751, rank 3 of 9"; empty without one.
std::string public_score_of(const Candidate& candidate);
/// "ok", "out of memory", "running", "failed DRAFT_FAILED".
std::string outcome_of(const Candidate& candidate);
/// "9.8 s"; empty when not known.
std::string seconds_of(const Candidate& candidate);
/// "1500"; empty when no model was asked.
std::string tokens_of(const Candidate& candidate);
/// "$0.0025", "?" when a price is not known; empty when no model was asked.
std::string cost_of(const Candidate& candidate);

}  // namespace podium::cli
