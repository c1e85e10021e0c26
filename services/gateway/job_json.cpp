#include "services/gateway/job_json.hpp"

#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>
#include <set>

#include "libs/chassis/event.hpp"
#include "libs/chassis/trace.hpp"

namespace podium::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// Lines of the newest log that the status shows.
constexpr int kPreviewLines = 10;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

template <typename Number>
Json number_or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json score_or_null(const std::optional<ScoreFacts>& score) {
  if (!score) return nullptr;
  return {{"metric", score->metric},
          {"value", score->value},
          {"direction", text_or_null(score->direction)},
          {"spread", score->folds > 0 || score->spread > 0 ? Json(score->spread) : Json(nullptr)},
          {"folds", score->folds > 0 ? Json(score->folds) : Json(nullptr)},
          {"kind", text_or_null(score->kind)}};
}

Json leaderboard_or_null(const std::optional<LeaderboardFacts>& leaderboard) {
  if (!leaderboard) return nullptr;
  return {{"status", leaderboard->status},
          {"reference", text_or_null(leaderboard->reference)},
          {"public_score", number_or_null(leaderboard->public_score)},
          {"rank", number_or_null(leaderboard->rank)},
          {"teams", number_or_null(leaderboard->teams)},
          {"submitted_at", text_or_null(leaderboard->submitted_at)},
          {"scored_at", text_or_null(leaderboard->scored_at)},
          {"reason_code", text_or_null(leaderboard->reason_code)},
          {"message", text_or_null(leaderboard->message)},
          {"next_step", text_or_null(leaderboard->next_step)}};
}

Json links_of(const std::string& job_id, const std::string& trace_id, const JsonOptions& options) {
  const bool has_trace = !options.traces_url.empty() && !trace_id.empty();
  return {{"self", "/status/" + job_id},
          {"job", "/jobs/" + job_id},
          {"events", "/jobs/" + job_id + "/events"},
          {"logs", "/logs/" + job_id},
          {"result", "/result/" + job_id + "/submission.csv"},
          {"trace", has_trace ? Json(options.traces_url + "/trace/" + trace_id) : Json(nullptr)}};
}

Json preview_of(const std::string& log) {
  auto from = log.size();
  for (int line = 0; line < kPreviewLines && from != std::string::npos && from > 0; ++line) {
    from = log.rfind('\n', from - 1);
  }
  return text_or_null(from == std::string::npos || from == 0 ? log : log.substr(from + 1));
}

Json status_of(const JobFacts& job, const JsonOptions& options) {
  const std::string sentence = progress_sentence(job);
  return {
      {"job_id", job.job_id},
      {"kaggle_url", text_or_null(job.kaggle_url)},
      {"competition_name", text_or_null(job.competition_name)},
      {"competition_title", text_or_null(job.competition_title)},
      {"competition_source", text_or_null(job.competition_source)},
      {"status", job.status},
      {"stage", text_or_null(job.stage)},
      {"source", job.submission_key.empty() ? Json(nullptr) : Json(options.artifacts_place)},
      {"path", text_or_null(job.submission_key)},
      {"message", job.message.empty() ? Json(sentence) : Json(job.message)},
      {"reason_code", text_or_null(job.reason_code)},
      {"next_step", text_or_null(job.next_step)},
      {"created_at", text_or_null(job.created_at)},
      {"started_at", text_or_null(job.started_at)},
      {"completed_at", text_or_null(job.completed_at)},
      {"progress", job.progress},
      {"metadata", {{"progress", sentence}, {"logs_preview", preview_of(job.log_tail)}}},
      {"score", score_or_null(job.score)},
      {"leaderboard", leaderboard_or_null(job.leaderboard)},
      {"best_candidate_id", text_or_null(job.best_candidate_id)},
      {"submission", job.submission_key.empty() ? Json(nullptr)
                                                : Json{{"bytes", job.submission_bytes},
                                                       {"sha256", job.submission_sha256}}},
      {"counts",
       {{"candidates_max", job.candidates_max > 0 ? Json(job.candidates_max) : Json(nullptr)},
        {"candidates", job.candidates},
        {"candidates_done", job.candidates_done},
        {"runs", job.runs},
        {"tokens", job.tokens},
        {"cost_usd", static_cast<double>(job.cost_micro_usd) / 1e6}}},
      {"warnings", job.warnings},
      {"k8s_job_name", text_or_null(job.sandbox_name)},
      {"pod_name", text_or_null(job.sandbox_name)},
      {"links", links_of(job.job_id, job.trace_id, options)},
      {"viewer",
       {{"subject", job_subjects(job.job_id)},
        {"user", "viewer"},
        {"command", "podium events " + job.job_id + " -f"}}},
      {"trace_id", text_or_null(job.trace_id)},
  };
}

/// Names of the files that /jobs/{id}/artifacts/{candidate}/{name} gives, each once.
Json file_names(const std::string& candidate_id, const std::vector<ArtifactFacts>& artifacts) {
  std::set<std::string> names;
  for (const ArtifactFacts& artifact : artifacts) {
    if (artifact.candidate_id == candidate_id) names.insert(artifact.name);
  }
  return names;
}

Json usd_or_null(const std::optional<std::int64_t>& micro_usd) {
  return micro_usd ? Json(static_cast<double>(*micro_usd) / 1e6) : Json(nullptr);
}

Json candidate_json(const CandidateFacts& candidate, const std::vector<ArtifactFacts>& artifacts) {
  return {{"candidate_id", candidate.candidate_id},
          {"kind", candidate.kind},
          {"parent_id", text_or_null(candidate.parent_id)},
          {"second_parent_id", text_or_null(candidate.second_parent_id)},
          {"generator", text_or_null(candidate.generator)},
          {"attempt", candidate.attempt},
          {"status", candidate.status},
          {"outcome", text_or_null(candidate.outcome)},
          {"accepted", candidate.accepted},
          {"best", candidate.best},
          {"score", score_or_null(candidate.score)},
          {"public_score", number_or_null(candidate.public_score)},
          {"rank", number_or_null(candidate.rank)},
          {"teams", number_or_null(candidate.teams)},
          {"plan", text_or_null(candidate.plan_line)},
          {"reason_code", text_or_null(candidate.reason_code)},
          {"message", text_or_null(candidate.message)},
          {"created_at", text_or_null(candidate.created_at)},
          {"ended_at", text_or_null(candidate.ended_at)},
          {"seconds", number_or_null(candidate.wall_seconds)},
          {"model", text_or_null(candidate.model)},
          {"calls", candidate.calls},
          {"tokens", candidate.tokens},
          {"input_tokens", candidate.input_tokens},
          {"cached_tokens", candidate.cached_tokens},
          {"output_tokens", candidate.output_tokens},
          {"cost_usd", usd_or_null(candidate.cost_micro_usd)},
          {"artifacts", file_names(candidate.candidate_id, artifacts)}};
}

Json run_json(const RunFacts& run) {
  return {{"run_id", run.run_id},
          {"candidate_id", run.candidate_id},
          {"attempt", run.attempt},
          {"purpose", text_or_null(run.purpose)},
          {"status", run.status},
          {"outcome", text_or_null(run.outcome)},
          {"verdict_code", text_or_null(run.verdict_code)},
          {"message", text_or_null(run.message)},
          {"score", score_or_null(run.score)},
          {"wall_seconds", number_or_null(run.wall_seconds)},
          {"cpu_seconds", number_or_null(run.cpu_seconds)},
          {"memory_peak_bytes", number_or_null(run.memory_peak_bytes)},
          {"sandbox", text_or_null(run.sandbox)},
          {"started_at", text_or_null(run.started_at)},
          {"ended_at", text_or_null(run.ended_at)}};
}

std::string artifact_link(const std::string& job_id, const ArtifactFacts& artifact) {
  const std::string& owner = artifact.run_id.empty() ? artifact.candidate_id : artifact.run_id;
  std::string link = "/jobs/" + job_id + "/artifacts/";
  if (!owner.empty()) link += owner + "/";
  return link + artifact.name;
}

Json artifact_json(const std::string& job_id, const ArtifactFacts& artifact) {
  return {{"name", artifact.name},
          {"candidate_id", text_or_null(artifact.candidate_id)},
          {"run_id", text_or_null(artifact.run_id)},
          {"bytes", artifact.bytes},
          {"sha256", text_or_null(artifact.sha256)},
          {"key", artifact.key},
          {"created_at", text_or_null(artifact.created_at)},
          {"link", artifact_link(job_id, artifact)}};
}

Json run_answer_of(const v1::Event& requested, const JsonOptions& options) {
  const JobFacts facts = facts_of_requested(requested);
  return {{"job_id", facts.job_id},
          {"status", "queued"},
          {"kaggle_url", text_or_null(facts.kaggle_url)},
          {"competition_name", text_or_null(facts.competition_name)},
          {"created_at", text_or_null(facts.created_at)},
          {"message", facts.message},
          {"k8s_job_name", nullptr},
          {"warnings", facts.warnings},
          {"links", links_of(facts.job_id, facts.trace_id, options)},
          {"trace_id", text_or_null(facts.trace_id)}};
}

template <typename Facts, typename Write>
Json list_of(const std::vector<Facts>& all, Write write) {
  Json list = Json::array();
  for (const Facts& each : all) list.push_back(write(each));
  return list;
}

// Texts of others may hold bytes that are no UTF-8; they are replaced rather than thrown over.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string run_answer_json(const v1::Event& requested, const JsonOptions& options) {
  return dump(run_answer_of(requested, options));
}

std::string retry_answer_json(const v1::Event& requested, const JsonOptions& options) {
  Json json = run_answer_of(requested, options);
  json["retried_from"] = text_or_null(requested.requested().retried_from());
  return dump(json);
}

std::string status_json(const JobFacts& job, const JsonOptions& options) {
  return dump(status_of(job, options));
}

std::string jobs_json(const JobPage& page, const JsonOptions& options) {
  Json jobs = Json::array();
  for (const JobFacts& job : page.jobs) jobs.push_back(status_of(job, options));
  return dump({{"total", page.total},
               {"jobs", std::move(jobs)},
               {"next_cursor", text_or_null(page.next_cursor)}});
}

std::string job_json(const JobFacts& job, const std::vector<CandidateFacts>& candidates,
                     const std::vector<RunFacts>& runs, const std::vector<ArtifactFacts>& artifacts,
                     const JsonOptions& options) {
  Json json = status_of(job, options);
  json["candidates"] = list_of(
      candidates, [&](const CandidateFacts& each) { return candidate_json(each, artifacts); });
  json["runs"] = list_of(runs, run_json);
  json["artifacts"] = list_of(
      artifacts, [&](const ArtifactFacts& each) { return artifact_json(job.job_id, each); });
  return dump(json);
}

std::string spending_json(const std::vector<SpendingFacts>& tenants) {
  return dump({{"tenants", list_of(tenants, [](const SpendingFacts& each) -> Json {
                  return {{"tenant", each.tenant},
                          {"jobs", each.jobs},
                          {"candidates", each.candidates},
                          {"calls", each.calls},
                          {"tokens", each.tokens},
                          {"input_tokens", each.input_tokens},
                          {"cached_tokens", each.cached_tokens},
                          {"output_tokens", each.output_tokens},
                          {"cost_usd", static_cast<double>(each.cost_micro_usd) / 1e6},
                          {"unpriced_calls", each.unpriced_calls}};
                })}});
}

std::string logs_json(const JobFacts& job, const std::string& logs) {
  return dump({{"job_id", job.job_id},
               {"pod_name", text_or_null(job.sandbox_name)},
               {"status", job.status},
               {"logs", logs}});
}

std::string progress_sentence(const JobFacts& job) {
  if (job.status == "queued") return "waiting for its first step";
  if (job.ended()) {
    return job.status == "success" ? "ended with a submission" : "ended: " + job.status;
  }
  std::string sentence = job.stage.empty() ? "running" : job.stage;
  if (!job.activity.empty()) sentence += " (" + job.activity + ")";
  if (job.candidates > 0) {
    sentence += std::format(", {} of {} candidates done", job.candidates_done,
                            std::max(job.candidates, job.candidates_max));
  }
  return sentence;
}

}  // namespace podium::gateway
