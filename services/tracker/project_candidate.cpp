#include <algorithm>
#include <format>

#include "libs/competition/words.hpp"
#include "services/tracker/fold.hpp"

namespace podium::tracker {
namespace {

// What the options do not say is first told by the budget that the search hands on.
void learn_budget(const Fold& fold, const v1::BudgetLeft& left) {
  JobRow& job = fold.job;
  if (!job.deadline && left.seconds() > 0) {
    job.deadline = fold.message.time + std::chrono::seconds{left.seconds()};
  }
  if (!job.candidates_max && left.candidates() > 0) {
    job.candidates_max = job.candidates + whole(left.candidates());
  }
}

// What was asked of models is paid for, whatever became of it: so it counts also when the event
// comes too late to change anything else. `answer` is a Drafted or a DraftFailed.
template <typename Answer>
void spend(const Fold& fold, CandidateRow& candidate, const Answer& answer) {
  candidate.tokens += whole(answer.tokens());
  candidate.cost_micro_usd += answer.cost_micro_usd();
  fold.job.tokens += whole(answer.tokens());
  fold.job.cost_micro_usd += answer.cost_micro_usd();
  const v1::ModelUse& use = answer.model_use();
  const bool is_newest = answer.attempt() >= candidate.attempt;
  if (is_newest && !use.model().empty()) candidate.use.model = storable(use.model());
  candidate.use.calls += use.calls();
  candidate.use.input_tokens += whole(use.input_tokens());
  candidate.use.cached_tokens += whole(use.cached_tokens());
  candidate.use.output_tokens += whole(use.output_tokens());
  candidate.use.cost_unknown = candidate.use.cost_unknown || use.cost_unknown();
}

// Those of the newest attempt take the place of an earlier one's.
template <typename Answer>
void keep_exchange(const Fold& fold, const CandidateRow& candidate, const Answer& answer) {
  keep_artifact(fold, candidate.id, "", "prompt.md", answer.prompt());
  keep_artifact(fold, candidate.id, "", "reply.md", answer.reply());
}

void open_candidate(const Fold& fold, const PartKey& key, const v1::DraftRequested& requested) {
  CandidateRow& candidate = fold.rows.candidates.change(key);
  candidate.job_id = key.first;
  candidate.id = key.second;
  candidate.number = ++fold.job.candidates;
  candidate.kind = competition::word(requested.kind()).value_or("draft");
  candidate.parent_id = text_or_null(requested.parent_id());
  candidate.second_parent_id = text_or_null(requested.second_parent_id());
  candidate.generator = competition::word(requested.generator()).value_or("builtin");
  candidate.attempt = requested.attempt();
  candidate.created_at = fold.message.time;
  candidate.last = fold.message.at;
  move_candidate(fold, candidate, "drafting");
}

}  // namespace

// A request that is repeated word for word changes nothing; a later attempt opens the draft again.
void fold_draft_requested(const Fold& fold, const v1::DraftRequested& requested) {
  const PartKey key{fold.job.id, storable(requested.candidate_id())};
  if (fold.rows.candidates.find(key) == nullptr) {
    open_candidate(fold, key, requested);
  } else {
    CandidateRow& candidate = fold.rows.candidates.change(key);
    candidate.last = fold.message.at;
    if (requested.attempt() > candidate.attempt) {
      candidate.attempt = requested.attempt();
      candidate.generator = competition::word(requested.generator()).value_or(candidate.generator);
      candidate.reason_code.reset();
      candidate.message.reset();
      candidate.ended_at.reset();
      move_candidate(fold, candidate, "drafting");
    }
  }
  learn_budget(fold, requested.budget_left());
}

void fold_drafted(const Fold& fold, const v1::Drafted& drafted) {
  CandidateRow* const candidate = known_candidate(fold, drafted.candidate_id());
  if (candidate == nullptr) return;
  spend(fold, *candidate, drafted);
  if (candidate->status != "drafting" && candidate->status != "failed") {
    note_illegal_move(
        fold, std::format("drafted, but candidate {} is {}", candidate->id, candidate->status));
    return;
  }
  candidate->attempt = std::max<std::int64_t>(candidate->attempt, drafted.attempt());
  candidate->plan_line = text_or_null(drafted.plan_line());
  candidate->code_key = text_or_null(drafted.code().key());
  candidate->plan_key = text_or_null(drafted.plan().key());
  candidate->reason_code.reset();
  candidate->message.reset();
  candidate->ended_at.reset();
  keep_artifact(fold, candidate->id, "", "solution.py", drafted.code());
  keep_artifact(fold, candidate->id, "", "plan.md", drafted.plan());
  keep_artifact(fold, candidate->id, "", "requirements.txt", drafted.requirements());
  keep_exchange(fold, *candidate, drafted);
  move_candidate(fold, *candidate, "drafted");
}

void fold_draft_failed(const Fold& fold, const v1::DraftFailed& failed) {
  CandidateRow* const candidate = known_candidate(fold, failed.candidate_id());
  if (candidate == nullptr) return;
  spend(fold, *candidate, failed);
  // An answer to an attempt that was given up, or that came after the candidate was written anyway.
  if (candidate->status != "drafting" || failed.attempt() < candidate->attempt) return;
  candidate->reason_code = text_or_null(failed.reason_code());
  candidate->message = text_or_null(failed.message());
  candidate->ended_at = fold.message.time;
  keep_exchange(fold, *candidate, failed);
  move_candidate(fold, *candidate, "failed");
}

}  // namespace podium::tracker
