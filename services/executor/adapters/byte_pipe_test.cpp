#include "services/executor/adapters/byte_pipe.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>

namespace podium::executor {
namespace {

std::string read_all(BytePipe& pipe) {
  std::string all;
  std::array<char, 7> buffer{};
  while (const auto got = pipe.read(buffer.data(), buffer.size()).value_or(0)) {
    all.append(buffer.data(), got);
  }
  return all;
}

TEST(BytePipe, EverythingArrivesThroughASmallBuffer) {
  BytePipe pipe{10};
  const std::string content(10'000, 'x');
  std::jthread writer{[&] {
    EXPECT_TRUE(pipe.write("begin "));
    EXPECT_TRUE(pipe.write(content));
    pipe.close_writing(true);
  }};
  EXPECT_EQ(read_all(pipe), "begin " + content);
}

TEST(BytePipe, ASourceThatFailedEndsTheReading) {
  BytePipe pipe{10};
  EXPECT_TRUE(pipe.write("half"));
  pipe.close_writing(false);
  std::array<char, 7> buffer{};
  EXPECT_FALSE(pipe.read(buffer.data(), buffer.size()).has_value());
}

TEST(BytePipe, AWriterLearnsThatNobodyReads) {
  BytePipe pipe{4};
  std::jthread reader{[&pipe] { pipe.close_reading(); }};
  EXPECT_FALSE(pipe.write("much more than fits"));
}

}  // namespace
}  // namespace podium::executor
