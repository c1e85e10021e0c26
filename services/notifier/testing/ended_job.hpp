// The two events of a job that has ended, for tests.
#pragma once

#include <chrono>
#include <string>

#include "libs/chassis/clock.hpp"
#include "podium/v1/event.pb.h"
#include "services/notifier/job_end.hpp"

namespace podium::notifier::testing {

inline const std::string kJob = "01890000-0000-7000-8000-000000000001";
inline constexpr TimePoint kEndedAt{std::chrono::seconds{1'700'000'000}};

inline v1::Event requested_event() {
  v1::Event event;
  event.set_id(kJob + "/requested/1");
  event.set_job_id(kJob);
  auto& requested = *event.mutable_requested();
  requested.mutable_competition()->set_kaggle_url("https://www.kaggle.com/competitions/titanic");
  requested.mutable_competition()->set_slug("titanic");
  *requested.mutable_created_at() = to_proto(kEndedAt - std::chrono::minutes{5});
  return event;
}

inline v1::Event ended_event() {
  v1::Event event;
  event.set_id(kJob + "/ended/1");
  event.set_job_id(kJob);
  *event.mutable_time() = to_proto(kEndedAt);
  auto& ended = *event.mutable_ended();
  ended.set_status(v1::JOB_STATUS_SUCCESS);
  ended.set_reason_code("BUDGET_SPENT");
  ended.set_message("All candidates are spent.");
  ended.set_best_candidate_id("c3");
  ended.set_candidates(4);
  auto& score = *ended.mutable_score();
  score.set_metric("accuracy");
  score.set_value(0.84);
  score.set_higher_is_better(true);
  score.set_kind(v1::SCORE_KIND_TRUSTED);
  ended.mutable_submission()->set_key(kJob + "/c3/submission.csv");
  ended.mutable_submission()->set_bytes(2'839);
  ended.mutable_submission()->set_sha256(std::string(64, 'a'));
  return event;
}

inline LinkOptions link_options() {
  return {.public_url = "https://podium.example/prod",
          .key = Secret{"a key of sixteen bytes"},
          .time = std::chrono::hours{24}};
}

}  // namespace podium::notifier::testing
