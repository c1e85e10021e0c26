#include "services/codegen/bench/simulation.hpp"

#include <algorithm>
#include <format>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "services/codegen/bench/world.hpp"
#include "services/codegen/commands.hpp"
#include "services/codegen/search_policy.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen::bench {
namespace {

constexpr TimePoint kStart{std::chrono::seconds{1'800'000'000}};
/// What fetching the competition takes.
constexpr std::chrono::seconds kScraping{15};
/// No job needs so many events; more means that the search spins.
constexpr int kStepsMax = 100'000;

class Simulation {
 public:
  Simulation(const Landscape& landscape, const SearchPolicy& policy, std::uint32_t workers,
             std::uint64_t seed)
      : world_{landscape, seed}, policy_{policy} {
    const auto budget = landscape_of_job(landscape, seed).budget;
    auto event = event_at(kStart);
    event.set_job_id(std::format("simulated-{}-{}", landscape.name, seed));
    auto& options = *event.mutable_requested()->mutable_options();
    options.set_time_seconds_max(budget.seconds);
    options.set_candidates_max(budget.candidates);
    options.set_parallel_candidates_max(workers);
    *event.mutable_requested()->mutable_created_at() = to_proto(kStart);
    state_ = initial_state(event);
    state_.mutable_settings()->set_models(true);
    auto scraped = event_at(kStart + kScraping);
    scraped.mutable_scraped();
    send(std::move(scraped), kStart + kScraping);
  }

  JobResult run() {
    for (int step = 0; step < kStepsMax && !has_ended(state_); ++step) advance();
    return result();
  }

 private:
  struct Delivery {
    TimePoint at;
    std::uint64_t number;
    v1::Event event;
    /// The earliest first.
    bool operator<(const Delivery& other) const {
      return std::tie(at, number) > std::tie(other.at, other.number);
    }
  };

  static v1::Event event_at(TimePoint time) {
    v1::Event event;
    *event.mutable_time() = to_proto(time);
    return event;
  }

  void send(v1::Event event, TimePoint at) { inbox_.emplace(at, ++sent_, std::move(event)); }

  /// The next event, or a tick when one is due before it.
  void advance() {
    const auto due = std::max(wake_at(state_), now_);
    if (inbox_.empty() || due < inbox_.top().at) {
      now_ = due;
    } else {
      now_ = inbox_.top().at;
      note_first_answer(inbox_.top().event);
      state_ = evolve(std::move(state_), inbox_.top().event);
      inbox_.pop();
    }
    v1::Tick tick;
    *tick.mutable_now() = to_proto(now_);
    state_ = evolve(std::move(state_), tick);
    const auto commands = decide(state_, policy_);
    state_ = carry_out(std::move(state_), commands, "");
    for (const auto& item : state_.outbox()) answer(item.publish());
    state_.clear_outbox();
  }

  void answer(const v1::Event& command) {
    if (command.has_draft_requested()) on_draft_requested(command.draft_requested());
    if (command.has_run_ticket()) on_run_ticket(command.run_ticket());
  }

  /// A draft that is asked for again while it is being written is known.
  void on_draft_requested(const v1::DraftRequested& request) {
    const auto key = std::format("{}/{}", request.candidate_id(), request.attempt());
    if (!asked_.insert(key).second) return;
    const auto writing = world_.write(request);
    const auto at = now_ + writing.took;
    auto event = event_at(at);
    tokens_ += writing.tokens;
    if (writing.written) {
      event.mutable_drafted()->set_candidate_id(request.candidate_id());
      event.mutable_drafted()->mutable_code()->set_key(request.candidate_id());
      event.mutable_drafted()->set_tokens(writing.tokens);
    } else {
      event.mutable_draft_failed()->set_candidate_id(request.candidate_id());
      event.mutable_draft_failed()->set_attempt(request.attempt());
    }
    send(std::move(event), at);
  }

  void on_run_ticket(const v1::RunTicket& ticket) {
    if (!asked_.insert(ticket.run_id()).second) return;
    const auto longest = std::chrono::seconds{ticket.limits().wall_seconds_max()};
    const auto running = world_.run(ticket.candidate_id(), longest);
    const auto at = now_ + running.took;
    auto event = event_at(at);
    auto& executed = *event.mutable_executed();
    executed.set_run_id(ticket.run_id());
    executed.set_candidate_id(ticket.candidate_id());
    executed.set_attempt(ticket.attempt());
    executed.set_outcome(running.outcome);
    executed.set_wall_seconds(std::chrono::duration<double>(running.took).count());
    if (running.outcome == v1::RUN_OUTCOME_OK) {
      executed.mutable_verdict()->set_accepted(true);
      executed.mutable_submission()->set_key(ticket.candidate_id());
      *executed.mutable_score() = running.score;
    }
    send(std::move(event), at);
  }

  void note_first_answer(const v1::Event& event) {
    if (!event.executed().verdict().accepted() || answered_) return;
    answered_ = true;
    first_answer_ = now_;
  }

  JobResult result() const {
    using Seconds = std::chrono::duration<double>;
    JobResult result;
    result.seconds = Seconds{now_ - kStart}.count();
    result.first_answer_seconds = Seconds{(answered_ ? first_answer_ : now_) - kStart}.count();
    result.candidates = static_cast<std::uint32_t>(state_.candidates_size());
    result.tokens = tokens_;
    for (const auto& candidate : state_.candidates()) {
      if (!candidate.accepted()) continue;
      const double regret = world_.regret_of(world_.quality_of(candidate.id()));
      result.regret_of_best = std::min(result.regret_of_best, regret);
    }
    result.answered = state_.ended().status() == v1::JOB_STATUS_SUCCESS;
    if (!result.answered) return result;
    result.regret = world_.regret_of(world_.quality_of(state_.ended().best_candidate_id()));
    return result;
  }

  World world_;
  const SearchPolicy& policy_;
  v1::SearchState state_;
  TimePoint now_ = kStart;
  std::priority_queue<Delivery> inbox_;
  std::uint64_t sent_ = 0;
  std::set<std::string> asked_;
  std::uint64_t tokens_ = 0;
  bool answered_ = false;
  TimePoint first_answer_;
};

}  // namespace

JobResult simulate(const Landscape& landscape, const SearchPolicy& policy, std::uint32_t workers,
                   std::uint64_t seed) {
  return Simulation{landscape, policy, workers, seed}.run();
}

}  // namespace podium::codegen::bench
