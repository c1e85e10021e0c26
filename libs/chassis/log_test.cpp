#include "libs/chassis/log.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace podium {
namespace {

using nlohmann::json;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStdout;

// What `action` logs, one parsed object a line.
template <typename Action>
std::vector<json> lines_of(const Action& action) {
  CaptureStdout();
  action();
  std::istringstream text{GetCapturedStdout()};
  std::vector<json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
  return lines;
}

class Log : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(start_log("tested", "info")); }
};

TEST_F(Log, WritesOneObjectALineWithTheKindOfEachField) {
  const auto lines = lines_of(
      [] { log_info("it happened", {{"text", "a"}, {"whole", 7}, {"real", 0.5}, {"yes", true}}); });
  ASSERT_EQ(lines.size(), 1U);
  const json& line = lines.front();
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["service"], "tested");
  EXPECT_EQ(line["msg"], "it happened");
  EXPECT_EQ(line["text"], "a");
  EXPECT_EQ(line["whole"], 7);
  EXPECT_EQ(line["real"], 0.5);
  EXPECT_EQ(line["yes"], true);
  EXPECT_EQ(line["ts"].get<std::string>().size(), std::string{"2026-11-22T08:30:51.123Z"}.size());
  EXPECT_FALSE(line.contains("trace_id"));
}

TEST_F(Log, KeepsQuotesAndLineEndsInsideTheLine) {
  const std::string nasty = "a \"quoted\" \\ line\nand\tanother\r\x01";
  const auto lines = lines_of([&] { log_info(nasty, {{"field", nasty}}); });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front()["msg"], nasty);
  EXPECT_EQ(lines.front()["field"], nasty);
}

TEST_F(Log, ReplacesBytesThatAreNotUtf8) {
  const auto lines = lines_of([] { log_info("bad \xff\xfe byte"); });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front()["msg"], "bad \xEF\xBF\xBD\xEF\xBF\xBD byte");
}

TEST_F(Log, WritesNumbersThatJsonDoesNotHaveAsNull) {
  const auto lines =
      lines_of([] { log_info("odd", {{"n", std::numeric_limits<double>::quiet_NaN()}}); });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines.front()["n"].is_null());
}

TEST_F(Log, CutsATextWithoutBound) {
  const auto lines = lines_of([] { log_info("long", {{"text", std::string(1'000'000, 'x')}}); });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LT(lines.front()["text"].get<std::string>().size(), 20'000U);
}

TEST_F(Log, LeavesOutWhatIsBelowTheLevel) {
  ASSERT_TRUE(start_log("tested", "warning"));
  const auto lines = lines_of([] {
    log_debug("no");
    log_info("no");
    log_warning("yes");
    log_error("yes");
  });
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["level"], "warning");
  EXPECT_EQ(lines[1]["level"], "error");
}

TEST_F(Log, TellsThatALevelDoesNotExist) {
  EXPECT_FALSE(start_log("tested", "loud"));
}

TEST_F(Log, CarriesTheScopeOfItsThreadAndRestoresTheOuterOne) {
  const auto lines = lines_of([] {
    const LogScope outer{"job-1", "trace-1", "span-1"};
    {
      const LogScope inner{"job-2", "trace-2", ""};
      log_info("inner");
    }
    log_info("outer");
    std::thread{[] { log_info("elsewhere"); }}.join();
  });
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["job_id"], "job-2");
  EXPECT_EQ(lines[0]["trace_id"], "trace-2");
  EXPECT_FALSE(lines[0].contains("span_id"));
  EXPECT_EQ(lines[1]["job_id"], "job-1");
  EXPECT_EQ(lines[1]["span_id"], "span-1");
  EXPECT_FALSE(lines[2].contains("job_id"));
}

TEST_F(Log, KeepsLinesOfSeveralThreadsApart) {
  constexpr int kThreads = 4;
  constexpr int kLines = 50;
  const auto lines = lines_of([] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([] {
        for (int n = 0; n < kLines; ++n) log_info("line", {{"n", n}});
      });
    }
  });
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(kThreads * kLines));
}

}  // namespace
}  // namespace podium
