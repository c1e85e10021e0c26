#include "cli/job_detail.hpp"

#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/event_line.hpp"
#include "cli/json_fields.hpp"

namespace podium::cli {
namespace {

using nlohmann::json;

std::optional<CandidateScore> score_in(const json& object) {
  const auto value = number_or_none_at(object, "/score/value");
  if (!value) return std::nullopt;
  return CandidateScore{.metric = text_at(object, "/score/metric"),
                        .value = *value,
                        .spread = number_at(object, "/score/spread"),
                        .kind = text_at(object, "/score/kind"),
                        .higher_is_better = text_at(object, "/score/direction") == "maximize"};
}

Candidate candidate_in(const json& object) {
  Candidate candidate;
  candidate.id = text_at(object, "/candidate_id");
  candidate.kind = text_at(object, "/kind");
  candidate.parent_id = text_at(object, "/parent_id");
  candidate.second_parent_id = text_at(object, "/second_parent_id");
  candidate.generator = text_at(object, "/generator");
  candidate.model = text_at(object, "/model");
  candidate.status = text_at(object, "/status");
  candidate.outcome = text_at(object, "/outcome");
  candidate.reason_code = text_at(object, "/reason_code");
  candidate.plan = text_at(object, "/plan");
  candidate.accepted = is_true_at(object, "/accepted");
  candidate.best = is_true_at(object, "/best");
  candidate.score = score_in(object);
  candidate.public_score = public_score_at(object, "");
  candidate.seconds = number_or_none_at(object, "/seconds");
  candidate.tokens = static_cast<long>(number_at(object, "/tokens"));
  candidate.cost_usd = number_or_none_at(object, "/cost_usd");
  candidate.ended_at = text_at(object, "/ended_at");
  for (const json& name : list_at(object, "/artifacts")) {
    if (name.is_string()) candidate.files.push_back(one_line(name.get<std::string>()));
  }
  return candidate;
}

StoredFile file_in(const json& object) {
  return {.name = text_at(object, "/name"),
          .candidate_id = text_at(object, "/candidate_id"),
          .run_id = text_at(object, "/run_id"),
          .bytes = number_at(object, "/bytes"),
          .link = text_at(object, "/link")};
}

}  // namespace

Outcome<JobDetail> parse_job_detail(const std::string& body) {
  const auto job = parse_job_status(body);
  if (!job) return std::unexpected{job.error()};
  const json object = json::parse(body, nullptr, false);
  if (!object.contains("candidates")) return not_understood();
  JobDetail detail{.job = *job, .candidates = {}, .files = {}};
  for (const json& each : list_at(object, "/candidates")) {
    detail.candidates.push_back(candidate_in(each));
  }
  for (const json& each : list_at(object, "/artifacts")) detail.files.push_back(file_in(each));
  return detail;
}

Outcome<Candidate> find_candidate(const JobDetail& detail, std::string_view reference) {
  const bool wants_best = reference == "best";
  const auto found = std::ranges::find_if(detail.candidates, [&](const Candidate& candidate) {
    return wants_best ? candidate.best : candidate.id == reference;
  });
  if (found != detail.candidates.end()) return *found;
  return give_up(Exit::not_found,
                 wants_best ? "no candidate of the job is the best one yet"
                            : std::format("the job has no candidate {}", reference),
                 "", std::format("podium tree {}", detail.job.job_id));
}

std::string score_of(const Candidate& candidate) {
  if (!candidate.score) return {};
  const CandidateScore& score = *candidate.score;
  return score_text(score.metric, score.value, score.spread, score.kind);
}

std::string public_score_of(const Candidate& candidate) {
  return candidate.public_score ? "Kaggle " + text_of(*candidate.public_score) : "";
}

std::string outcome_of(const Candidate& candidate) {
  const bool is_over = candidate.status == "done" && !candidate.outcome.empty();
  std::string text = is_over ? candidate.outcome : candidate.status;
  std::ranges::replace(text, '_', ' ');
  if (!candidate.reason_code.empty()) text += " " + candidate.reason_code;
  return text;
}

std::string seconds_of(const Candidate& candidate) {
  if (!candidate.seconds) return {};
  return duration_text(std::chrono::milliseconds{static_cast<long long>(*candidate.seconds * 1e3)});
}

std::string tokens_of(const Candidate& candidate) {
  return candidate.tokens > 0 ? std::to_string(candidate.tokens) : "";
}

std::string cost_of(const Candidate& candidate) {
  if (!candidate.cost_usd) return "?";
  return candidate.tokens > 0 ? std::format("${:.4f}", *candidate.cost_usd) : "";
}

}  // namespace podium::cli
