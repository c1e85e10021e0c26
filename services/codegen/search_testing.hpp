// For codegen's tests: events as others would send them, stores in memory, a clock set by hand.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/codegen/ports.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen::testing {

inline const std::string kJob = "01890000-0000-7000-8000-000000000001";
inline const TimePoint kStart{std::chrono::seconds{1'800'000'000}};

inline v1::Event event_for(const std::string& job = kJob) {
  v1::Event event;
  event.set_job_id(job);
  event.set_tenant("default");
  *event.mutable_time() = to_proto(kStart);
  return event;
}

inline v1::Event requested(const v1::JobOptions& options = {}, const std::string& job = kJob) {
  auto event = event_for(job);
  *event.mutable_requested()->mutable_options() = options;
  *event.mutable_requested()->mutable_created_at() = to_proto(kStart);
  event.mutable_requested()->set_ticket_sequence(7);
  return event;
}

inline v1::SearchSettings model_settings() {
  v1::SearchSettings settings;
  settings.set_models(true);
  return settings;
}

inline v1::Event scraped(const std::string& job = kJob) {
  auto event = event_for(job);
  event.mutable_scraped()->set_slug("titanic");
  event.mutable_scraped()->mutable_facts()->set_key("sha256/facts");
  return event;
}

inline v1::Event drafted(const std::string& candidate, const std::string& job = kJob) {
  auto event = event_for(job);
  event.set_subject_id(candidate);
  event.mutable_drafted()->set_candidate_id(candidate);
  event.mutable_drafted()->set_attempt(1);
  event.mutable_drafted()->mutable_code()->set_key(job + "/" + candidate + "/solution.py");
  return event;
}

inline v1::Event draft_failed(const std::string& candidate, std::uint32_t attempt,
                              const std::string& job = kJob) {
  auto event = event_for(job);
  event.set_subject_id(candidate);
  event.mutable_draft_failed()->set_candidate_id(candidate);
  event.mutable_draft_failed()->set_attempt(attempt);
  event.mutable_draft_failed()->set_reason_code("DRAFT_FAILED");
  return event;
}

inline v1::Event executed(const std::string& candidate, v1::RunOutcome outcome,
                          std::optional<double> score = std::nullopt, std::uint32_t attempt = 1,
                          const std::string& job = kJob) {
  auto event = event_for(job);
  auto& executed = *event.mutable_executed();
  executed.set_candidate_id(candidate);
  executed.set_attempt(attempt);
  executed.set_run_id(job + "-" + candidate + "-" + std::to_string(attempt));
  event.set_subject_id(executed.run_id());
  executed.set_outcome(outcome);
  executed.set_log_tail("the end of the log");
  if (outcome == v1::RUN_OUTCOME_OK) {
    executed.mutable_verdict()->set_accepted(true);
    executed.mutable_submission()->set_key(job + "/" + candidate + "/submission.csv");
    if (score) {
      executed.mutable_score()->set_metric("accuracy");
      executed.mutable_score()->set_value(*score);
      executed.mutable_score()->set_higher_is_better(true);
    }
  }
  return event;
}

inline v1::Event cancel_requested(const std::string& job = kJob) {
  auto event = event_for(job);
  event.mutable_cancel_requested()->set_who("ada");
  return event;
}

inline v1::Tick tick_at(TimePoint now) {
  v1::Tick tick;
  *tick.mutable_now() = to_proto(now);
  return tick;
}

class ManualClock final : public Clock {
 public:
  TimePoint now() override { return now_; }
  void advance(std::chrono::milliseconds by) { now_ += by; }
  void set(TimePoint now) { now_ = now; }

 private:
  TimePoint now_ = kStart;
};

/// The bucket `searches` in memory, as strict as the real one.
class MemorySearchStore : public SearchStore {
 public:
  Result<std::optional<Entry>> get(std::string_view job_id) override {
    const auto found = entries_.find(std::string{job_id});
    if (found == entries_.end()) return std::nullopt;
    return found->second;
  }
  Result<std::uint64_t> create(const v1::SearchState& state) override {
    if (entries_.contains(state.job_id())) return fail(errors::kConflict, "exists");
    return put(state);
  }
  Result<std::uint64_t> update(const v1::SearchState& state, std::uint64_t revision) override {
    const auto found = entries_.find(state.job_id());
    if (found == entries_.end() || found->second.revision != revision) {
      return fail(errors::kConflict, "changed");
    }
    return put(state);
  }
  const v1::SearchState& state(const std::string& job = kJob) const {
    return entries_.at(job).state;
  }
  std::uint64_t writes() const { return revision_; }

 private:
  std::uint64_t put(const v1::SearchState& state) {
    entries_[state.job_id()] = Entry{state, ++revision_};
    return revision_;
  }
  std::map<std::string, Entry> entries_;
  std::uint64_t revision_ = 0;
};

/// Keeps what was published, every time it was.
class RecordingSink : public CommandSink {
 public:
  Result<void> publish(const v1::Event& event) override {
    published.push_back(event);
    return {};
  }
  Result<void> remove_ticket(std::uint64_t sequence) override {
    removed_tickets.push_back(sequence);
    return {};
  }
  std::vector<v1::Event> published;
  std::vector<std::uint64_t> removed_tickets;
};

}  // namespace podium::codegen::testing
