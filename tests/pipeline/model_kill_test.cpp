// kill -9 of codegen at random points while a model is asked: nothing is paid twice but the calls
// in flight, nothing is lost, one end.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/pipeline/model_standin.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr int kKills = 3;
constexpr int kParallel = 2;
constexpr int kCandidates = 5;

unsigned seed() {
  const char* given = std::getenv("PODIUM_TEST_SEED");
  const unsigned chosen =
      given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
  std::cout << "PODIUM_TEST_SEED=" << chosen << '\n';
  return chosen;
}

class ModelKill : public ::testing::Test {
 protected:
  std::int64_t calls() { return standin_.counts().at("calls").get<std::int64_t>(); }

  /// Replies that the store has, of all candidates of the job.
  std::int64_t replies(const std::string& job) const {
    std::int64_t found = 0;
    for (int candidate = 1; candidate <= kCandidates; ++candidate) {
      for (const auto& name : stack_.artifacts_of(job, "c" + std::to_string(candidate))) {
        if (name.starts_with("reply-")) ++found;
      }
    }
    return found;
  }

  /// The next kill falls between the beginning of a call and a little after its answer.
  void kill_after_some_of_a_call() {
    const auto before = calls();
    wait_until([&] { return calls() > before; }, 90s);
    const auto events = stack_.messages("JOBS");
    std::bernoulli_distribution while_it_is_answered{0.5};
    if (!while_it_is_answered(random_)) {
      wait_until([&] { return stack_.messages("JOBS") > events; }, 30s);
    }
    stack_.kill("codegen");
    stack_.start("codegen");
  }

  ModelStandin standin_{{{"answers", {{{"answer", "good"}, {"bytes_per_second", 1500}}}}}};
  Stack stack_{standin_.environment()};
  std::mt19937 random_{seed()};
};

TEST_F(ModelKill, CodegenKilledDuringModelCallsPaysAtMostForThoseInFlight) {
  const auto job = stack_.run_job({{"url", "titanic"},
                                   {"max_candidates", kCandidates},
                                   {"parallel", kParallel},
                                   {"max_time", "15m"}});
  for (int kill = 0; kill < kKills; ++kill) {
    const auto status = stack_.status(job);
    if (status.is_object() && status.value("status", "") != "running") break;
    kill_after_some_of_a_call();
  }
  const auto status = stack_.wait_for_end(job, 600s);
  ASSERT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  EXPECT_EQ(stack_.events_of(job, "ended"), 1);
  EXPECT_GT(replies(job), 0);
  EXPECT_LE(calls(), replies(job) + kKills * kParallel) << "a stored reply was paid again";
}

}  // namespace
}  // namespace podium::testing
