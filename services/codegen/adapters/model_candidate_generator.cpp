#include "services/codegen/adapters/model_candidate_generator.hpp"

#include <algorithm>
#include <array>
#include <format>

#include "services/codegen/calls/call_errors.hpp"
#include "services/codegen/calls/call_limits.hpp"
#include "services/codegen/generator/scaffold.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/prompts/prompt_writer.hpp"
#include "services/codegen/replies/candidate_reply.hpp"
#include "services/codegen/replies/reply_errors.hpp"
#include "services/codegen/resource_tiers.hpp"

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
                                     &call_errors::kTimedOut};
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
  auto needs = needs_stated_in(program.code);
  return {.code = std::move(program.code),
          .plan = std::move(program.plan),
          .plan_line = std::move(program.plan_line),
          .requirements = std::move(program.requirements),
          .needs = std::move(needs)};
}

v1::Progressed progress_of(std::uint64_t bytes) {
  v1::Progressed progress;
  progress.set_phase("generating");
  progress.set_done(bytes);
  progress.set_unit("bytes");
  return progress;
}

}  // namespace

/// What one draft is about.
struct ModelCandidateGenerator::Task {
  const DraftOrder& order;
  PromptInput input;
  /// Only its function is asked for.
  std::optional<Scaffold> scaffold;

  AnswerForm form() const {
    if (scaffold) return AnswerForm::function;
    const bool changes = !input.parent_code.empty() && input.second_code.empty();
    return changes ? AnswerForm::changes : AnswerForm::program;
  }
  CallKey key(std::uint32_t call) const {
    return {.job = order.job_id,
            .candidate = order.request.candidate_id(),
            .attempt = order.request.attempt(),
            .call = call};
  }
  Result<ProgramReply> read(const CallRecord& record) const {
    auto options = read_options(order, record);
    if (!scaffold) {
      // Models answer with changes also where the whole program was asked for.
      return read_candidate(record.text, input.parent_code, options);
    }
    options.whole_program = false;
    auto reply = PODIUM_TRY(read_candidate(record.text, "", options));
    reply.code = PODIUM_TRY(fill_scaffold(*scaffold, reply.code));
    reply.requirements = scaffold->requirements;
    return reply;
  }
};

Result<DraftAnswer> ModelCandidateGenerator::draft(const DraftOrder& order) {
  const auto task = PODIUM_TRY(task_of(order));
  DraftAnswer answer{.draft = fail(errors::kInternal, "no model was asked")};
  const auto done = converse(task, answer);
  if (!done && !done.error().is(call_errors::kNotWanted)) return std::unexpected{done.error()};
  if (!done) answer.draft = std::unexpected{done.error()};
  return answer;
}

Result<ModelCandidateGenerator::Task> ModelCandidateGenerator::task_of(const DraftOrder& order) {
  const auto& request = order.request;
  Task task{.order = order,
            .input = {.request = request,
                      .facts = order.facts,
                      .parent_code = PODIUM_TRY(code_of(request.parent_code())),
                      .second_code = PODIUM_TRY(code_of(request.second_parent_code()))},
            .scaffold = std::nullopt};
  if (!request.scaffold()) return task;
  auto scaffold = make_scaffold(parts_.templates, order.facts);
  // A problem that has no scaffold is asked for as a whole program.
  if (!scaffold && scaffold.error().code->disposition == Disposition::reject) return task;
  task.scaffold = PODIUM_TRY(std::move(scaffold));
  task.input.scaffold_contract = task.scaffold->contract;
  return task;
}

Result<void> ModelCandidateGenerator::converse(const Task& task, DraftAnswer& answer) {
  const bool mends = task.order.request.kind() == v1::CANDIDATE_KIND_DEBUG;
  auto call = PODIUM_TRY(ask(
      task.order, task.key(1), mends, [&] { return write_prompt(parts_.prompts, task.input); },
      answer));
  for (std::uint32_t number = 1;; ++number) {
    PODIUM_TRY(record(answer, task.key(number), call));
    if (!call.record.failure.empty()) return {};
    auto program = task.read(call.record);
    if (program) {
      answer.draft = draft_from(*std::move(program));
      return {};
    }
    answer.draft = std::unexpected{program.error()};
    if (number >= kCallsPerAttemptMax || !is_worth_repair(program.error())) return {};
    const auto problem =
        std::format("{}\n{}", program.error().code->sentence, program.error().detail);
    const auto mend = [&] {
      return write_repair(parts_.prompts, call.prompt, call.record.text, problem, task.form());
    };
    call = PODIUM_TRY(ask(task.order, task.key(number + 1), true, mend, answer));
  }
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
