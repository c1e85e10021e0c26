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

constexpr Metric kEvents{"podium_test_events_total", "Events."};
constexpr Metric kLevel{"podium_test_level", "How high it is."};
constexpr Metric kDuration{"podium_test_duration_seconds", "Time."};
constexpr Metric kKind{"podium_test_kind_total", "A counter and no gauge."};
constexpr Metric kEscape{"podium_test_escape_total", "Labels that need care."};
constexpr Metric kThreads{"podium_test_threads_total", "Counts of several threads."};

TEST(Metrics, CountersAddUpPerLabel) {
  count(kEvents, {{"type", "a"}});
  count(kEvents, {{"type", "a"}}, 2);
  count(kEvents, {{"type", "b"}});
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_events_total{type=\"a\"} 3"));
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_events_total{type=\"b\"} 1"));
}

TEST(Metrics, GaugesAreSetAndMoved) {
  gauge(kLevel, 5);
  gauge_add(kLevel, -2);
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_level 3"));
}

TEST(Metrics, HistogramsHaveBucketsFromMillisecondsToAnHour) {
  observe_seconds(kDuration, 0.004, {{"stage", "x"}});
  observe_seconds(kDuration, 1'700, {{"stage", "x"}});
  const std::string text = metrics_text();
  EXPECT_THAT(text, HasSubstr("podium_test_duration_seconds_bucket{stage=\"x\",le=\"0.005\"} 1"));
  EXPECT_THAT(text, HasSubstr("podium_test_duration_seconds_bucket{stage=\"x\",le=\"1800\"} 2"));
  EXPECT_THAT(text, HasSubstr("podium_test_duration_seconds_count{stage=\"x\"} 2"));
}

TEST(Metrics, SayWhichProgramThisIs) {
  EXPECT_THAT(metrics_text(), HasSubstr("podium_build_info{"));
  EXPECT_THAT(metrics_text(), HasSubstr("version=\"" + std::string{version()} + "\""));
}

TEST(Metrics, CarryTheirHelpText) {
  gauge(kLevel, 0);
  EXPECT_THAT(metrics_text(), HasSubstr("# HELP podium_test_level How high it is."));
}

TEST(Metrics, IgnoreANameInUseForAnotherKindOrThatIsNone) {
  count(kKind);
  gauge(kKind, 5);
  count({.name = "no metric name", .help = ""});
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_kind_total 1"));
  EXPECT_THAT(metrics_text(), Not(HasSubstr("no metric name")));
}

TEST(Metrics, EscapeLabelValues) {
  count(kEscape, {{"value", "a\"b\nc"}});
  EXPECT_THAT(metrics_text(), HasSubstr(R"(value="a\"b\nc")"));
}

TEST(Metrics, LoseNothingFromSeveralThreads) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        for (int n = 0; n < 1'000; ++n) count(kThreads, {{"k", "v"}});
      });
    }
  }
  EXPECT_THAT(metrics_text(), HasSubstr("podium_test_threads_total{k=\"v\"} 4000"));
}

}  // namespace
}  // namespace podium
