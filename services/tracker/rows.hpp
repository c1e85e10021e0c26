// The projection's rows, as schemas/sql has them, and the set of them that a batch of events
// touches. Values only; what they mean is said at the views in schemas/sql/R__views.sql.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/tracker/moment.hpp"

namespace podium::tracker {

/// A place in the archive: generation of the stream, and sequence in it.
struct Position {
  Moment stream_created;
  std::int64_t sequence = 0;
  auto operator<=>(const Position&) const = default;
};

struct ScoreColumns {
  std::optional<std::string> metric;
  std::optional<double> value;
  std::optional<std::string> direction;
  std::optional<double> spread;
  std::optional<std::int64_t> folds;
  std::optional<std::string> kind;
};

struct SubmissionColumns {
  std::optional<std::string> key;
  std::optional<std::string> sha256;
  std::optional<std::int64_t> bytes;
};

struct LeaderboardColumns {
  std::optional<std::string> reference;
  std::optional<double> score;
  std::optional<std::int64_t> rank;
  std::optional<std::int64_t> teams;
};

/// How the job's submission came to Kaggle; `status` is empty when nobody asked for it.
struct SubmitColumns {
  std::optional<std::string> status;
  std::optional<std::string> reason_code;
  std::optional<std::string> message;
  std::optional<std::string> next_step;
  std::optional<Moment> submitted_at;
  std::optional<Moment> scored_at;
};

struct ModelUseColumns {
  std::optional<std::string> model;
  std::int64_t calls = 0;
  std::int64_t input_tokens = 0;
  std::int64_t cached_tokens = 0;
  std::int64_t output_tokens = 0;
  bool cost_unknown = false;
};

struct JobRow {
  std::string id;
  std::string tenant;
  std::string slug;
  std::string kaggle_url;
  std::optional<std::string> folder_sha256;
  std::optional<std::string> request_sha256;
  std::optional<std::string> idempotency_key;
  std::string options = "{}";
  std::int64_t priority = 0;
  std::optional<std::string> trace_id;
  Moment created_at;
  std::optional<Moment> started_at;
  std::optional<Moment> completed_at;
  Moment updated_at;
  std::optional<Moment> deadline;
  std::optional<Moment> cancel_requested_at;
  std::optional<std::string> competition_title;
  std::optional<std::string> competition_source;
  std::optional<std::string> competition_summary;
  std::optional<Moment> competition_deadline;
  std::optional<std::string> task_kind;
  std::optional<std::string> metric_name;
  std::optional<std::string> metric_key;
  std::optional<std::string> metric_direction;
  std::string warnings = "[]";
  std::string status;
  std::string stage;
  std::int64_t progress = 0;
  std::optional<std::string> phase;
  std::optional<std::int64_t> phase_done;
  std::optional<std::int64_t> phase_total;
  std::optional<std::string> phase_unit;
  std::optional<std::string> phase_detail;
  std::optional<std::string> reason_code;
  std::optional<std::string> message;
  std::optional<std::string> next_step;
  std::optional<std::string> best_candidate_id;
  ScoreColumns score;
  SubmissionColumns submission;
  LeaderboardColumns leaderboard;
  std::optional<std::string> sandbox_name;
  std::optional<std::int64_t> candidates_max;
  std::int64_t candidates = 0;
  std::int64_t candidates_done = 0;
  std::int64_t candidates_accepted = 0;
  std::int64_t drafts_open = 0;
  std::int64_t runs_open = 0;
  std::int64_t runs = 0;
  std::int64_t tokens = 0;
  std::int64_t cost_micro_usd = 0;
  Position last;
  SubmitColumns submit;
};

struct CandidateRow {
  std::string job_id;
  std::string id;
  std::int64_t number = 0;
  std::string kind;
  std::optional<std::string> parent_id;
  std::string generator;
  std::int64_t attempt = 0;
  std::string status;
  std::optional<std::string> outcome;
  bool accepted = false;
  std::optional<std::string> reason_code;
  std::optional<std::string> message;
  std::optional<std::string> plan_line;
  std::optional<std::string> code_key;
  std::optional<std::string> plan_key;
  SubmissionColumns submission;
  ScoreColumns score;
  LeaderboardColumns leaderboard;
  std::int64_t tokens = 0;
  std::int64_t cost_micro_usd = 0;
  Moment created_at;
  std::optional<Moment> ended_at;
  Position last;
  std::optional<std::string> second_parent_id;
  ModelUseColumns use;
};

struct RunRow {
  std::string job_id;
  std::string id;
  std::string candidate_id;
  std::int64_t attempt = 0;
  std::optional<std::string> purpose;
  std::string status;
  std::optional<std::string> outcome;
  std::optional<bool> verdict_accepted;
  std::optional<std::string> verdict_code;
  std::optional<std::string> verdict_message;
  std::optional<std::int64_t> verdict_rows;
  std::string verdict_columns = "[]";
  std::string verdict_warnings = "[]";
  std::optional<std::string> message;
  std::optional<std::int64_t> exit_code;
  std::optional<double> wall_seconds;
  std::optional<double> cpu_seconds;
  std::optional<std::int64_t> memory_peak_bytes;
  std::optional<std::int64_t> wall_seconds_max;
  std::optional<std::int64_t> cpu_milli;
  std::optional<std::int64_t> memory_bytes_max;
  ScoreColumns score;
  std::optional<std::string> engine;
  std::optional<std::string> sandbox;
  std::optional<std::string> log_key;
  std::optional<std::string> log_tail;
  std::optional<Moment> started_at;
  std::optional<Moment> ended_at;
  Position last;
};

struct ArtifactRow {
  std::string job_id;
  std::string candidate_id;
  std::string run_id;
  std::string name;
  std::string key;
  std::string sha256;
  std::int64_t bytes = 0;
  Moment created_at;
  Position last;
};

struct AnomalyRow {
  Position at;
  std::string what;
  std::optional<std::string> job_id;
  std::optional<std::string> name;
  std::string detail;
  Moment time;
};

/// Rows of one table by key, with a note of which were changed since they were loaded.
template <typename Key, typename Row>
class RowTable {
 public:
  /// Takes a row as the database has it.
  void load(Key key, Row row) { entries_.insert_or_assign(std::move(key), Entry{std::move(row)}); }
  /// The row, or nullptr.
  const Row* find(const Key& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second.row;
  }
  /// The row, to be changed; a new one when there is none. Stays valid while the table lives.
  Row& change(const Key& key) {
    Entry& entry = entries_[key];
    entry.changed = true;
    return entry.row;
  }
  /// The changed rows, in the order of their keys.
  std::vector<const Row*> changed() const {
    std::vector<const Row*> rows;
    for (const auto& [key, entry] : entries_) {
      if (entry.changed) rows.push_back(&entry.row);
    }
    return rows;
  }

 private:
  struct Entry {
    Row row{};
    bool changed = false;
  };
  std::map<Key, Entry> entries_;
};

/// Job and candidate, or job and run.
using PartKey = std::pair<std::string, std::string>;

/// Job, candidate, run and name.
using ArtifactKey = std::array<std::string, 4>;

/// All rows that a batch reads or changes.
struct RowSet {
  RowTable<std::string, JobRow> jobs;
  RowTable<PartKey, CandidateRow> candidates;
  RowTable<PartKey, RunRow> runs;
  RowTable<ArtifactKey, ArtifactRow> artifacts;
  std::vector<AnomalyRow> anomalies;
  /// Status of each job that ended in this batch, for the metrics.
  std::vector<std::string> ended;
  /// When the rows are made: of events that are long past, no answer is waited for any more.
  Moment now;
};

}  // namespace podium::tracker
