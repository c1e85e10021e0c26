// The only place where a job's search moves on and the only one that ends a job. Thin shell around
// the pure functions of search_state and search_policy:
//
//   (1) compare-and-set the new state with its commands in the outbox,
//   (2) publish them, (3) acknowledge.
//
// Every handling first publishes what still stands in the outbox, so a crash between any two steps
// loses nothing and two replicas never publish different decisions. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/result.hpp"
#include "services/codegen/ports.hpp"
#include "services/codegen/tenant_loads.hpp"

namespace podium::codegen {

/// requested, scraped, drafted, executed, cancel_requested ... -> draft_requested, run ticket,
/// ended. Safe to repeat, in any order, from any number of replicas.
class DecideStage {
 public:
  /// `settings` are those of jobs that begin here. Without `earlier` jobs know nothing of those
  /// before them.
  DecideStage(SearchStore& searches, CommandSink& commands, Clock& clock,
              v1::SearchSettings settings = {}, EarlierJobsReader* earlier = nullptr);

  Result<Events> handle(const v1::Event& event, StageContext& context);

  /// Moves a job on because an event says so. `traceparent` becomes the parent of what follows.
  Result<void> take(const v1::Event& event, const std::string& traceparent);
  /// A state as the watch on the searches tells it: what others have open weighs in decisions.
  void observe(const v1::SearchState& state) { loads_.observe(state); }
  /// Moves a job on because time has passed. Success also when the job is not known.
  Result<void> tick(const std::string& job_id);

 private:
  enum class Progress { done, lost_the_race };

  Result<Progress> advance(const std::string& job_id, const v1::Event* event,
                           const std::string& traceparent);
  void recall_earlier_jobs(v1::SearchState& state, const v1::Event& event);
  Result<void> publish_outbox(const v1::SearchState& state, std::uint64_t revision);
  Result<Progress> save(const v1::SearchState& next, std::optional<std::uint64_t> revision);
  void shrink(const v1::SearchState& state, std::uint64_t revision);

  SearchStore& searches_;
  CommandSink& commands_;
  Clock& clock_;
  v1::SearchSettings settings_;
  EarlierJobsReader* earlier_;
  TenantLoads loads_;

  std::mutex mutex_;
  /// Guarded by mutex_: revisions whose outbox this replica has published.
  std::unordered_map<std::string, std::uint64_t> published_;
};

}  // namespace podium::codegen
