#include "services/tracker/testing/job_script.hpp"

#include <format>

#include "libs/chassis/event.hpp"

namespace podium::tracker::testing {
namespace {

constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr std::uint32_t kWallSecondsMax = 600;

void set_artifact(v1::ArtifactRef& artifact, const std::string& key) {
  artifact.set_key(key);
  artifact.set_sha256(std::string(64, 'a'));
  artifact.set_bytes(key.size());
}

// One call of a model: `answer` is a Drafted or a DraftFailed.
template <typename Answer>
void ask_model(Answer& answer, const std::string& candidate) {
  set_artifact(*answer.mutable_prompt(), "sha256/prompt-" + candidate);
  set_artifact(*answer.mutable_reply(), "sha256/reply-" + candidate);
  auto& use = *answer.mutable_model_use();
  use.set_provider("openai");
  use.set_model("model-of-" + candidate);
  use.set_calls(1);
  use.set_input_tokens(60);
  use.set_cached_tokens(20);
  use.set_output_tokens(40);
}

}  // namespace

v1::Event& JobScript::next(const std::string& name, const std::string& subject_id) {
  const auto number = static_cast<std::int64_t>(events_.size()) + 1;
  v1::Event& event = events_.emplace_back();
  event.set_id(std::format("{}/{}/{}", job_, name, number));
  event.set_job_id(job_);
  event.set_tenant("default");
  event.set_subject_id(subject_id);
  event.mutable_time()->set_seconds(kScriptBegin + number);
  event.mutable_time()->set_nanos(123'456'789);
  event.mutable_trace()->set_traceparent(kTraceparent);
  return event;
}

v1::Event& JobScript::requested() {
  v1::Event& event = next("requested");
  event.set_producer("gateway");
  auto& requested = *event.mutable_requested();
  requested.mutable_competition()->set_kaggle_url("https://www.kaggle.com/competitions/titanic");
  requested.mutable_competition()->set_slug("titanic");
  requested.mutable_options()->set_time_seconds_max(100);
  requested.mutable_options()->set_candidates_max(4);
  *requested.mutable_created_at() = event.time();
  requested.set_request_sha256(std::string(64, 'b'));
  return event;
}

v1::Event& JobScript::progressed(const std::string& phase, std::uint64_t done,
                                 std::uint64_t total) {
  v1::Event& event = next("progressed");
  auto& progressed = *event.mutable_progressed();
  progressed.set_phase(phase);
  progressed.set_done(done);
  progressed.set_total(total);
  progressed.set_unit("bytes");
  return event;
}

v1::Event& JobScript::scraped() {
  v1::Event& event = next("scraped");
  auto& scraped = *event.mutable_scraped();
  scraped.set_slug("titanic");
  scraped.set_title("Titanic");
  scraped.set_door(v1::COMPETITION_DOOR_CATALOGUE);
  scraped.set_task_kind(v1::TASK_KIND_BINARY);
  scraped.mutable_metric()->set_name("Accuracy");
  scraped.mutable_metric()->set_key("accuracy");
  scraped.mutable_metric()->set_higher_is_better(true);
  scraped.add_warnings("The deadline \"has\" passed.");
  set_artifact(*scraped.mutable_facts(), "sha256/facts");
  set_artifact(*scraped.mutable_data(), "sha256/data");
  return event;
}

v1::Event& JobScript::scrape_failed(const std::string& reason) {
  v1::Event& event = next("scrape_failed");
  event.mutable_scrape_failed()->set_reason_code(reason);
  event.mutable_scrape_failed()->set_message("no");
  event.mutable_scrape_failed()->set_next_step("yes");
  return event;
}

v1::Event& JobScript::draft_requested(const std::string& candidate, std::uint32_t attempt) {
  v1::Event& event = next("draft_requested", candidate);
  auto& requested = *event.mutable_draft_requested();
  requested.set_candidate_id(candidate);
  requested.set_kind(v1::CANDIDATE_KIND_DRAFT);
  requested.set_generator(v1::GENERATOR_BUILTIN);
  requested.set_attempt(attempt);
  return event;
}

v1::Event& JobScript::drafted(const std::string& candidate) {
  v1::Event& event = next("drafted", candidate);
  auto& drafted = *event.mutable_drafted();
  drafted.set_candidate_id(candidate);
  drafted.set_attempt(1);
  drafted.set_plan_line("boosted trees, five folds");
  drafted.set_tokens(100);
  drafted.set_cost_micro_usd(20);
  set_artifact(*drafted.mutable_code(), "sha256/code-" + candidate);
  set_artifact(*drafted.mutable_plan(), "sha256/plan-" + candidate);
  return event;
}

v1::Event& JobScript::draft_failed(const std::string& candidate, std::uint32_t attempt) {
  v1::Event& event = next("draft_failed", candidate);
  auto& failed = *event.mutable_draft_failed();
  failed.set_candidate_id(candidate);
  failed.set_attempt(attempt);
  failed.set_reason_code("DRAFT_FAILED");
  failed.set_message("no reply");
  failed.set_tokens(7);
  return event;
}

v1::Event& JobScript::started(const std::string& candidate, std::uint32_t attempt) {
  v1::Event& event = next("started", run(candidate, attempt));
  auto& started = *event.mutable_started();
  started.set_run_id(run(candidate, attempt));
  started.set_candidate_id(candidate);
  started.set_attempt(attempt);
  started.set_sandbox("podium-" + run(candidate, attempt));
  started.set_engine("engine-1");
  started.mutable_limits()->set_wall_seconds_max(kWallSecondsMax);
  return event;
}

v1::Event& JobScript::executed(const std::string& candidate, v1::RunOutcome outcome, double score,
                               std::uint32_t attempt) {
  v1::Event& event = next("executed", run(candidate, attempt));
  auto& executed = *event.mutable_executed();
  executed.set_run_id(run(candidate, attempt));
  executed.set_candidate_id(candidate);
  executed.set_attempt(attempt);
  executed.set_purpose(v1::RUN_PURPOSE_SEARCH);
  executed.set_outcome(outcome);
  executed.set_wall_seconds(12.5);
  executed.set_log_tail("line\n\ttab \"quote\"");
  set_artifact(*executed.mutable_log(), "sha256/log-" + candidate);
  if (outcome != v1::RUN_OUTCOME_OK) return event;
  executed.mutable_verdict()->set_accepted(true);
  executed.mutable_verdict()->set_rows(418);
  executed.mutable_verdict()->add_columns("PassengerId");
  executed.mutable_score()->set_metric("accuracy");
  executed.mutable_score()->set_value(score);
  executed.mutable_score()->set_higher_is_better(true);
  executed.mutable_score()->set_kind(v1::SCORE_KIND_REPORTED);
  set_artifact(*executed.mutable_submission(), "sha256/submission-" + candidate);
  return event;
}

v1::Event& JobScript::cancel_requested() {
  v1::Event& event = next("cancel_requested");
  event.mutable_cancel_requested()->set_who("default");
  return event;
}

v1::Event& JobScript::ended(v1::JobStatus status, const std::string& best) {
  v1::Event& event = next("ended");
  auto& ended = *event.mutable_ended();
  ended.set_status(status);
  ended.set_reason_code("BUDGET_SPENT");
  ended.set_message("The budget is spent.");
  ended.set_best_candidate_id(best);
  if (!best.empty()) set_artifact(*ended.mutable_submission(), "sha256/submission-" + best);
  return event;
}

std::string JobScript::run(const std::string& candidate, std::uint32_t attempt) const {
  return std::format("{}-{}-{}", job_.substr(0, 8), candidate, attempt);
}

JobScript whole_job(const std::string& job) {
  JobScript script{job};
  script.requested();
  script.progressed("fetching", 50, 100);
  script.scraped();
  script.draft_requested("c1");
  script.draft_requested("c2");
  script.drafted("c1");
  script.started("c1");
  ask_model(*script.draft_failed("c2").mutable_draft_failed(), "c2");
  script.executed("c1", v1::RUN_OUTCOME_CRASHED, 0);
  auto& mending = *script.draft_requested("c3").mutable_draft_requested();
  mending.set_kind(v1::CANDIDATE_KIND_DEBUG);
  mending.set_parent_id("c1");
  mending.set_second_parent_id("c2");
  ask_model(*script.drafted("c3").mutable_drafted(), "c3");
  script.started("c3");
  script.progressed("running", 1, 2);
  script.executed("c3", v1::RUN_OUTCOME_OK, 0.83);
  auto& ended = *script.ended(v1::JOB_STATUS_SUCCESS, "c3").mutable_ended();
  set_artifact(*ended.mutable_report(), "sha256/report");
  return script;
}

Recorded recorded(const v1::Event& event, std::int64_t sequence) {
  return record({.stream_created = stream_created(), .sequence = sequence},
                subject_of(event).value_or("podium.jobs.none"), event.SerializeAsString(),
                stream_created());
}

Moment stream_created() {
  return Moment{std::chrono::seconds{kScriptBegin - 3'600}};
}

}  // namespace podium::tracker::testing
