#include "services/executor/run_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RunLogTest : public ::testing::Test {
 protected:
  RunLogTest() {
    SandboxState state;
    state.phase = SandboxPhase::ended;
    runtime_.set_state("run-1", state);
  }
  std::unique_ptr<RunLog> read(std::uint64_t bytes_max) {
    auto live = std::make_unique<LiveLog>("run-1", "c1", [this](const v1::LogLines& batch) {
      lines_.insert(lines_.end(), batch.lines().begin(), batch.lines().end());
      return Result<void>{};
    });
    auto record = LogRecord::make(::testing::TempDir(), bytes_max).value();
    auto log = std::make_unique<RunLog>(runtime_, "run-1", std::move(record), std::move(live));
    log->finish();
    return log;
  }
  fakes::FakeRuntime runtime_;
  std::vector<std::string> lines_;
};

TEST_F(RunLogTest, IsShownLiveAndKeptWhole) {
  runtime_.set_log("one\ntwo\n");
  const auto log = read(1000);
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
  EXPECT_EQ(log->whole().value(), "one\ntwo\n");
  EXPECT_EQ(log->end(), "one\ntwo\n");
}

TEST_F(RunLogTest, WhenItIsCutItsEndIsAskedOfTheEngine) {
  runtime_.set_log(std::string(5000, 'x'));
  const auto log = read(100);
  EXPECT_EQ(log->end(), "the end");
  EXPECT_THAT(log->whole().value(), HasSubstr("cut after 100 bytes"));
}

}  // namespace
}  // namespace podium::executor
