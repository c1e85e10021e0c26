#include "services/gateway/event_stream.hpp"

#include <gtest/gtest.h>

namespace podium::gateway {
namespace {

TEST(EventFrame, HasIdNameAndDataInOneLineEach) {
  EXPECT_EQ(event_frame(7, "scraped", R"({"a":1})"), "id: 7\nevent: scraped\ndata: {\"a\":1}\n\n");
}

TEST(EventFrame, WithoutASequenceHasNoId) {
  EXPECT_EQ(event_frame(0, "end", "{}"), "event: end\ndata: {}\n\n");
}

}  // namespace
}  // namespace podium::gateway
