#include "services/executor/log_record.hpp"

#include <gtest/gtest.h>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

LogRecord record_of(std::uint64_t bytes_max) {
  return std::move(LogRecord::make(testing::TempDir(), bytes_max).value());
}

TEST(LogRecord, KeepsAShortLogByteForByte) {
  auto record = record_of(100);
  EXPECT_TRUE(record.add("one\n").value());
  EXPECT_TRUE(record.add(std::string_view{"\0\xff", 2}).value());
  EXPECT_EQ(record.whole().value(), (std::string{"one\n\0\xff", 6}));
  EXPECT_FALSE(record.full());
}

TEST(LogRecord, ALogOfExactlyTheLimitIsNotCut) {
  auto record = record_of(4);
  EXPECT_TRUE(record.add("1234").value());
  EXPECT_EQ(record.whole().value(), "1234");
}

TEST(LogRecord, ALongLogKeepsItsBeginningAndItsEndWithAMarkBetween) {
  auto record = record_of(4);
  EXPECT_FALSE(record.add("123456").value());
  record.set_end("the end");
  EXPECT_EQ(record.whole().value(),
            "1234\n[podium: the log was cut after 4 bytes; its end follows]\nthe end");
}

TEST(LogRecord, TheEndIsBounded) {
  auto record = record_of(1 << 20);
  for (int piece = 0; piece < 20; ++piece)
    ASSERT_TRUE(record.add(std::string(10'000, 'x')).value());
  ASSERT_TRUE(record.add("last words").value());
  EXPECT_EQ(record.end().size(), kLogEndBytesMax);
  EXPECT_TRUE(record.end().ends_with("last words"));
}

}  // namespace
}  // namespace podium::executor
