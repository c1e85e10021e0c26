#include "libs/chassis/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/version.hpp"

namespace podium {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountersAddUpPerLabel) {
  count("podium_test_events_total", {{"type", "a"}});
  count("podium_test_events_total", {{"type", "a"}}, 2);
  count("podium_test_events_total", {{"type", "b"}});
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_events_total{type=\"a\"} 3"));
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_events_total{type=\"b\"} 1"));
}

TEST(Metrics, GaugesAreSetAndMoved) {
  gauge("podium_test_level", 5);
  gauge_add("podium_test_level", -2);
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_level 3"));
}

TEST(Metrics, HistogramsHaveBucketsFromMillisecondsToAnHour) {
  observe_seconds("podium_test_duration_seconds", 0.004, {{"stage", "x"}});
  observe_seconds("podium_test_duration_seconds", 1'700, {{"stage", "x"}});
  const std::string text = metrics_text();
  EXPECT_THAT(text, HasSubstr("podium_test_duration_seconds_bucket{stage=\"x\",le=\"0.005\"} 1"));
  EXPECT_THAT(text, HasSubstr("podium_test_duration_seconds_bucket{stage=\"x\",le=\"1800\"} 2"));
  EXPECT_THAT(text, HasSubstr("podium_test_duration_seconds_count{stage=\"x\"} 2"));
}

TEST(Metrics, SayWhichProgramThisIs) {
  EXPECT_THAT(metrics_text(), HasSubstr("podium_build_info{"));
  EXPECT_THAT(metrics_text(), HasSubstr("version=\"" + std::string{version()} + "\""));
}

TEST(Metrics, CarryTheHelpTextOfTheTable) {
  gauge("podium_sandboxes_active", 0);
  EXPECT_THAT(metrics_text(), HasSubstr("# HELP podium_sandboxes_active Sandboxes that exist."));
}

TEST(Metrics, IgnoreANameInUseForAnotherKindOrThatIsNone) {
  count("podium_test_kind_total");
  gauge("podium_test_kind_total", 5);
  count("no metric name");
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_kind_total 1"));
  EXPECT_THAT(metrics_text(), Not(HasSubstr("no metric name")));
}

TEST(Metrics, EscapeLabelValues) {
  count("podium_test_escape_total", {{"value", "a\"b\nc"}});
  EXPECT_THAT(metrics_text(), HasSubstr(R"(value="a\"b\nc")"));
}

TEST(Metrics, LoseNothingFromSeveralThreads) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        for (int n = 0; n < 1'000; ++n) count("podium_test_threads_total", {{"k", "v"}});
      });
    }
  }
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_threads_total{k=\"v\"} 4000"));
}

}  // namespace
}  // namespace podium
