#include "services/executor/beats.hpp"

#include <gtest/gtest.h>

#include "services/executor/limits.hpp"
#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

class BeatsTest : public ::testing::Test {
 protected:
  BeatsTest() {
    run_ = live_.add(ticket_, std::make_unique<fakes::FakeDelivery>(settled_, "", "")).run;
    const auto earlier = std::chrono::system_clock::now() - 30s;
    run_->set_claim(here_.take(ticket_, std::nullopt, earlier).value());
  }
  std::chrono::system_clock::duration age_of_beat() {
    const auto claim = here_.get(run_->run_id()).value()->claim;
    return std::chrono::system_clock::now() - from_proto(claim.beat());
  }
  const v1::Event ticket_ = fakes::make_ticket();
  fakes::FakeKeyValue bucket_;
  fakes::FakeKeyValue capacity_;
  fakes::Settled settled_;
  RunClaims here_{bucket_, {.engine = "engine-a", .executor = "executor-1"}};
  SlotAccount slots_{
      {.slots = 2, .cpu_milli = 4000, .run_cpu_milli_max = 4000, .memory_bytes = 100}};
  LiveRuns live_;
  std::shared_ptr<LiveRun> run_;
  Beats beats_{live_, here_, slots_, capacity_};
};

TEST_F(BeatsTest, KeepClaimsAndTicketsFresh) {
  beats_.beat();
  EXPECT_LT(age_of_beat(), 10s);
  EXPECT_EQ(settled_.beats, 1);
}

TEST_F(BeatsTest, TellWhatIsFree) {
  v1::RunLimits limits;
  limits.set_cpu_milli(1500);
  slots_.take(limits);
  beats_.beat();
  v1::ExecutorCapacity told;
  ASSERT_TRUE(told.ParseFromString(capacity_.get("executor-1").value()->value));
  EXPECT_EQ(told.engine(), "engine-a");
  EXPECT_EQ(told.slots(), 2U);
  EXPECT_EQ(told.slots_free(), 1U);
  EXPECT_EQ(told.free().cpu_milli(), 2500U);
  EXPECT_TRUE(is_alive(capacity_, "executor-1").value());
  EXPECT_FALSE(is_alive(capacity_, "executor-2").value());
}

TEST_F(BeatsTest, ARunTakenOverByAnotherEngineIsDisowned) {
  RunClaims there{bucket_, {.engine = "engine-b", .executor = "executor-9"}};
  ASSERT_TRUE(there.take(ticket_, run_->claim(), std::chrono::system_clock::now()).has_value());
  beats_.beat();
  EXPECT_EQ(run_->stop_reason(), StopReason::disowned);
}

TEST_F(BeatsTest, ABeatWhoseAnswerWasLostDisownsNothing) {
  // The bucket has taken a beat that we do not know of.
  ASSERT_TRUE(here_.beat(*run_->claim(), std::chrono::system_clock::now()).has_value());
  beats_.beat();
  EXPECT_EQ(run_->stop_reason(), StopReason::none);
  beats_.beat();
  EXPECT_EQ(run_->stop_reason(), StopReason::none);
}

}  // namespace
}  // namespace podium::executor
