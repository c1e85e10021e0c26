#include "services/executor/adapters/docker_frames.hpp"

#include <gtest/gtest.h>

#include <string>

namespace podium::executor {
namespace {

std::string frame(char stream, const std::string& payload) {
  std::string bytes{stream, 0, 0, 0};
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((payload.size() >> static_cast<unsigned>(shift)) & 0xFFU));
  }
  return bytes + payload;
}

std::string payloads_of(const std::string& bytes, std::size_t piece_bytes) {
  std::string all;
  DockerFrames frames;
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    frames.feed(std::string_view{bytes}.substr(at, piece_bytes), [&all](std::string_view payload) {
      all += payload;
      return true;
    });
  }
  return all;
}

TEST(DockerFrames, BothStreamsComeInOrderInAnyPieces) {
  const auto bytes = frame(1, "out\n") + frame(2, "err\n") + frame(1, "") + frame(1, "more");
  for (const std::size_t piece : {1UL, 3UL, 8UL, 9UL, 1000UL}) {
    EXPECT_EQ(payloads_of(bytes, piece), "out\nerr\nmore") << piece;
  }
}

TEST(DockerFrames, ALongPayloadIsGivenAsItArrives) {
  const std::string payload(100'000, 'x');
  EXPECT_EQ(payloads_of(frame(1, payload), 4096), payload);
}

TEST(DockerFrames, BytesThatAreNoFramesEndIt) {
  DockerFrames frames;
  const auto never = [](std::string_view) { return true; };
  EXPECT_FALSE(frames.feed("not a frame at all", never));
  EXPECT_FALSE(frames.feed(frame(1, "late"), never));
}

TEST(DockerFrames, ASinkThatHasEnoughEndsIt) {
  DockerFrames frames;
  int calls = 0;
  const auto once = [&calls](std::string_view) { return ++calls < 1; };
  EXPECT_FALSE(frames.feed(frame(1, "a") + frame(1, "b"), once));
  EXPECT_EQ(calls, 1);
}

TEST(DockerFrames, AFrameOfFourGigabytesNeedsNoMemory) {
  DockerFrames frames;
  const std::string header{"\x01\0\0\0\xff\xff\xff\xff", 8};
  std::size_t seen = 0;
  EXPECT_TRUE(frames.feed(header + std::string(1000, 'x'), [&seen](std::string_view payload) {
    seen += payload.size();
    return true;
  }));
  EXPECT_EQ(seen, 1000U);
}

}  // namespace
}  // namespace podium::executor
