#include "cli/watch_state.hpp"

#include <gtest/gtest.h>

namespace podium::cli {
namespace {

v1::Event requested() {
  v1::Event event;
  event.mutable_requested()->mutable_options()->set_candidates_max(6);
  event.mutable_requested()->mutable_options()->set_time_seconds_max(300);
  return event;
}

v1::Event progressed(const std::string& phase) {
  v1::Event event;
  event.mutable_progressed()->set_phase(phase);
  return event;
}

v1::Event draft_requested(const std::string& candidate) {
  v1::Event event;
  event.mutable_draft_requested()->set_candidate_id(candidate);
  return event;
}

v1::Event started(const std::string& candidate) {
  v1::Event event;
  event.mutable_started()->set_candidate_id(candidate);
  return event;
}

v1::Event executed(const std::string& candidate, double score) {
  v1::Event event;
  auto& run = *event.mutable_executed();
  run.set_candidate_id(candidate);
  run.set_outcome(v1::RUN_OUTCOME_OK);
  run.mutable_score()->set_metric("accuracy");
  run.mutable_score()->set_value(score);
  run.mutable_score()->set_higher_is_better(true);
  return event;
}

TEST(WatchState, SaysHowFarAndHowFastAPhaseIs) {
  WatchState state;
  auto fetching = progressed("fetching");
  fetching.mutable_progressed()->set_unit("bytes");
  state.apply(fetching);
  EXPECT_EQ(state.text(std::chrono::seconds{1}), "fetching (fetching)  0:01");
  fetching.mutable_progressed()->set_done(12'300'000);
  fetching.mutable_progressed()->set_total(40'000'000);
  fetching.mutable_progressed()->set_bytes_per_second(3'100'000);
  state.apply(fetching);
  EXPECT_EQ(state.text(std::chrono::seconds{5}),
            "fetching (fetching  12.3 MB of 40.0 MB  3.1 MB/s)  0:05");
  state.apply(progressed("unpacking"));
  EXPECT_EQ(state.text(std::chrono::seconds{6}), "fetching (unpacking)  0:06");
}

TEST(WatchState, SaysStepCandidatesBestAndTime) {
  WatchState state;
  EXPECT_EQ(state.text(std::chrono::seconds{0}), "waiting  0:00");
  state.apply(requested());
  state.apply(progressed("unpacking"));
  EXPECT_EQ(state.text(std::chrono::seconds{2}), "fetching (unpacking)  0:02 of 5:00");
  v1::Event scraped;
  scraped.mutable_scraped();
  state.apply(scraped);
  EXPECT_EQ(state.text(std::chrono::seconds{3}), "planning  0:03 of 5:00");
  state.apply(draft_requested("c1"));
  EXPECT_EQ(state.text(std::chrono::seconds{4}), "generating  0 of 6 candidates  0:04 of 5:00");
  state.apply(started("c1"));
  state.apply(executed("c1", 0.8));
  state.apply(started("c2"));
  EXPECT_EQ(state.text(std::chrono::seconds{34}),
            "executing  1 of 6 candidates  best accuracy 0.8000  0:34 of 5:00");
}

TEST(WatchState, WaitingBehindOtherRunsIsTold) {
  WatchState state;
  state.apply(requested());
  state.apply(draft_requested("c1"));
  v1::Event drafted;
  drafted.mutable_drafted()->set_candidate_id("c1");
  state.apply(drafted);
  EXPECT_EQ(state.text(std::chrono::seconds{9}),
            "waiting for an executor  0 of 6 candidates  0:09 of 5:00");
  state.apply(started("c1"));
  EXPECT_EQ(state.text(std::chrono::seconds{9}), "executing  0 of 6 candidates  0:09 of 5:00");
}

TEST(WatchState, BestFollowsTheDirectionOfTheMetric) {
  WatchState state;
  state.apply(executed("c1", 0.8));
  state.apply(executed("c2", 0.7));
  EXPECT_TRUE(state.text({}).contains("0.8000"));
  auto lower = executed("c3", 0.5);
  lower.mutable_executed()->mutable_score()->set_higher_is_better(false);
  state.apply(lower);
  EXPECT_TRUE(state.text({}).contains("0.5000"));
}

TEST(WatchState, OnlyTheFirstProgressOfAPhaseDeservesALine) {
  WatchState state;
  EXPECT_TRUE(state.deserves_line(progressed("fetching")));
  state.apply(progressed("fetching"));
  EXPECT_FALSE(state.deserves_line(progressed("fetching")));
  EXPECT_TRUE(state.deserves_line(progressed("unpacking")));
  EXPECT_TRUE(state.deserves_line(started("c1")));
}

}  // namespace
}  // namespace podium::cli
