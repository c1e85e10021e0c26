// kill -9 of codegen while a model is asked, at random points and at each step of a call: nothing
// is paid twice but the calls in flight, nothing is lost, one end.
#include <gtest/gtest.h>

#include <algorithm>
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

  bool has(const std::string& job, const std::string& candidate, const std::string& prefix) const {
    return std::ranges::any_of(stack_.artifacts_of(job, candidate),
                               [&](const auto& name) { return name.starts_with(prefix); });
  }

  /// As soon as the candidate has such an artifact.
  void kill_at(const std::string& job, const std::string& candidate, const std::string& prefix) {
    ASSERT_TRUE(wait_until([&] { return has(job, candidate, prefix); }, 240s))
        << candidate << " got no " << prefix << stack_.logs();
    stack_.kill("codegen");
    stack_.start("codegen");
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

// Of three candidates with models the last blends the first two: c2 is a draft, c3 the ensemble.
TEST_F(ModelKill, CodegenKilledAtEachStepOfADraftAndOfAnEnsembleLosesAndRepeatsNothing) {
  const auto job = stack_.run_job(
      {{"url", "titanic"}, {"max_candidates", 3}, {"parallel", 1}, {"max_time", "15m"}});
  for (const auto* candidate : {"c2", "c3"}) {
    kill_at(job, candidate, "prompt-");  // the prompt is stored, the call is made or about to be
    kill_at(job, candidate, "reply-");   // it is answered, the event may not be out
  }
  const auto status = stack_.wait_for_end(job, 600s);
  ASSERT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  EXPECT_EQ(stack_.events_of(job, "ended"), 1);
  EXPECT_EQ(stack_.events_of(job, "drafted"), 3);
  EXPECT_EQ(stack_.events_of(job, "executed"), 3);
  EXPECT_LE(calls(), replies(job) + 2) << "only the two calls in flight may be paid again";
}

}  // namespace
}  // namespace podium::testing
