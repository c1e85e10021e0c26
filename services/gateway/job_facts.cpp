#include "services/gateway/job_facts.hpp"

#include <algorithm>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/trace.hpp"
#include "libs/competition/words.hpp"

namespace podium::gateway {
namespace {

std::string time_text(const google::protobuf::Timestamp& time) {
  return rfc3339(from_proto(time));
}

ScoreFacts score_facts(const v1::Score& score) {
  return {.metric = score.metric(),
          .value = score.value(),
          .direction = competition::direction_word(score.higher_is_better()),
          .spread = score.spread(),
          .folds = score.folds(),
          .kind = competition::word(score.kind()).value_or("reported")};
}

void apply_request(const v1::Requested& requested, JobFacts& facts) {
  facts.kaggle_url = requested.competition().kaggle_url();
  facts.competition_name = requested.competition().slug();
  if (!requested.competition().folder_sha256().empty()) facts.competition_source = "folder";
  facts.candidates_max = requested.options().candidates_max();
  facts.warnings.assign(requested.warnings().begin(), requested.warnings().end());
  if (requested.has_created_at()) facts.created_at = time_text(requested.created_at());
}

bool has_step(const v1::SearchState& state, v1::CandidateStep step) {
  return std::ranges::any_of(state.candidates(),
                             [&](const auto& candidate) { return candidate.step() == step; });
}

std::string_view stage_of(const v1::SearchState& state) {
  if (state.phase() == v1::SEARCH_PHASE_ENDED) return "done";
  if (state.phase() != v1::SEARCH_PHASE_SEARCHING) return "fetching";
  if (has_step(state, v1::CANDIDATE_STEP_RUNNING)) return "executing";
  if (has_step(state, v1::CANDIDATE_STEP_DRAFTING)) return "generating";
  return "planning";
}

}  // namespace

JobFacts facts_of_requested(const v1::Event& requested) {
  JobFacts facts;
  facts.job_id = requested.job_id();
  facts.tenant = requested.tenant();
  facts.trace_id = trace_id_of(requested.trace().traceparent());
  facts.status = "queued";
  facts.stage = "fetching";
  facts.message = "The job is accepted and waits for its first step.";
  apply_request(requested.requested(), facts);
  return facts;
}

JobFacts facts_of_state(const v1::SearchState& state) {
  JobFacts facts;
  facts.job_id = state.job_id();
  facts.tenant = state.tenant();
  facts.trace_id = trace_id_of(state.trace().traceparent());
  facts.status = "running";
  facts.stage = stage_of(state);
  apply_request(state.request(), facts);
  if (facts.created_at.empty()) facts.created_at = time_text(state.created_at());
  facts.started_at = facts.created_at;
  if (state.has_scraped()) {
    facts.competition_name = state.scraped().slug();
    facts.competition_title = state.scraped().title();
    facts.competition_source = competition::word(state.scraped().door()).value_or("");
  }
  facts.candidates = state.candidates_size();
  facts.candidates_done = std::ranges::count_if(state.candidates(), [](const auto& candidate) {
    return candidate.step() == v1::CANDIDATE_STEP_DONE ||
           candidate.step() == v1::CANDIDATE_STEP_GIVEN_UP;
  });
  facts.tokens = static_cast<std::int64_t>(state.tokens());
  facts.cost_micro_usd = state.cost_micro_usd();
  if (state.has_ended()) apply_ended(state.ended(), time_text(state.now()), facts);
  return facts;
}

void apply_ended(const v1::Ended& ended, std::string_view time, JobFacts& facts) {
  facts.status = competition::word(ended.status()).value_or("failed");
  facts.stage = "done";
  facts.progress = 100;
  facts.activity.clear();
  facts.completed_at = time;
  if (ended.has_started_at()) facts.started_at = time_text(ended.started_at());
  facts.message = ended.message();
  facts.next_step = ended.next_step();
  facts.reason_code = ended.reason_code();
  facts.best_candidate_id = ended.best_candidate_id();
  // None is open any more, whatever a row that is behind says.
  if (ended.candidates() > 0) facts.candidates = ended.candidates();
  facts.candidates_done = facts.candidates;
  facts.score.reset();
  if (ended.has_score()) facts.score = score_facts(ended.score());
  facts.submission_key = ended.submission().key();
  facts.submission_sha256 = ended.submission().sha256();
  facts.submission_bytes = static_cast<std::int64_t>(ended.submission().bytes());
}

}  // namespace podium::gateway
