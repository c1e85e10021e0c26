// A job as the gateway's JSON tells it, as far as the client shows it. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/outcome.hpp"

namespace podium::cli {

/// Kaggle's.
struct PublicScore {
  double value = 0;
  /// 0 when not known.
  long rank = 0;
  long teams = 0;
};

struct JobStatus {
  std::string job_id;
  std::string status;
  std::string stage;
  std::string competition;
  std::string title;
  std::string source;
  /// "accuracy 0.8215 ± 0.012 (reported)"; empty without a score.
  std::string score;
  std::string best_candidate;
  /// "0.7751, rank 3 of 9", "waiting", "failed KAGGLE_RULES: ..."; empty when nobody asked for it.
  std::string kaggle;
  /// Why it was not sent to Kaggle, what to do about it.
  std::string kaggle_next_step;
  std::string message;
  std::string reason_code;
  std::string next_step;
  std::string progress;
  std::string created_at;
  std::string started_at;
  std::string completed_at;
  std::string sandbox;
  std::string trace_url;
  std::string trace_id;
  bool has_submission = false;
  /// By Kaggle.
  bool is_scored = false;
  long candidates = 0;
  long candidates_done = 0;
  std::vector<std::string> warnings;

  bool ended() const { return status != "queued" && status != "running"; }
};

/// Failure when the body is not a job.
Outcome<JobStatus> parse_job_status(const std::string& body);

struct JobList {
  long total = 0;
  std::vector<JobStatus> jobs;
  std::string next_cursor;
};
Outcome<JobList> parse_job_list(const std::string& body);

/// The exit code that a watch ends with.
Exit exit_of(const JobStatus& job);

/// Aligned lines for a person.
std::string describe(const JobStatus& job, const Console& console);
/// Of the members public_score, rank and teams below `at`; nullopt without a score.
std::optional<PublicScore> public_score_at(const nlohmann::json& object, const std::string& at);
/// "0.7751, rank 3 of 9".
std::string text_of(const PublicScore& score);
/// A table, newest first, with a heading.
std::string describe(const JobList& list, const Console& console);
/// "12 s ago" of an RFC 3339 time; "" when it is none.
std::string age_text(const std::string& time, long long now_seconds);
/// Seconds since 1970 of "2026-11-22T08:30:51.123Z"; nullopt when it is none.
std::optional<double> parse_time(const std::string& text);

}  // namespace podium::cli
