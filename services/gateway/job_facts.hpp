// What the gateway knows of a job, wherever it was read: the projection's row, the search's state
// or the events themselves. Values only; the functions are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "podium/v1/event.pb.h"
#include "podium/v1/search.pb.h"

namespace podium::gateway {

struct ScoreFacts {
  std::string metric;
  double value = 0;
  /// maximize or minimize.
  std::string direction;
  /// Standard deviation over `folds`; 0 when not told.
  double spread = 0;
  std::int64_t folds = 0;
  /// trusted, reported or leaderboard.
  std::string kind;
};

/// How a job's submission came to Kaggle. Texts are empty when not known.
struct LeaderboardFacts {
  /// waiting, submitted, scored or failed.
  std::string status;
  std::string reference;
  std::optional<double> public_score;
  std::optional<std::int64_t> rank;
  std::optional<std::int64_t> teams;
  std::string submitted_at;
  std::string scored_at;
  std::string reason_code;
  std::string message;
  std::string next_step;
};

/// Texts are empty when not known (yet); times are RFC 3339 in UTC.
struct JobFacts {
  std::string job_id;
  std::string tenant;
  std::string trace_id;
  std::string kaggle_url;
  /// The slug.
  std::string competition_name;
  std::string competition_title;
  /// catalogue, kaggle or folder.
  std::string competition_source;
  /// queued, running, success, failed, timeout or cancelled.
  std::string status;
  std::string stage;
  /// 0 to 100.
  std::int64_t progress = 0;
  /// The step that goes on now, in words.
  std::string activity;
  std::string message;
  std::string next_step;
  std::string reason_code;
  std::string created_at;
  std::string started_at;
  std::string completed_at;
  std::string best_candidate_id;
  std::optional<ScoreFacts> score;
  /// nullopt while nobody asked for it to be submitted.
  std::optional<LeaderboardFacts> leaderboard;
  std::string submission_key;
  std::string submission_sha256;
  std::int64_t submission_bytes = 0;
  std::string sandbox_name;
  std::string log_tail;
  std::int64_t candidates = 0;
  std::int64_t candidates_done = 0;
  std::int64_t candidates_max = 0;
  std::int64_t runs = 0;
  std::int64_t tokens = 0;
  std::int64_t cost_micro_usd = 0;
  std::vector<std::string> warnings;
  /// Of the newest event in this; 0 when not read from the projection.
  std::uint64_t last_sequence = 0;

  bool ended() const { return status != "queued" && status != "running"; }
};

/// Of a job that is accepted and nothing more.
JobFacts facts_of_requested(const v1::Event& requested);
/// Of a job as codegen's decide stage sees it: for the seconds in which the projection is behind,
/// and for the time it is away.
JobFacts facts_of_state(const v1::SearchState& state);
/// Puts the end over what is known: an end never changes again.
void apply_ended(const v1::Ended& ended, std::string_view time, JobFacts& facts);

}  // namespace podium::gateway
