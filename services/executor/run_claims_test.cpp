#include "services/executor/run_claims.hpp"

#include <gtest/gtest.h>

#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

using namespace std::chrono_literals;

const TimePoint kClaimsNow{1'800'000'000s};

class RunClaimsTest : public ::testing::Test {
 protected:
  fakes::FakeKeyValue bucket_;
  RunClaims here_{bucket_, {.engine = "engine-a", .executor = "executor-1"}};
  RunClaims there_{bucket_, {.engine = "engine-b", .executor = "executor-9"}};
  const v1::Event ticket_ = fakes::make_ticket();
  const std::string run_id_ = ticket_.run_ticket().run_id();
};

TEST_F(RunClaimsTest, AFreshClaimHoldsAllThatARestartNeeds) {
  const auto held = here_.take(ticket_, std::nullopt, kClaimsNow);
  ASSERT_TRUE(held.has_value());
  const auto stored = here_.get(run_id_).value()->claim;
  EXPECT_EQ(stored.engine(), "engine-a");
  EXPECT_EQ(stored.executor(), "executor-1");
  EXPECT_EQ(stored.attempt(), 1U);
  EXPECT_EQ(stored.ticket().run_ticket().run_id(), run_id_);
  EXPECT_FALSE(stored.has_started_at());
}

TEST_F(RunClaimsTest, OfTwoThatClaimOneWins) {
  EXPECT_TRUE(here_.take(ticket_, std::nullopt, kClaimsNow).has_value());
  const auto late = there_.take(ticket_, std::nullopt, kClaimsNow);
  ASSERT_FALSE(late.has_value());
  EXPECT_TRUE(late.error().is(errors::kConflict));
}

TEST_F(RunClaimsTest, OfTwoThatTakeOverOneWins) {
  const auto seen = here_.take(ticket_, std::nullopt, kClaimsNow).value();
  RunClaims third{bucket_, {.engine = "engine-c", .executor = "executor-5"}};
  EXPECT_TRUE(there_.take(ticket_, seen, kClaimsNow).has_value());
  EXPECT_FALSE(third.take(ticket_, seen, kClaimsNow).has_value());
}

TEST_F(RunClaimsTest, AnotherEngineCountsAnAttemptAndHasStartedNothing) {
  const auto started =
      here_.note_started(here_.take(ticket_, std::nullopt, kClaimsNow).value(), kClaimsNow);
  const auto taken = there_.take(ticket_, *started, kClaimsNow);
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->claim.attempt(), 2U);
  EXPECT_FALSE(taken->claim.has_started_at());
}

TEST_F(RunClaimsTest, TheSameEngineKeepsAttemptAndStart) {
  const auto started =
      here_.note_started(here_.take(ticket_, std::nullopt, kClaimsNow).value(), kClaimsNow);
  RunClaims next{bucket_, {.engine = "engine-a", .executor = "executor-2"}};
  const auto taken = next.take(ticket_, *started, kClaimsNow + 5s);
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->claim.attempt(), 1U);
  EXPECT_EQ(from_proto(taken->claim.started_at()), kClaimsNow);
  EXPECT_EQ(taken->claim.executor(), "executor-2");
}

TEST_F(RunClaimsTest, TheFirstOwnersBeatFailsAfterATakeover) {
  const auto held = here_.take(ticket_, std::nullopt, kClaimsNow).value();
  ASSERT_TRUE(there_.take(ticket_, held, kClaimsNow).has_value());
  const auto beaten = here_.beat(held, kClaimsNow + 10s);
  ASSERT_FALSE(beaten.has_value());
  EXPECT_TRUE(beaten.error().is(errors::kConflict));
}

TEST_F(RunClaimsTest, ReleasingTwiceIsFine) {
  ASSERT_TRUE(here_.take(ticket_, std::nullopt, kClaimsNow).has_value());
  EXPECT_TRUE(here_.release(run_id_).has_value());
  EXPECT_TRUE(here_.release(run_id_).has_value());
  EXPECT_FALSE(here_.get(run_id_).value().has_value());
}

TEST_F(RunClaimsTest, WithdrawingLeavesAnothersClaim) {
  const auto held = here_.take(ticket_, std::nullopt, kClaimsNow).value();
  ASSERT_TRUE(there_.take(ticket_, held, kClaimsNow).has_value());
  EXPECT_TRUE(here_.withdraw(run_id_).has_value());
  EXPECT_TRUE(there_.get(run_id_).value().has_value());
  EXPECT_TRUE(there_.withdraw(run_id_).has_value());
  EXPECT_FALSE(there_.get(run_id_).value().has_value());
}

}  // namespace
}  // namespace podium::executor
