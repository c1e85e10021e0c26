// What the way from event to event takes, through the real services, broker and database on one
// machine: with every event synced to disk before it is acknowledged (PODIUM_NATS_SYNC=always, the
// default) and without. Both stacks run side by side and take turns, so that what else the machine
// does weighs on both alike. `./podium bench events` runs it; it judges nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <print>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/clock.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::duration<double, std::milli>;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr int kWritesOfARound = 100;
constexpr int kJobsOfARound = 8;
constexpr int kJobsAtOnce = 40;
const nlohmann::json kRequest = {{"url", "titanic"}, {"max_candidates", 1}};

/// One setting of the broker, its stack, and what was measured with it, by name of the figure.
struct Side {
  explicit Side(const std::string& sync)
      : stack{{{"PODIUM_NATS_SYNC", sync}}, {"gateway", "scraper", "codegen", "tracker"}} {
    BusOptions options;
    options.url = stack.nats().url();
    options.user = "admin";
    options.name = "admin";
    options.password = Secret{"nats-admin"};
    bus = Bus::connect(options).value();
  }

  Stack stack;
  std::unique_ptr<Bus> bus;
  std::map<std::string, std::vector<double>> figures;
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

template <typename Write>
void measure_writes(std::vector<double>& figures, Write write) {
  for (int number = 0; number < kWritesOfARound; ++number) {
    const auto begun = Clock::now();
    ASSERT_TRUE(write(number));
    figures.push_back(Milliseconds{Clock::now() - begun}.count());
  }
}

/// The two writes that a decision is made of: the state with its outbox, and an event.
void measure_broker(Side& side, int round) {
  const std::string event(600, 'e');
  const std::string state(6'000, 's');
  measure_writes(side.figures["publish, acknowledged"], [&](int number) {
    const auto subject = std::format("podium.jobs.bench.progressed.{}-{}", round, number);
    return side.bus->publish(subject, event).has_value();
  });
  const auto searches = side.bus->bucket("searches").value();
  auto revision = searches->create(std::format("bench-{}", round), state).value();
  measure_writes(side.figures["compare-and-set of a state"], [&](int) {
    const auto written = searches->update(std::format("bench-{}", round), state, revision);
    revision = written.value_or(0);
    return written.has_value();
  });
}

bool is_drafted(Side& side, const std::string& job) {
  const auto found = side.bus->last_message("JOBS", "podium.jobs." + job + ".drafted.c1");
  return found && found->has_value();
}

/// One job at a time, by the times that the events carry.
void measure_hops(Side& side) {
  for (int number = 0; number < kJobsOfARound; ++number) {
    const auto job = side.stack.run_job(kRequest);
    ASSERT_TRUE(wait_until([&] { return is_drafted(side, job); }, 60s));
    std::map<v1::Event::PayloadCase, std::chrono::system_clock::time_point> at;
    for (const auto& event : side.stack.job_events(job)) {
      at.try_emplace(event.payload_case(), from_proto(event.time()));
    }
    const auto hop = [&](const char* name, v1::Event::PayloadCase from, v1::Event::PayloadCase to) {
      side.figures[name].push_back(Milliseconds{at.at(to) - at.at(from)}.count());
    };
    hop("requested to scraped", v1::Event::kRequested, v1::Event::kScraped);
    hop("scraped to draft_requested", v1::Event::kScraped, v1::Event::kDraftRequested);
    hop("draft_requested to drafted", v1::Event::kDraftRequested, v1::Event::kDrafted);
    side.stack.call("POST", "/jobs/" + job + "/cancel");
  }
}

/// From the first POST until the last job has its program, per job.
void measure_throughput(Side& side) {
  const auto begun = Clock::now();
  std::vector<std::string> jobs;
  for (int number = 0; number < kJobsAtOnce; ++number) jobs.push_back(side.stack.run_job(kRequest));
  for (const auto& job : jobs) {
    ASSERT_TRUE(wait_until([&] { return is_drafted(side, job); }, 120s));
  }
  side.figures[std::format("{} jobs at once, for each", kJobsAtOnce)].push_back(
      Milliseconds{Clock::now() - begun}.count() / kJobsAtOnce);
  for (const auto& job : jobs) side.stack.call("POST", "/jobs/" + job + "/cancel");
}

TEST(EventsBench, WithEveryEventSyncedAndWithout) {
  Side always{"always"};
  Side later{"10s"};
  for (int round = 0; round < kRounds; ++round) {
    for (auto* side : {&always, &later}) {
      measure_broker(*side, round);
      measure_hops(*side);
      measure_throughput(*side);
    }
  }
  std::println("{:<28} {:>12} {:>12} {:>8}", "median, ms", "sync always", "sync 10s", "ratio");
  for (const auto& [name, figures] : always.figures) {
    const double with = median(figures);
    const double without = median(later.figures.at(name));
    std::println("{:<28} {:>12.2f} {:>12.2f} {:>8.2f}", name, with, without, with / without);
  }
}

}  // namespace
}  // namespace podium::testing
