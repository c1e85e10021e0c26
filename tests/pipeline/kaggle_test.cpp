// A Kaggle URL through the whole of Podium, with the stand-in for Kaggle in its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <format>

#include "tests/pipeline/span_collector.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Lt;

constexpr auto kJobMax = 240s;
const std::string kUrl = "https://www.kaggle.com/competitions/titanic";
/// A token of its own, so that finding it anywhere means a leak.
const std::string kToken = KaggleStandin::token() + "-canary-4711";

constexpr std::uint64_t kBytesPerSecond = 6'000;

class KaggleJob : public ::testing::Test {
 protected:
  /// Stops the services, so that each exports its last spans.
  void expect_no_span_with_the_token() {
    for (const auto& service : kServices) stack_.process(service).signal(SIGTERM);
    for (const auto& service : kServices) EXPECT_TRUE(stack_.process(service).wait(15s)) << service;
    const auto spans = collector_.received();
    for (const auto* service : {"podium-gateway", "podium-scraper", "podium-executor"}) {
      EXPECT_TRUE(spans.contains(service)) << service;
    }
    EXPECT_FALSE(spans.contains(kToken));
  }

  /// What people see of a download that takes a while, from Kaggle to the gateway's event stream.
  void expect_a_rate_was_told(const std::string& job) {
    std::uint64_t rate = 0;
    for (const auto& event : stack_.job_events(job)) {
      rate = std::max<std::uint64_t>(rate, event.progressed().bytes_per_second());
    }
    EXPECT_THAT(rate, AllOf(Gt(kBytesPerSecond / 2), Lt(kBytesPerSecond * 2)));
    const auto told = stack_.call("GET", "/jobs/" + job + "/events");
    ASSERT_TRUE(told);
    EXPECT_THAT(told->body, HasSubstr(std::format(R"("bytes_per_second":"{}")", rate)));
  }

  KaggleStandin kaggle_;
  SpanCollector collector_;
  Stack stack_{{{"PODIUM_OFFLINE", "0"},
                {"PODIUM_KAGGLE_URL", kaggle_.api_url()},
                {"PODIUM_KAGGLE_STORAGE_HOSTS", kaggle_.storage_host()},
                {"PODIUM_REUSE_WINNERS", "0"},
                {"OTEL_EXPORTER_OTLP_ENDPOINT", collector_.url()},
                {"KAGGLE_API_TOKEN", kToken}}};
};

TEST_F(KaggleJob, AUrlBecomesACheckedSubmissionAndTheTokenStaysWhereItBelongs) {
  kaggle_.fault({{"fault", "slow"},
                 {"bytes_per_second", kBytesPerSecond},
                 {"on", {{"route", "storage.download"}}}});
  const auto job = stack_.run_job({{"kaggle_url", kUrl}, {"max_candidates", 1}});
  // Wait until it fetches: the other one finds it at that.
  ASSERT_TRUE(wait_until([&] { return kaggle_.calls_of("storage.download") == 1; }, 60s));
  const auto beside = stack_.run_job({{"kaggle_url", kUrl}, {"max_candidates", 1}});
  const auto status = stack_.wait_for_end(job, kJobMax);
  EXPECT_EQ(stack_.wait_for_end(beside, kJobMax).at("status"), "success");
  ASSERT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  EXPECT_EQ(status.at("competition_source"), "kaggle");
  const auto file = stack_.call("GET", "/result/" + job + "/submission.csv");
  ASSERT_TRUE(file);
  EXPECT_EQ(std::ranges::count(file->body, '\n'), 420);
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 1) << "for both jobs";
  EXPECT_EQ(kaggle_.counts().at("leaks"), 0);
  expect_a_rate_was_told(job);
  EXPECT_THAT(stack_.places_with(kToken), IsEmpty());
  // The search itself finds what is there, in every kind of place.
  EXPECT_THAT(
      stack_.places_with(job),
      IsSupersetOf({std::string{"log of executor"}, "podium.jobs." + job + ".scraped in JOBS",
                    "$KV.searches." + job + " in KV_searches", std::string{"table podium.events"},
                    std::string{"table podium.jobs"}, "GET /status/" + job,
                    "GET /jobs/" + job + "/events"}));
  expect_no_span_with_the_token();
}

TEST_F(KaggleJob, RulesThatNobodyAcceptedEndTheJobAtOnceWithThePageToOpen) {
  kaggle_.change("titanic", {{"access", "rules_not_accepted"}});
  const auto job = stack_.run_job({{"kaggle_url", kUrl}});
  const auto status = stack_.wait_for_end(job, 60s);
  EXPECT_EQ(status.at("status"), "failed");
  EXPECT_THAT(status.at("reason_code"), ::testing::AnyOf("KAGGLE_RULES", "KAGGLE_NOT_ENTERED"));
  EXPECT_THAT(status.at("message").get<std::string>(), HasSubstr(kUrl));
  EXPECT_FALSE(status.at("next_step").get<std::string>().empty());
  EXPECT_THAT(stack_.places_with(kToken), IsEmpty());
}

}  // namespace
}  // namespace podium::testing
