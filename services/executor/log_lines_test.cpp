#include "services/executor/log_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "libs/chassis/utf8.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

using testing::ElementsAre;
using Answer = LogGate::Answer;

std::vector<std::string> lines_of(const std::vector<std::string>& pieces) {
  std::vector<std::string> lines;
  const auto keep = [&lines](std::string line) { lines.push_back(std::move(line)); };
  LineSplitter splitter;
  for (const auto& piece : pieces) splitter.feed(piece, keep);
  splitter.finish(keep);
  return lines;
}

TEST(LineSplitter, LinesMayComeInAnyPieces) {
  EXPECT_THAT(lines_of({"on", "e\ntw", "o\n", "three"}), ElementsAre("one", "two", "three"));
}

TEST(LineSplitter, EmptyLinesAreLines) {
  EXPECT_THAT(lines_of({"a\n\nb\n"}), ElementsAre("a", "", "b"));
}

TEST(LineSplitter, ProgressBarsBecomeLines) {
  EXPECT_THAT(lines_of({"10%\r20%\r", "30%\r\ndone\n"}), ElementsAre("10%", "20%", "30%", "done"));
}

TEST(LineSplitter, AGiantLineIsCutAndTheNextOneIsWhole) {
  const auto lines = lines_of({std::string(1'000'000, 'x'), "\nnext\n"});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], std::string(kLogLineBytesMax, 'x') + " [line cut]");
  EXPECT_EQ(lines[1], "next");
}

TEST(LineSplitter, ACutLineEndsWithAWholeCharacter) {
  std::string line = "x";
  while (line.size() < 2 * kLogLineBytesMax) line += "\u00e9";
  const auto lines = lines_of({line + "\n"});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("x\u00e9\u00e9"));
  EXPECT_TRUE(is_utf8(lines[0]));
}

TEST(LineSplitter, AnyBytesBecomeUtf8WithoutControlCharacters) {
  for (const auto& line : lines_of({std::string{"\xff\xfe\0\x1b[31m\x80 red\n", 13}})) {
    EXPECT_TRUE(is_utf8(line));
    EXPECT_FALSE(line.contains('\0'));
    EXPECT_FALSE(line.contains('\x1b'));
  }
}

class LogGateTest : public testing::Test {
 protected:
  Answer ask_at(double seconds, std::size_t bytes = 10) {
    return gate_.ask(bytes, start_ + std::chrono::milliseconds{static_cast<int>(seconds * 1000)});
  }
  const LogGate::Time start_ = LogGate::Time{} + std::chrono::hours{1};
  LogGate gate_;
};

TEST_F(LogGateTest, AUsualProgramPasses) {
  for (int line = 0; line < 1000; ++line) EXPECT_EQ(ask_at(line * 0.1), Answer::pass);
}

TEST_F(LogGateTest, AFloodIsMarkedOnceAndDropped) {
  int passed = 0;
  while (ask_at(0) == Answer::pass) ++passed;
  EXPECT_EQ(passed, static_cast<int>(kLogLinesPerSecondMax));
  for (int line = 0; line < 100; ++line) EXPECT_EQ(ask_at(0), Answer::drop);
}

TEST_F(LogGateTest, AfterAFloodLinesPassAgain) {
  while (ask_at(0) == Answer::pass) continue;
  EXPECT_EQ(ask_at(0.1), Answer::drop);
  EXPECT_EQ(ask_at(5), Answer::pass);
}

TEST_F(LogGateTest, TheNumberOfLiveLinesIsCapped) {
  for (std::uint64_t line = 0; line < kLogLiveLinesMax; ++line) {
    ASSERT_EQ(ask_at(static_cast<double>(line), 1), Answer::pass);
  }
  EXPECT_EQ(ask_at(1e6, 1), Answer::mark_end);
  EXPECT_EQ(ask_at(1.1e6, 1), Answer::drop);
}

TEST_F(LogGateTest, TheBytesOfLiveLinesAreCapped) {
  std::uint64_t bytes = 0;
  double seconds = 0;
  while (ask_at(seconds += 1, kLogLineBytesMax) == Answer::pass) bytes += kLogLineBytesMax;
  EXPECT_LE(bytes, kLogLiveBytesMax);
  EXPECT_GT(bytes, kLogLiveBytesMax - 2 * kLogLineBytesMax);
}

TEST(LogTail, IsTheEndInWholeCharacters) {
  const auto tail = log_tail_of("a\u00e9\u00e9\u00e9b", 4);
  EXPECT_EQ(tail, "\u00e9b");
  EXPECT_EQ(log_tail_of("short", 100), "short");
}

TEST(LogTail, IsUtf8EvenWhenTheEndOfTheLogBeginsInsideACharacter) {
  const auto tail = log_tail_of("\xa9 caf\xc3\xa9", 100);
  EXPECT_TRUE(is_utf8(tail));
  EXPECT_TRUE(tail.contains("caf"));
}

}  // namespace
}  // namespace podium::executor
