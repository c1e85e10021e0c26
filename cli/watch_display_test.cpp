#include "cli/watch_display.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace podium::cli {
namespace {

using ::testing::HasSubstr;
using Clock = WatchDisplay::Clock;

v1::Event started() {
  v1::Event event;
  event.set_producer("executor");
  event.mutable_started()->set_candidate_id("c1");
  return event;
}

class WatchDisplayTest : public ::testing::Test {
 protected:
  Console console(bool terminal) {
    Console made{.out = out_, .talk = talk_};
    made.out_is_terminal = terminal;
    made.talk_is_terminal = terminal;
    made.columns = terminal ? 100 : 0;
    return made;
  }
  std::ostringstream out_;
  std::ostringstream talk_;
};

TEST_F(WatchDisplayTest, ElsewhereOnlyLinesAndAHeartbeat) {
  const Console where = console(false);
  const auto now = Clock::now();
  WatchDisplay display{where, TimePoint{}};
  display.event(started());
  EXPECT_EQ(out_.str(), "+   0.0s  executor  started           c1\n");
  display.tick(TimePoint{std::chrono::seconds{5}}, now + std::chrono::seconds{5});
  EXPECT_EQ(talk_.str(), "");
  display.tick(TimePoint{std::chrono::seconds{31}}, now + std::chrono::seconds{31});
  EXPECT_EQ(talk_.str(), "still executing  0:31\n");
}

TEST_F(WatchDisplayTest, OnATerminalALineMovesAndGoesAway) {
  const Console where = console(true);
  {
    WatchDisplay display{where, TimePoint{}};
    display.tick(TimePoint{std::chrono::seconds{2}}, Clock::now());
    EXPECT_THAT(talk_.str(), HasSubstr("waiting  0:02"));
    EXPECT_EQ(out_.str(), "");
    talk_.str("");
    display.event(started());
    EXPECT_EQ(talk_.str(), "\r\x1b[2K");
    EXPECT_EQ(out_.str(), "+   0.0s  executor  started           c1\n");
    display.tick(TimePoint{std::chrono::seconds{3}}, Clock::now());
    talk_.str("");
  }
  EXPECT_EQ(talk_.str(), "\r\x1b[2K");
}

TEST_F(WatchDisplayTest, ProgressMovesOnATerminalAndIsALineElsewhere) {
  v1::Event progressed;
  progressed.set_producer("scraper");
  progressed.mutable_progressed()->set_phase("unpacking");
  {
    const Console where = console(true);
    WatchDisplay display{where, TimePoint{}};
    display.event(progressed);
    EXPECT_EQ(out_.str(), "");
  }
  const Console where = console(false);
  WatchDisplay display{where, TimePoint{}};
  display.event(progressed);
  display.event(progressed);
  EXPECT_EQ(out_.str(), "+   0.0s  scraper   progressed             unpacking\n");
}

}  // namespace
}  // namespace podium::cli
