#include "services/tracker/projection.hpp"

#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <set>

#include "libs/chassis/event.hpp"
#include "libs/chassis/trace.hpp"
#include "libs/competition/words.hpp"
#include "services/tracker/fold.hpp"
#include "services/tracker/progress.hpp"

namespace podium::tracker {
namespace {

// What a person writes into the options travels into jsonb, which takes no NUL.
std::string json_of(v1::JobOptions options) {
  for (auto* const text : {options.mutable_provider(), options.mutable_model(),
                           options.mutable_notify_email(), options.mutable_notify_webhook()}) {
    *text = storable(*text);
  }
  google::protobuf::util::JsonPrintOptions print;
  print.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(options, &json, print);
  return status.ok() ? json : "{}";
}

void open_job(const Recorded& message, const v1::Requested& requested, RowSet& rows) {
  const v1::Event& event = *message.event;
  JobRow& job = rows.jobs.change(event.job_id());
  job.id = event.job_id();
  job.tenant = storable(event.tenant());
  job.slug = storable(requested.competition().slug());
  job.kaggle_url = storable(requested.competition().kaggle_url());
  job.folder_sha256 = text_or_null(requested.competition().folder_sha256());
  job.request_sha256 = text_or_null(requested.request_sha256());
  job.idempotency_key = text_or_null(requested.idempotency_key());
  job.options = json_of(requested.options());
  job.priority = requested.options().priority();
  job.trace_id = text_or_null(trace_id_of(event.trace().traceparent()));
  job.created_at = moment_of(requested.created_at()).value_or(message.time);
  job.updated_at = message.time;
  if (const auto seconds = requested.options().time_seconds_max(); seconds > 0) {
    job.deadline = job.created_at + std::chrono::seconds{seconds};
  }
  job.candidates_max = whole_or_null(requested.options().candidates_max());
  job.status = "queued";
  job.stage = "fetching";
  job.last = message.at;
}

void fold_payload(const Fold& fold) {
  const v1::Event& event = fold.event;
  switch (event.payload_case()) {
    case v1::Event::kRequested:
      return note_illegal_move(fold, "requested, but the job is there already");
    case v1::Event::kProgressed:
      return fold_progressed(fold, event.progressed());
    case v1::Event::kScraped:
      return fold_scraped(fold, event.scraped());
    case v1::Event::kScrapeFailed:
      return fold_scrape_failed(fold, event.scrape_failed());
    case v1::Event::kDraftRequested:
      return fold_draft_requested(fold, event.draft_requested());
    case v1::Event::kDrafted:
      return fold_drafted(fold, event.drafted());
    case v1::Event::kDraftFailed:
      return fold_draft_failed(fold, event.draft_failed());
    case v1::Event::kStarted:
      return fold_started(fold, event.started());
    case v1::Event::kExecuted:
      return fold_executed(fold, event.executed());
    case v1::Event::kSubmitted:
      return fold_submitted(fold, event.submitted());
    case v1::Event::kLeaderboardScored:
      return fold_leaderboard_scored(fold, event.leaderboard_scored());
    case v1::Event::kSubmitFailed:
      return fold_submit_failed(fold, event.submit_failed());
    case v1::Event::kStageFailed:
      return fold_stage_failed(fold, event.stage_failed());
    case v1::Event::kEnded:
      return fold_ended(fold, event.ended());
    case v1::Event::kCancelRequested:
      if (!fold.job.cancel_requested_at) fold.job.cancel_requested_at = fold.message.time;
      return;
    case v1::Event::kSubmitRequested:
      return fold_submit_requested(fold);
    // Advice to the search: what comes of it is told by the events that follow.
    case v1::Event::kRetryRequested:
    case v1::Event::kHinted:
      return;
    // These travel in other streams, on other subjects.
    case v1::Event::kRunTicket:
    case v1::Event::kLogLines:
    case v1::Event::PAYLOAD_NOT_SET:
      return;
  }
}

// Requests of people and of the search's end are no sign that work has begun.
bool is_work(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kProgressed:
    case v1::Event::kScraped:
    case v1::Event::kScrapeFailed:
    case v1::Event::kDraftRequested:
    case v1::Event::kDrafted:
    case v1::Event::kDraftFailed:
    case v1::Event::kStarted:
    case v1::Event::kExecuted:
      return true;
    default:
      return false;
  }
}

// Stages that no count of the row tells: they last until the next event of the job.
std::string passing_stage(const v1::Event& event) {
  if (event.has_submit_requested()) return "submitting";
  if (!event.has_progressed()) return {};
  const std::string& phase = event.progressed().phase();
  if (phase == "scoring") return "scoring";
  return phase == "validating" || phase == "checking" ? "validating" : "";
}

void clear_phase(JobRow& job) {
  job.phase.reset();
  job.phase_done.reset();
  job.phase_total.reset();
  job.phase_unit.reset();
  job.phase_detail.reset();
}

// What follows from every event alike, once its payload is in the rows.
void finish_job(const Fold& fold) {
  JobRow& job = fold.job;
  job.updated_at = fold.message.time;
  job.last = fold.message.at;
  if (job.status == "queued" && is_work(fold.event)) {
    job.status = "running";
    job.started_at = fold.message.time;
  }
  if (!fold.event.has_progressed()) clear_phase(job);
  const std::string passing = competition::is_terminal(job.status) ? "" : passing_stage(fold.event);
  job.stage = passing.empty() ? stage_of(job) : passing;
  job.progress = progress_of(job, fold.message.time);
}

// The candidate or run that an event's payload names.
std::string candidate_in(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kDraftRequested:
      return event.draft_requested().candidate_id();
    case v1::Event::kDrafted:
      return event.drafted().candidate_id();
    case v1::Event::kDraftFailed:
      return event.draft_failed().candidate_id();
    case v1::Event::kStarted:
      return event.started().candidate_id();
    case v1::Event::kExecuted:
      return event.executed().candidate_id();
    case v1::Event::kSubmitted:
      return event.submitted().candidate_id();
    case v1::Event::kLeaderboardScored:
      return event.leaderboard_scored().candidate_id();
    default:
      return {};
  }
}

std::string run_in(const v1::Event& event) {
  if (event.has_started()) return event.started().run_id();
  return event.has_executed() ? event.executed().run_id() : std::string{};
}

}  // namespace

void project(const Recorded& message, RowSet& rows) {
  if (!message.event) {
    rows.anomalies.push_back(anomaly_of(message, message.problem, message.problem_detail));
    return;
  }
  const v1::Event& event = *message.event;
  if (rows.jobs.find(event.job_id()) == nullptr) {
    if (event.has_requested()) return open_job(message, event.requested(), rows);
    rows.anomalies.push_back(anomaly_of(message, "unknown_job", "no requested came before"));
    return;
  }
  if (rows.jobs.find(event.job_id())->last >= message.at) return;
  const Fold fold{
      .message = message, .event = event, .rows = rows, .job = rows.jobs.change(event.job_id())};
  fold_payload(fold);
  finish_job(fold);
}

AnomalyRow anomaly_of(const Recorded& message, std::string what, std::string detail) {
  AnomalyRow row{.at = message.at,
                 .what = std::move(what),
                 .job_id = {},
                 .name = {},
                 .detail = std::move(detail),
                 .time = message.time};
  if (message.event) {
    row.job_id = message.event->job_id();
    row.name = event_name(*message.event);
  }
  return row;
}

RowKeys keys_of(const std::vector<Recorded>& batch) {
  std::set<std::string> jobs;
  std::set<PartKey> candidates;
  std::set<PartKey> runs;
  for (const Recorded& message : batch) {
    if (!message.event) continue;
    const std::string& job = message.event->job_id();
    jobs.insert(job);
    if (const auto id = candidate_in(*message.event); !id.empty()) {
      candidates.emplace(job, storable(id));
    }
    if (const auto id = run_in(*message.event); !id.empty()) runs.emplace(job, storable(id));
  }
  return {.jobs = {jobs.begin(), jobs.end()},
          .candidates = {candidates.begin(), candidates.end()},
          .runs = {runs.begin(), runs.end()}};
}

}  // namespace podium::tracker
