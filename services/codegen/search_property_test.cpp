// Random orders, repetitions, losses and crashes between the steps compare-and-set, publish and
// ack, with two replicas: no job hangs, exceeds its budget, ends twice, or differs between
// replicas.
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <format>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <tuple>

#include "libs/chassis/event.hpp"
#include "services/codegen/decide_stage.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;

/// What a kill -9 looks like from inside: the call does not come back.
struct Crash {};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_{seed} {}
  bool falls(double probability) { return std::bernoulli_distribution{probability}(random_); }
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
  }

 private:
  std::mt19937 random_;
};

constexpr double kCrash = 0.05;

class CrashingStore final : public MemorySearchStore {
 public:
  explicit CrashingStore(Dice& dice) : dice_{dice} {}
  /// Between a read and the write that stands on it anything may happen: `race` does it.
  Result<std::optional<Entry>> get(std::string_view job_id) override {
    auto entry = MemorySearchStore::get(job_id);
    if (race) race();
    return entry;
  }
  Result<std::uint64_t> create(const v1::SearchState& state) override {
    return crashing([&] { return MemorySearchStore::create(state); });
  }
  Result<std::uint64_t> update(const v1::SearchState& state, std::uint64_t revision) override {
    return crashing([&] { return MemorySearchStore::update(state, revision); });
  }
  std::function<void()> race;

 private:
  template <typename Write>
  Result<std::uint64_t> crashing(Write write) {
    if (dice_.falls(kCrash)) throw Crash{};
    auto result = write();
    if (dice_.falls(kCrash)) throw Crash{};
    return result;
  }
  Dice& dice_;
};

/// The broker: keeps what is published once by id while its window remembers, and by subject for
/// ever where the payload says so.
class Broker final : public CommandSink {
 public:
  explicit Broker(Dice& dice) : dice_{dice} {}

  Result<void> publish(const v1::Event& event) override {
    if (dice_.falls(kCrash)) throw Crash{};
    const auto bytes = event.SerializeAsString();
    const auto [known, first] = bytes_by_id_.emplace(event.id(), bytes);
    EXPECT_EQ(known->second, bytes) << "two different decisions under one id: " << event.id();
    const bool window_forgot = dice_.falls(0.1);
    if (first || (window_forgot && !happens_once(event))) stored.push_back(event);
    if (dice_.falls(kCrash)) throw Crash{};
    return {};
  }
  Result<void> remove_ticket(std::uint64_t sequence) override {
    removed_tickets.insert(sequence);
    return {};
  }

  std::deque<v1::Event> stored;  // not yet seen by the workers
  std::set<std::uint64_t> removed_tickets;

 private:
  Dice& dice_;
  std::map<std::string, std::string> bytes_by_id_;
};

class World {
 public:
  explicit World(unsigned seed) : dice_{seed}, store_{dice_}, broker_{dice_} {
    v1::JobOptions options;
    options.set_candidates_max(static_cast<std::uint32_t>(1 + dice_.below(8)));
    options.set_parallel_candidates_max(static_cast<std::uint32_t>(1 + dice_.below(4)));
    others_lose_answers_ = dice_.falls(0.5);
    options.set_time_seconds_max(
        static_cast<std::uint32_t>(others_lose_answers_ ? 60 + dice_.below(3'000) : 1'000'000));
    candidates_max_ = options.candidates_max();
    deadline_ = kStart + std::chrono::seconds{options.time_seconds_max()};
    inbox_ = {requested(options), scraped()};
    if (dice_.falls(0.1)) inbox_.push_back(cancel_requested());
    for (auto& replica : replicas_) restart(replica);
    store_.race = [this] { overtake(); };
  }

  /// One step: something is delivered, or a worker answers, or time passes.
  void step() {
    look_at_what_was_published();
    if (!inbox_.empty() && !dice_.falls(0.05)) return deliver();
    clock_.advance(std::chrono::seconds{1 + dice_.below(30)});
    run_somewhere([](DecideStage& stage) { return stage.tick(kJob); });
  }

  bool settled() {
    look_at_what_was_published();
    return inbox_.empty() && ended_ > 0 && store_.state().outbox_size() == 0;
  }

  void check() const {
    EXPECT_EQ(ended_, 1);
    EXPECT_LE(candidates_.size(), candidates_max_);
    // One more for a run that was out of memory.
    EXPECT_LE(runs_.size(), candidates_max_ * (kRunAttemptsMax + 1));
    EXPECT_LE(ended_at_, deadline_ + 60s);
    if (!others_lose_answers_) {
      EXPECT_LT(ended_at_, deadline_) << "an event was lost";
    }
    EXPECT_EQ(broker_.removed_tickets, (std::set<std::uint64_t>{7}));
    EXPECT_TRUE(has_ended(store_.state()));
  }

 private:
  void restart(std::unique_ptr<DecideStage>& replica) {
    replica = std::make_unique<DecideStage>(store_, broker_, clock_);
  }

  /// True when the handling came back with success.
  template <typename Work>
  bool run_somewhere(Work work) {
    at_work_ = dice_.below(replicas_.size());
    auto& replica = replicas_.at(at_work_);
    try {
      return work(*replica).has_value();
    } catch (const Crash&) {
      restart(replica);
      return false;
    }
  }

  /// The other replica is faster: it handles something while the first one is at it.
  void overtake() {
    if (overtaking_ || inbox_.empty() || !dice_.falls(0.2)) return;
    overtaking_ = true;
    const v1::Event event = inbox_.at(dice_.below(inbox_.size()));
    const auto other = 1 - at_work_;
    try {
      std::ignore = replicas_.at(other)->take(event, "");
    } catch (const Crash&) {
      restart(replicas_.at(other));
    }
    overtaking_ = false;
  }

  void deliver() {
    const auto at = static_cast<std::ptrdiff_t>(dice_.below(inbox_.size()));
    const v1::Event event = *(inbox_.begin() + at);
    const bool done = run_somewhere([&event](DecideStage& stage) { return stage.take(event, ""); });
    const bool acked = !dice_.falls(0.1);
    if (done && acked) inbox_.erase(inbox_.begin() + at);
  }

  /// The other services: they answer, twice, badly, or not at all.
  void look_at_what_was_published() {
    while (!broker_.stored.empty()) {
      const auto event = broker_.stored.front();
      broker_.stored.pop_front();
      if (event.has_draft_requested()) on_draft_requested(event.draft_requested());
      if (event.has_run_ticket()) on_run_ticket(event.run_ticket());
      if (event.has_ended()) {
        ++ended_;
        ended_at_ = clock_.now();
      }
    }
  }

  void on_draft_requested(const v1::DraftRequested& request) {
    candidates_.insert(request.candidate_id());
    if (others_lose_answers_ && dice_.falls(0.1)) return;
    answer(dice_.falls(0.15) ? draft_failed(request.candidate_id(), request.attempt())
                             : drafted(request.candidate_id()));
  }

  void on_run_ticket(const v1::RunTicket& ticket) {
    if (!runs_.insert(ticket.run_id()).second) return;  // executed happens once
    if (others_lose_answers_ && dice_.falls(0.1)) {
      runs_.erase(ticket.run_id());  // the same run may be asked for again
      return;
    }
    const auto outcome = static_cast<v1::RunOutcome>(1 + dice_.below(8));
    const double score = static_cast<double>(dice_.below(100)) / 100;
    answer(executed(ticket.candidate_id(), outcome, score, ticket.attempt()));
  }

  void answer(const v1::Event& event) {
    inbox_.push_back(event);
    if (dice_.falls(0.2)) inbox_.push_back(event);
  }

  Dice dice_;
  ManualClock clock_;
  CrashingStore store_;
  Broker broker_;
  std::array<std::unique_ptr<DecideStage>, 2> replicas_;
  std::deque<v1::Event> inbox_;
  std::set<std::string> candidates_;
  std::set<std::string> runs_;
  std::size_t candidates_max_ = 0;
  TimePoint deadline_;
  TimePoint ended_at_;
  int ended_ = 0;
  bool others_lose_answers_ = false;
  std::size_t at_work_ = 0;
  bool overtaking_ = false;
};

TEST(SearchProperty, EveryJobEndsOnceWithinItsBudgetWhateverIsLostRepeatedOrKilled) {
  constexpr unsigned kSeeds = 1'000;
  constexpr int kStepsMax = 20'000;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(std::format("seed {}", seed));
    World world{seed};
    int steps = 0;
    while (!world.settled() && steps < kStepsMax) {
      world.step();
      ++steps;
    }
    ASSERT_LT(steps, kStepsMax) << "the job hangs";
    world.check();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace podium::codegen
