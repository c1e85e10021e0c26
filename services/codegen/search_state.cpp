#include "services/codegen/search_state.hpp"

#include <algorithm>
#include <ranges>
#include <string>

#include "libs/competition/budget.hpp"
#include "libs/competition/text.hpp"
#include "services/codegen/limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::uint32_t kSchemaVersion = 1;

v1::CandidateState* find_mutable(v1::SearchState& state, std::string_view id) {
  for (auto& candidate : *state.mutable_candidates()) {
    if (candidate.id() == id) return &candidate;
  }
  return nullptr;
}

void move_time(v1::SearchState& state, const google::protobuf::Timestamp& time) {
  if (from_proto(time) > from_proto(state.now())) *state.mutable_now() = time;
}

void on_scraped(v1::SearchState& state, const v1::Scraped& scraped) {
  if (state.phase() != v1::SEARCH_PHASE_SCRAPING) return;
  *state.mutable_scraped() = scraped;
  state.set_phase(v1::SEARCH_PHASE_SEARCHING);
}

void fail_search(v1::SearchState& state, const std::string& code, const std::string& message,
                 const std::string& next_step) {
  if (!state.failure_code().empty()) return;
  state.set_failure_code(code);
  state.set_failure_message(message);
  state.set_failure_next_step(next_step);
}

/// What a draft cost, whether it came to anything or not.
template <typename Draft>
void pay(v1::SearchState& state, v1::CandidateState& candidate, const Draft& draft) {
  candidate.set_tokens(candidate.tokens() + draft.tokens());
  candidate.set_cost_micro_usd(candidate.cost_micro_usd() + draft.cost_micro_usd());
  state.set_tokens(state.tokens() + draft.tokens());
  state.set_cost_micro_usd(state.cost_micro_usd() + draft.cost_micro_usd());
}

void on_drafted(v1::SearchState& state, const v1::Drafted& drafted) {
  auto* candidate = find_mutable(state, drafted.candidate_id());
  if (candidate == nullptr || candidate->step() != v1::CANDIDATE_STEP_DRAFTING) return;
  if (candidate->has_code()) return;
  *candidate->mutable_code() = drafted.code();
  *candidate->mutable_requirements() = drafted.requirements();
  *candidate->mutable_needs() = drafted.needs();
  candidate->set_plan_line(drafted.plan_line());
  pay(state, *candidate, drafted);
  if (drafted.generator() != v1::GENERATOR_MODEL) return;
  state.set_model_failures(0);
  const bool capped = state.request().options().cost_micro_usd_max() > 0;
  if (capped && drafted.model_use().cost_unknown()) state.set_models_off("MODEL_PRICE_UNKNOWN");
}

/// A provider that did not answer is not asked for ever; the built-in generator goes on.
void note_model_failure(v1::SearchState& state, const v1::DraftFailed& failed) {
  // Any other reason was found in an answer.
  const bool unanswered = failed.reason_code().starts_with("MODEL_");
  state.set_model_failures(unanswered ? state.model_failures() + 1 : 0);
  if (failed.models_off() || state.model_failures() >= kModelFailuresMax) {
    state.set_models_off(failed.reason_code());
  }
}

void on_draft_failed(v1::SearchState& state, const v1::DraftFailed& failed) {
  auto* candidate = find_mutable(state, failed.candidate_id());
  if (candidate == nullptr || candidate->step() != v1::CANDIDATE_STEP_DRAFTING) return;
  // A failed attempt is no longer asked for: its repeat changes nothing.
  if (candidate->has_code() || !candidate->has_asked_at()) return;
  if (candidate->draft_attempt() != failed.attempt()) return;
  candidate->set_reason_code(failed.reason_code());
  candidate->set_failure(competition::clean_text(failed.message(), kFailureBytesMax));
  candidate->clear_asked_at();
  pay(state, *candidate, failed);
  if (candidate->generator() == v1::GENERATOR_MODEL) note_model_failure(state, failed);
  // A model may say something else when it is asked again, and what an earlier job left may be
  // gone; the built-in generator says the same each time.
  const bool builtin = candidate->generator() == v1::GENERATOR_BUILTIN;
  if (builtin || candidate->draft_attempt() >= kDraftAttemptsMax) {
    candidate->set_step(v1::CANDIDATE_STEP_GIVEN_UP);
  }
}

void on_started(v1::SearchState& state, const v1::Started& started,
                const google::protobuf::Timestamp& time) {
  auto* candidate = find_mutable(state, started.candidate_id());
  if (candidate == nullptr || candidate->step() != v1::CANDIDATE_STEP_RUNNING) return;
  if (started.run_id() != run_id_of(state, *candidate) || candidate->has_run_started_at()) return;
  *candidate->mutable_run_started_at() = time;
}

/// The end of a text, which begins with a whole character: protobuf takes UTF-8 only.
std::string tail(const std::string& text) {
  if (text.size() <= kLogTailBytesMax) return text;
  auto begin = text.size() - kLogTailBytesMax;
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) ++begin;
  return text.substr(begin);
}

/// The ends of logs are most of a state's bytes: only those of the newest failures are kept.
void forget_old_tails(v1::SearchState& state) {
  int kept = 0;
  for (auto& one : std::views::reverse(*state.mutable_candidates())) {
    if (!one.log_tail().empty() && ++kept > kLogTailsMax) one.clear_log_tail();
  }
}

void on_executed(v1::SearchState& state, const v1::Executed& executed) {
  auto* candidate = find_mutable(state, executed.candidate_id());
  if (candidate == nullptr || candidate->step() != v1::CANDIDATE_STEP_RUNNING) return;
  if (executed.run_id() != run_id_of(state, *candidate)) return;
  candidate->set_outcome(executed.outcome());
  candidate->set_run_seconds(executed.wall_seconds());
  candidate->clear_run_started_at();
  candidate->clear_asked_at();
  const bool lost = executed.outcome() == v1::RUN_OUTCOME_LOST;
  if (lost && candidate->run_attempt() < kRunAttemptsMax) return;  // decide runs it again
  if (executed.outcome() == v1::RUN_OUTCOME_OUT_OF_MEMORY && !candidate->more_memory()) {
    candidate->set_more_memory(true);
    return;  // decide runs it once more, with more
  }
  if (lost || executed.outcome() == v1::RUN_OUTCOME_CANCELLED) {
    candidate->set_step(v1::CANDIDATE_STEP_GIVEN_UP);
    return;
  }
  candidate->set_step(v1::CANDIDATE_STEP_DONE);
  candidate->set_reason_code(executed.verdict().code());
  if (executed.outcome() == v1::RUN_OUTCOME_OK && executed.verdict().accepted() &&
      executed.has_submission()) {
    candidate->set_accepted(true);
    *candidate->mutable_submission() = executed.submission();
    if (executed.has_score()) *candidate->mutable_score() = executed.score();
  } else {
    const auto& verdict = executed.verdict().message();
    candidate->set_failure(competition::clean_text(verdict, kFailureBytesMax));
    candidate->set_log_tail(tail(executed.log_tail() + (verdict.empty() ? "" : "\n" + verdict)));
    forget_old_tails(state);
  }
}

void on_hinted(v1::SearchState& state, const v1::Hinted& hinted) {
  const auto text = competition::clean_text(hinted.text(), kHintBytesMax);
  const auto& hints = state.hints();
  if (std::find(hints.begin(), hints.end(), text) != hints.end()) return;
  if (state.hints_size() >= kHintsMax) state.mutable_hints()->erase(state.hints().begin());
  state.add_hints(text);
}

}  // namespace

v1::SearchState initial_state(const v1::Event& requested, const v1::SearchSettings& settings) {
  const auto& request = requested.requested();
  v1::SearchState state;
  state.set_schema_version(kSchemaVersion);
  state.set_job_id(requested.job_id());
  state.set_tenant(requested.tenant());
  state.set_phase(v1::SEARCH_PHASE_SCRAPING);
  *state.mutable_request() = request;
  *state.mutable_created_at() = request.created_at();
  const auto seconds = request.options().time_seconds_max();
  const auto budget = seconds == 0 ? kJobTimeDefault : std::chrono::seconds{seconds};
  *state.mutable_deadline() = to_proto(from_proto(request.created_at()) + budget);
  *state.mutable_now() = request.created_at();
  *state.mutable_trace() = requested.trace();
  *state.mutable_settings() = settings;
  return state;
}

v1::SearchState evolve(v1::SearchState state, const v1::Event& event) {
  if (has_ended(state)) return state;
  switch (event.payload_case()) {
    case v1::Event::kScraped:
      on_scraped(state, event.scraped());
      break;
    case v1::Event::kScrapeFailed:
      if (state.phase() == v1::SEARCH_PHASE_SCRAPING) {
        const auto& failed = event.scrape_failed();
        fail_search(state, failed.reason_code(), failed.message(), failed.next_step());
      }
      break;
    case v1::Event::kDrafted:
      on_drafted(state, event.drafted());
      break;
    case v1::Event::kDraftFailed:
      on_draft_failed(state, event.draft_failed());
      break;
    case v1::Event::kStarted:
      on_started(state, event.started(), event.time());
      break;
    case v1::Event::kExecuted:
      on_executed(state, event.executed());
      break;
    case v1::Event::kCancelRequested:
      state.set_cancelled(true);
      state.set_cancel_reason(event.cancel_requested().reason());
      break;
    case v1::Event::kHinted:
      on_hinted(state, event.hinted());
      break;
    case v1::Event::kStageFailed:
      fail_search(state, event.stage_failed().reason_code(), event.stage_failed().message(), "");
      break;
    default:
      break;
  }
  return state;
}

v1::SearchState evolve(v1::SearchState state, const v1::Tick& tick) {
  if (has_ended(state)) return state;
  move_time(state, tick.now());
  *state.mutable_load() = tick.load();
  return state;
}

v1::SearchState ended_record(const v1::SearchState& state) {
  v1::SearchState record;
  record.set_schema_version(state.schema_version());
  record.set_job_id(state.job_id());
  record.set_tenant(state.tenant());
  record.set_phase(v1::SEARCH_PHASE_ENDED);
  *record.mutable_created_at() = state.created_at();
  *record.mutable_now() = state.now();
  *record.mutable_trace() = state.trace();
  *record.mutable_ended() = state.ended();
  record.mutable_request()->set_request_sha256(state.request().request_sha256());
  *record.mutable_request()->mutable_competition() = state.request().competition();
  *record.mutable_request()->mutable_created_at() = state.request().created_at();
  return record;
}

bool has_ended(const v1::SearchState& state) {
  return state.phase() == v1::SEARCH_PHASE_ENDED;
}

TimePoint now_of(const v1::SearchState& state) {
  return from_proto(state.now());
}

std::chrono::seconds time_left(const v1::SearchState& state) {
  const auto left = from_proto(state.deadline()) - now_of(state);
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(left), std::chrono::seconds{0});
}

std::uint32_t candidates_max(const v1::SearchState& state) {
  const auto wanted = state.request().options().candidates_max();
  return std::min(wanted == 0 ? kCandidatesDefault : wanted, competition::kCandidatesMax);
}

std::uint32_t parallel_max(const v1::SearchState& state) {
  const auto wanted = state.request().options().parallel_candidates_max();
  return std::min(wanted == 0 ? kParallelDefault : wanted, competition::kParallelCandidatesMax);
}

std::uint32_t open_candidates(const v1::SearchState& state) {
  return static_cast<std::uint32_t>(std::ranges::count_if(state.candidates(), [](const auto& one) {
    return one.step() == v1::CANDIDATE_STEP_DRAFTING || one.step() == v1::CANDIDATE_STEP_RUNNING;
  }));
}

std::uint32_t count_of(const v1::SearchState& state, v1::CandidateKind kind) {
  return static_cast<std::uint32_t>(std::ranges::count_if(
      state.candidates(), [kind](const auto& one) { return one.kind() == kind; }));
}

const v1::CandidateState* find_candidate(const v1::SearchState& state, std::string_view id) {
  for (const auto& candidate : state.candidates()) {
    if (candidate.id() == id) return &candidate;
  }
  return nullptr;
}

bool may_ask_models(const v1::SearchState& state) {
  const auto& options = state.request().options();
  if (!state.settings().models() || !state.models_off().empty()) return false;
  if (options.provider() == kBuiltinProvider) return false;
  if (options.tokens_max() != 0 && state.tokens() >= options.tokens_max()) return false;
  return options.cost_micro_usd_max() == 0 || state.cost_micro_usd() < options.cost_micro_usd_max();
}

const v1::CandidateState* best_of(const v1::SearchState& state) {
  const v1::CandidateState* best = nullptr;
  for (const auto& candidate : state.candidates()) {
    if (!candidate.accepted()) continue;
    if (best == nullptr || is_better(candidate, *best)) best = &candidate;
  }
  return best;
}

bool is_better(const v1::CandidateState& left, const v1::CandidateState& right) {
  if (!left.has_score()) return false;
  if (!right.has_score()) return true;
  const double gain = left.score().value() - right.score().value();
  return left.score().higher_is_better() ? gain > 0 : gain < 0;
}

std::string run_id_of(const v1::SearchState& state, const v1::CandidateState& candidate) {
  return state.job_id() + "-" + candidate.id() + "-" + std::to_string(candidate.run_attempt());
}

}  // namespace podium::codegen
