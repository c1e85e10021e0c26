#include "libs/chassis/http/sse_parser.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace podium {
namespace {

constexpr std::string_view kStream =
    "retry: 3000\n\n"
    "id: 7\nevent: scraped\ndata: {\"a\":1}\n\n"
    ": ping\n\n"
    "event: end\ndata: {}\n\n";

std::vector<SseMessage> parse(std::string_view text, std::size_t piece_bytes) {
  std::vector<SseMessage> messages;
  SseParser parser{[&](const SseMessage& message) {
    messages.push_back(message);
    return true;
  }};
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
    EXPECT_TRUE(parser.feed(text.substr(at, piece_bytes)));
  }
  return messages;
}

TEST(SseParser, ReadsTheSameHoweverTheBytesAreCut) {
  for (std::size_t piece = 1; piece <= kStream.size(); ++piece) {
    const auto messages = parse(kStream, piece);
    ASSERT_EQ(messages.size(), 2U) << piece;
    EXPECT_EQ(messages[0].id, "7");
    EXPECT_EQ(messages[0].event, "scraped");
    EXPECT_EQ(messages[0].data, "{\"a\":1}");
    EXPECT_EQ(messages[1].event, "end");
    EXPECT_EQ(messages[1].id, "7") << "an id stands until another one comes";
  }
}

TEST(SseParser, LinesMayEndWithCarriageReturns) {
  const auto messages = parse("event: a\r\ndata: 1\r\ndata: 2\r\n\r\n", 3);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].data, "1\n2");
}

TEST(SseParser, StopsWhenItIsTold) {
  SseParser parser{[](const SseMessage&) { return false; }};
  EXPECT_FALSE(parser.feed(kStream));
}

TEST(SseParser, EndlessLinesDoNotEatTheMemory) {
  std::size_t longest = 0;
  SseParser parser{[&](const SseMessage& message) {
    longest = message.data.size();
    return true;
  }};
  EXPECT_TRUE(parser.feed("data: "));
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(parser.feed(std::string(64UL * 1024, 'x')));
  EXPECT_TRUE(parser.feed("\n\n"));
  EXPECT_LE(longest, SseParser::kLineBytesMax);
}

}  // namespace
}  // namespace podium
