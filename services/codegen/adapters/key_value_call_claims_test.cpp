// Claims of model calls on a real nats-server.
#include "services/codegen/adapters/key_value_call_claims.hpp"

#include <gtest/gtest.h>

#include "libs/chassis/bus/test_broker.hpp"
#include "services/codegen/calls/call_limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using ::podium::testing::TestBroker;
using testing::ManualClock;

const CallKey kKey{.job = testing::kJob, .candidate = "c2"};

class KeyValueCallClaimsTest : public ::testing::Test {
 protected:
  std::unique_ptr<KeyValue> open() {
    broker_.make_bucket("model_calls");
    return broker_.bus().bucket("model_calls").value();
  }

  TestBroker broker_;
  ManualClock clock_;
  std::unique_ptr<KeyValue> bucket_ = open();
  KeyValueCallClaims first_{*bucket_, clock_, "first"};
  KeyValueCallClaims second_{*bucket_, clock_, "second"};
};

TEST_F(KeyValueCallClaimsTest, OnlyOneProcessGetsAClaimThatBeats) {
  auto claim = first_.take(kKey).value();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->takes, 1U);
  for (int beats = 0; beats < 3; ++beats) {
    clock_.advance(kClaimGrace / 2);
    EXPECT_FALSE(second_.take(kKey).value());
    claim = first_.beat(kKey, *claim).value();
  }
}

TEST_F(KeyValueCallClaimsTest, AStaleClaimIsTakenOverAndItsHolderLearnsIt) {
  const auto lost = first_.take(kKey).value();
  clock_.advance(kClaimGrace);
  const auto claim = second_.take(kKey).value();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->takes, 2U);
  EXPECT_TRUE(first_.beat(kKey, *lost).error().is(errors::kConflict));
}

TEST_F(KeyValueCallClaimsTest, ASecondTakingOfTheSameProcessIsAnother) {
  const auto lost = first_.take(kKey).value();
  clock_.advance(kClaimGrace);
  ASSERT_TRUE(first_.take(kKey).value());
  EXPECT_TRUE(first_.beat(kKey, *lost).error().is(errors::kConflict));
}

TEST_F(KeyValueCallClaimsTest, ABeatWhoseAnswerWasLostIsOwnAllTheSame) {
  const auto claim = first_.take(kKey).value();
  ASSERT_TRUE(first_.beat(kKey, *claim));
  EXPECT_TRUE(first_.beat(kKey, *claim)) << "the revision of the first beat never arrived";
}

TEST_F(KeyValueCallClaimsTest, AReleasedCallBeginsAtOnceAndWasNotBegun) {
  const auto claim = first_.take(kKey).value();
  ASSERT_TRUE(first_.release(kKey, *claim));
  const auto next = second_.take(kKey).value();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->takes, 1U);
}

}  // namespace
}  // namespace podium::codegen
