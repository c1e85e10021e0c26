#include "services/codegen/dead_letter_stage.hpp"

#include <gtest/gtest.h>

#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

TEST(DeadLetters, AnAdvisoryOfTooManyDeliveriesIsRead) {
  const auto advisory = parse_advisory(
      R"({"type":"io.nats.jetstream.advisory.v1.max_deliver","stream":"JOBS",
          "consumer":"codegen-draft","stream_seq":42,"deliveries":20})");
  ASSERT_TRUE(advisory);
  EXPECT_EQ(advisory->stream, "JOBS");
  EXPECT_EQ(advisory->sequence, 42U);
  EXPECT_EQ(advisory->deliveries, 20U);
}

TEST(DeadLetters, OtherTextIsRefused) {
  EXPECT_FALSE(parse_advisory("hello"));
  EXPECT_FALSE(parse_advisory("{}"));
  EXPECT_FALSE(parse_advisory(R"({"stream":1,"stream_seq":"x"})"));
}

TEST(DeadLetters, ATerminationKeepsItsReason) {
  const Advisory advisory{.stream = "JOBS",
                          .consumer = "scraper-scrape",
                          .sequence = 3,
                          .deliveries = 1,
                          .reason = "DATA_UNREADABLE: train.csv is empty"};
  const auto event = stage_failed_event(advisory, requested());
  EXPECT_EQ(event.job_id(), kJob);
  EXPECT_EQ(event.stage_failed().reason_code(), "DATA_UNREADABLE");
  EXPECT_EQ(event.stage_failed().message(), "train.csv is empty");
  EXPECT_EQ(event.stage_failed().event(), "requested");
}

TEST(DeadLetters, AnEventGivenUpWithoutAReasonIsToldAsGivenUp) {
  const auto event = stage_failed_event({.stream = "JOBS",
                                         .consumer = "codegen-draft",
                                         .sequence = 3,
                                         .deliveries = 20,
                                         .reason = ""},
                                        requested());
  EXPECT_EQ(event.stage_failed().reason_code(), "STAGE_GAVE_UP");
  EXPECT_EQ(event.id(), kJob + "/stage_failed/JOBS/3");
}

}  // namespace
}  // namespace podium::codegen
