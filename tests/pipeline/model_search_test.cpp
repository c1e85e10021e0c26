// Searches with a language model, played by the stand-in: what is asked, kept, paid and obeyed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include "tests/pipeline/model_standin.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kJobMax = 400s;

json answering(const std::string& name) {
  return {{"answers", name}};
}

class ModelSearch : public ::testing::Test {
 protected:
  explicit ModelSearch(const std::string& policy = "balanced")
      : stack_{environment(standin_, policy)} {}

  static std::map<std::string, std::string> environment(const ModelStandin& standin,
                                                        const std::string& policy) {
    auto environment = standin.environment();
    environment["PODIUM_SEARCH_POLICY"] = policy;
    return environment;
  }

  /// The candidates of a job that has ended, once the projection has all of them.
  json candidates_of(const std::string& job) {
    json shown = json::array();
    wait_until(
        [&] {
          const auto answer = stack_.call("GET", "/jobs/" + job);
          if (!answer || answer->status != 200) return false;
          shown = json::parse(answer->body).value("candidates", json::array());
          return std::ranges::none_of(shown, [](const auto& one) {
            const auto status = one.value("status", "");
            return status == "drafting" || status == "drafted" || status == "running";
          });
        },
        10s);
    return shown;
  }
  std::int64_t calls() { return standin_.counts().at("calls").get<std::int64_t>(); }

  ModelStandin standin_{answering("good")};
  Stack stack_;
};

/// Mends what is broken as soon as there are five drafts, however well others do.
class GreedyModelSearch : public ModelSearch {
 protected:
  GreedyModelSearch() : ModelSearch{"greedy"} {}
};

TEST_F(ModelSearch, TheBuiltinAnswersFirstAndTheModelsExchangeIsKept) {
  const auto job = stack_.run_job({{"url", "titanic"}, {"max_candidates", 3}});
  const auto status = stack_.wait_for_end(job, kJobMax);
  ASSERT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  const auto shown = candidates_of(job);
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown.at(0).at("generator"), "builtin");
  EXPECT_EQ(shown.at(1).at("generator"), "model");
  EXPECT_EQ(shown.at(1).at("outcome"), "ok") << shown.dump(1);
  EXPECT_THAT(stack_.artifacts_of(job, "c2"),
              ::testing::IsSupersetOf(
                  {"plan.md", "prompt.md", "reply.md", "requirements.txt", "solution.py"}));
  EXPECT_THAT(stack_.artifact(job, "c2", "prompt.md"), ::testing::HasSubstr("PassengerId"));
}

TEST_F(GreedyModelSearch, ABrokenProgramIsMendedWithItsOutput) {
  standin_.play({{"rules", {{{"when", {{"prompt_contains", "Traceback"}}}, {"answers", "good"}}}},
                 {"answers", "crashes"}});
  const auto job = stack_.run_job({{"url", "titanic"}, {"max_candidates", 8}});
  ASSERT_EQ(stack_.wait_for_end(job, kJobMax).at("status"), "success") << stack_.logs();
  const auto shown = candidates_of(job);
  const auto mended = std::ranges::find_if(shown, [](const auto& one) {
    return one.at("kind") == "debug" && one.at("outcome") == "ok";
  });
  EXPECT_NE(mended, shown.end()) << shown.dump(1);
}

TEST_F(ModelSearch, TokensArePassedByAtMostTheCallsInFlight) {
  const auto job = stack_.run_job(
      {{"url", "titanic"}, {"max_candidates", 5}, {"max_tokens", 6'000}, {"parallel", 1}});
  const auto status = stack_.wait_for_end(job, kJobMax);
  ASSERT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  const auto counts = standin_.counts();
  const auto paid = counts.at("input_tokens").get<std::int64_t>() +
                    counts.at("output_tokens").get<std::int64_t>();
  EXPECT_GT(paid, 0);
  EXPECT_LE(paid, 6'000) << "one call at a time is asked for no more than is left";
  EXPECT_EQ(candidates_of(job).size(), 5U) << "the built-in generator goes on";
}

TEST_F(ModelSearch, AModelThatNeverAnswersDoesNotHoldTheJob) {
  standin_.play(answering("hangs"));
  const auto begin = std::chrono::steady_clock::now();
  const auto job = stack_.run_job({{"url", "titanic"}, {"max_time", "45s"}, {"max_candidates", 3}});
  const auto status = stack_.wait_for_end(job, 60s);
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  EXPECT_LT(took, 45s + 5s);
}

TEST_F(ModelSearch, ARefusedKeyLeavesTheBuiltinGenerator) {
  standin_.play(answering("unauthenticated"));
  const auto job = stack_.run_job({{"url", "titanic"}, {"max_candidates", 3}});
  ASSERT_EQ(stack_.wait_for_end(job, kJobMax).at("status"), "success") << stack_.logs();
  for (const auto& one : candidates_of(job)) EXPECT_EQ(one.at("outcome"), "ok") << one.dump(1);
  EXPECT_EQ(calls(), 1) << "a refused key is not tried again for the job";
}

TEST_F(ModelSearch, NonsenseIsAnOutcomeNotACrash) {
  standin_.play({{"answers",
                  {"no_code", "wrong_language", "truncated", "bidi", "refusal", "empty",
                   "echoed_injection", "ellipsis", "opens_network", "sleeps"}},
                 {"then", "cycle"}});
  const auto job = stack_.run_job({{"url", "titanic"}, {"max_candidates", 6}});
  const auto status = stack_.wait_for_end(job, kJobMax);
  EXPECT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  EXPECT_EQ(stack_.events_of(job, "ended"), 1);
}

}  // namespace
}  // namespace podium::testing
