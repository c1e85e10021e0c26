#include "services/codegen/adapters/model_candidate_generator.hpp"

#include <algorithm>

#include "services/codegen/calls/call_errors.hpp"
#include "services/codegen/calls/call_limits.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/prompts/prompt_writer.hpp"
#include "services/codegen/replies/candidate_reply.hpp"
#include "services/codegen/replies/reply_errors.hpp"

namespace podium::codegen {
namespace {

/// Why no provider answered: the record has the code's name, the event takes it as it stands.
const ErrorCode* failure_code(const std::string& name) {
  static constexpr std::array kKnown{&models::model_errors::kRateLimited,
                                     &models::model_errors::kOverloaded,
                                     &models::model_errors::kKeyRefused,
                                     &models::model_errors::kNoMoney,
                                     &models::model_errors::kModelUnknown,
                                     &models::model_errors::kPromptRefused,
                                     &models::model_errors::kContextTooLong,
                                     &models::model_errors::kRequestInvalid,
                                     &models::model_errors::kUnavailable,
                                     &call_errors::kTokensSpent,
                                     &call_errors::kMoneySpent,
                                     &call_errors::kPriceUnknown,
                                     &call_errors::kCallLost,
                                     &errors::kTimeout};
  const auto found =
      std::ranges::find_if(kKnown, [&](const auto* code) { return code->name == name; });
  return found == kKnown.end() ? &errors::kInternal : *found;
}

ReplyStop stop_of(models::StopReason reason) {
  switch (reason) {
    case models::StopReason::finished:
      return ReplyStop::finished;
    case models::StopReason::truncated:
      return ReplyStop::cut_short;
    case models::StopReason::refused:
    case models::StopReason::filtered:
      break;
  }
  return ReplyStop::refused;
}

ReadOptions read_options(const DraftOrder& order, const CallRecord& record) {
  ReadOptions options{.stop = stop_of(record.stop), .whole_program = true, .check = {}};
  options.check.input_folder = "/kaggle/input/" + order.facts.slug();
  for (const auto& file : order.facts.files()) options.check.data_files.push_back(file.path());
  // Pictures and the like are read by patterns that the check does not follow.
  if (!order.facts.folders().empty()) options.check.data_files.clear();
  return options;
}

/// A repair costs a call: not for what another try of the same model would not change.
bool is_worth_repair(const Error& error) {
  return !error.is(reply_errors::kReplyRefused) && !error.is(reply_errors::kReplyRepeats);
}

CandidateDraft draft_from(ProgramReply program) {
  return {.code = std::move(program.code),
          .plan = std::move(program.plan),
          .plan_line = std::move(program.plan_line),
          .requirements = std::move(program.requirements),
          .needs = {}};
}

v1::Progressed progress_of(std::uint64_t bytes) {
  v1::Progressed progress;
  progress.set_phase("generating");
  progress.set_done(bytes);
  progress.set_unit("bytes");
  return progress;
}

}  // namespace

Result<DraftAnswer> ModelCandidateGenerator::draft(const DraftOrder& order) {
  const auto& request = order.request;
  const PromptInput input{.request = request,
                          .facts = order.facts,
                          .parent_code = PODIUM_TRY(code_of(request.parent_code())),
                          .second_code = PODIUM_TRY(code_of(request.second_parent_code()))};
  CallKey key{
      .job = order.job_id, .candidate = request.candidate_id(), .attempt = request.attempt()};
  DraftAnswer answer{.draft = fail(errors::kInternal, "")};
  const bool cheap = request.kind() == v1::CANDIDATE_KIND_DEBUG;
  auto call = ask(order, key, cheap, [&] { return write_prompt(parts_.prompts, input); }, answer);
  const bool patch = !input.parent_code.empty() && input.second_code.empty();
  for (; call; ++key.call) {
    PODIUM_TRY(record(answer, key, *call));
    if (!call->record.failure.empty()) break;
    auto program = read_candidate(call->record.text, patch ? input.parent_code : "",
                                  read_options(order, call->record));
    if (program) {
      answer.draft = draft_from(*std::move(program));
      break;
    }
    answer.draft = std::unexpected{program.error()};
    if (key.call >= kCallsPerAttemptMax || !is_worth_repair(program.error())) break;
    const auto problem =
        std::string{program.error().code->sentence} + "\n" + program.error().detail;
    const auto next = CallKey{key.job, key.candidate, key.attempt, key.call + 1};
    const auto asked = *call;
    call = ask(
        order, next, true,
        [&] {
          return write_repair(parts_.prompts, asked.prompt, asked.record.text, problem, patch);
        },
        answer);
  }
  if (!call && call.error().is(call_errors::kNotWanted)) {
    return DraftAnswer{.draft = std::unexpected{call.error()}};
  }
  if (!call) return std::unexpected{call.error()};
  return answer;
}

Result<std::string> ModelCandidateGenerator::code_of(const v1::ArtifactRef& reference) {
  if (reference.key().empty()) return std::string{};
  return parts_.artifacts.get(reference.key(), kCodeBytesMax);
}

Result<Call> ModelCandidateGenerator::ask(const DraftOrder& order, const CallKey& key, bool cheap,
                                          const std::function<Result<Prompt>()>& write,
                                          const DraftAnswer& so_far) {
  const auto& left = order.request.budget_left();
  const auto time = std::min<std::chrono::system_clock::duration>(
      order.deadline - parts_.clock.now() - kCallEndReserve, kCallTimeMax);
  CallOptions options{
      .choice = {.provider = order.request.provider(),
                 .model = order.request.model(),
                 .cheap = cheap},
      .output_tokens_max = parts_.output_tokens_max,
      .deadline = parts_.steady_clock.now() +
                  std::chrono::duration_cast<std::chrono::steady_clock::duration>(time),
      .stop = order.stop,
      .wanted = order.wanted,
      .on_progress =
          [&order](std::uint64_t bytes) {
            if (order.on_progress) order.on_progress(progress_of(bytes));
          },
      .traceparent = order.traceparent};
  // What is left shrinks by the calls of this very draft; at the end one token and one millionth
  // are left, which no call fits, and not 0, which would mean that there is no cap.
  if (left.tokens() > 0) {
    options.tokens_left = left.tokens() - std::min(left.tokens() - 1, so_far.tokens);
  }
  if (left.cost_micro_usd() > 0) {
    options.cost_micro_usd_left =
        left.cost_micro_usd() - std::min(left.cost_micro_usd() - 1, so_far.cost_micro_usd);
  }
  return parts_.caller.call(key, write, options);
}

/// Adds what a call cost, and shows it to people.
Result<void> ModelCandidateGenerator::record(DraftAnswer& answer, const CallKey& key,
                                             const Call& call) {
  const auto& record = call.record;
  answer.tokens += record.tokens();
  answer.cost_micro_usd += record.cost_micro_usd;
  answer.models_off = record.models_off;
  auto& use = answer.use;
  use.set_calls(use.calls() + 1);
  if (!record.model.empty()) {
    use.set_provider(record.provider);
    use.set_model(record.model);
  }
  use.set_input_tokens(use.input_tokens() + record.usage.input_tokens);
  use.set_cached_tokens(use.cached_tokens() + record.usage.cached_tokens);
  use.set_output_tokens(use.output_tokens() + record.usage.output_tokens);
  use.set_cost_unknown(use.cost_unknown() || record.cost_unknown);
  use.set_seconds(use.seconds() + record.seconds);
  if (!record.failure.empty()) {
    answer.draft = fail(*failure_code(record.failure), record.failure_detail);
  }
  answer.prompt = PODIUM_TRY(parts_.journal.show(key, call.prompt));
  answer.reply = PODIUM_TRY(parts_.journal.show(key, record));
  return {};
}

}  // namespace podium::codegen
