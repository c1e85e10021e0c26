// Reads jobs from the views of the projection (schemas/sql/R__views.sql), the only thing that the
// gateway may see in PostgreSQL. Every call fails with UNAVAILABLE while the database is away;
// after such a failure it is left alone for kDatabaseRest, so that answers stay fast without it.
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"
#include "services/gateway/job_facts.hpp"

namespace podium::gateway {

struct CandidateFacts {
  std::string candidate_id;
  std::string kind;
  std::string parent_id;
  std::string generator;
  std::int64_t attempt = 0;
  std::string status;
  std::string outcome;
  bool accepted = false;
  bool best = false;
  std::string reason_code;
  std::string message;
  std::string plan_line;
  std::optional<ScoreFacts> score;
  std::string created_at;
  std::string ended_at;
  std::string second_parent_id;
  /// Of its newest run, once that has ended.
  std::optional<double> wall_seconds;
  /// What models were asked for it, over all attempts; `model` is the last one asked.
  std::string model;
  std::int64_t calls = 0;
  std::int64_t tokens = 0;
  std::int64_t input_tokens = 0;
  std::int64_t cached_tokens = 0;
  std::int64_t output_tokens = 0;
  /// nullopt when the price of a model is not known.
  std::optional<std::int64_t> cost_micro_usd;
  /// Kaggle's, of the candidate whose submission was sent there.
  std::optional<double> public_score;
  std::optional<std::int64_t> rank;
  std::optional<std::int64_t> teams;
};

struct RunFacts {
  std::string run_id;
  std::string candidate_id;
  std::int64_t attempt = 0;
  std::string purpose;
  std::string status;
  std::string outcome;
  std::string verdict_code;
  std::string message;
  std::optional<double> wall_seconds;
  std::optional<double> cpu_seconds;
  std::optional<std::int64_t> memory_peak_bytes;
  std::optional<ScoreFacts> score;
  std::string sandbox;
  std::string log_key;
  std::string started_at;
  std::string ended_at;
};

struct ArtifactFacts {
  std::string candidate_id;
  std::string run_id;
  std::string name;
  std::string key;
  std::string sha256;
  std::int64_t bytes = 0;
  std::string created_at;
};

/// Which jobs to list; an empty text or nullopt means any.
struct JobFilter {
  std::string tenant;
  std::string status;
  std::string competition;
  std::string id_prefix;
  /// The last job of the page before, as JobPage::next_cursor names it.
  std::string cursor;
  std::int64_t limit = 50;
};

struct JobPage {
  /// Jobs that the filter finds, on all pages.
  std::int64_t total = 0;
  /// Newest first.
  std::vector<JobFacts> jobs;
  /// Empty on the last page.
  std::string next_cursor;
};

/// What models were paid for all jobs of a tenant.
struct SpendingFacts {
  std::string tenant;
  std::int64_t jobs = 0;
  std::int64_t candidates = 0;
  std::int64_t calls = 0;
  std::int64_t tokens = 0;
  std::int64_t input_tokens = 0;
  std::int64_t cached_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cost_micro_usd = 0;
  /// Calls whose price may not be known.
  std::int64_t unpriced_calls = 0;
};

struct StoredEvent {
  std::uint64_t sequence = 0;
  /// podium.v1.Event in protobuf's binary form.
  std::string raw;
};

class JobViews {
 public:
  static constexpr std::chrono::milliseconds kDatabaseRest{1'000};

  explicit JobViews(Database& database);

  Result<std::optional<JobFacts>> find(std::string_view job_id);
  /// INVALID when the cursor is not one.
  Result<JobPage> list(const JobFilter& filter);
  Result<std::vector<CandidateFacts>> candidates(std::string_view job_id);
  /// In the order they were started.
  Result<std::vector<RunFacts>> runs(std::string_view job_id);
  Result<std::vector<ArtifactFacts>> artifacts(std::string_view job_id);

  /// Of one tenant or (empty) of all, by name.
  Result<std::vector<SpendingFacts>> spending(std::string_view tenant);

  /// Last sequence of stream JOBS that the projection knows; 0 before the first.
  Result<std::uint64_t> projected_sequence();
  /// Up to `limit` events after `sequence` in order, of one job or (empty) of all, from the stream
  /// that the projection follows now.
  Result<std::vector<StoredEvent>> events_after(std::string_view job_id, std::uint64_t sequence,
                                                std::int64_t limit);
  /// Jobs that are accepted and have not started.
  Result<std::int64_t> queued_jobs();

 private:
  Result<std::unique_ptr<Rows>> run(std::string_view sql, const std::vector<SqlValue>& values = {});

  Database& database_;
  std::atomic<std::chrono::steady_clock::time_point> rests_until_{};
};

}  // namespace podium::gateway
