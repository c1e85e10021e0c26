#include "services/codegen/prompts/prompt_writer.hpp"

#include <algorithm>
#include <format>

#include "libs/competition/text.hpp"
#include "services/codegen/prompts/data_preview.hpp"
#include "services/codegen/prompts/prompt_limits.hpp"
#include "services/codegen/prompts/search_notes.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kPackages =
    "NumPy, pandas 3, scikit-learn, SciPy, LightGBM, CatBoost, XGBoost and Pillow";
constexpr std::string_view kWholeProgram =
    "your plan in three to five sentences, then the whole program in one block that begins with "
    "```python.";
constexpr std::string_view kWholeFunction =
    "your plan in two or three sentences, then the whole function with the imports that it needs "
    "in one block that begins with ```python.";
constexpr std::string_view kPatchForm =
    "two or three sentences, then each change as a block <<<<<<< SEARCH, =======, >>>>>>> REPLACE "
    "whose searched lines stand in the program exactly so; or the whole program in one block that "
    "begins with ```python.";

std::string_view words_of(AnswerForm form) {
  switch (form) {
    case AnswerForm::changes:
      return kPatchForm;
    case AnswerForm::function:
      return kWholeFunction;
    case AnswerForm::program:
      break;
  }
  return kWholeProgram;
}

/// Others' words on one line.
std::string flat(std::string_view text, std::size_t bytes_max) {
  auto clean = competition::clean_text(text, bytes_max);
  std::ranges::replace(clean, '\n', ' ');
  return clean;
}

/// As the program reports it: of a metric that is not in the catalogue only letters and digits, for
/// it stands among the rules.
std::string metric_key(const v1::CompetitionFacts& facts) {
  const auto& metric = facts.metric();
  if (!metric.key().empty()) return metric.key();
  const auto words = competition::words_of(metric.name().substr(0, 60));
  return words.empty() ? "score" : words;
}

/// A fence that nothing in the programs closes.
std::string fence_around(std::string_view first, std::string_view second) {
  std::string fence = "```";
  while (first.contains(fence) || second.contains(fence)) fence += '`';
  return fence;
}

std::string metric_text(const v1::CompetitionFacts& facts) {
  const auto& metric = facts.metric();
  if (metric.key().empty() && metric.name().empty()) {
    return "not named; choose the one that such a task is usually judged by";
  }
  return std::format("{} (`{}`), {} is better{}", flat(metric.name(), 200), metric_key(facts),
                     metric.higher_is_better() ? "higher" : "lower",
                     metric.inferred() ? "; inferred from the pages" : "");
}

std::string gib(std::uint64_t bytes) {
  return std::format("{:.1f} GiB", static_cast<double>(bytes) / (1ULL << 30U));
}

Fillings machine(const PromptInput& input) {
  const auto& run = input.request.run_resources();
  return {{"PACKAGES", std::string{kPackages}},
          {"CPUS", std::format("{:g}", run.cpu_milli() / 1000.0)},
          {"MEMORY", gib(run.memory_bytes())},
          {"GPUS", run.gpus() == 0 ? "no GPU" : std::format("{} GPU", run.gpus())},
          {"INPUT_FOLDER", "/kaggle/input/" + input.facts.slug()},
          {"METRIC", metric_key(input.facts)}};
}

Fillings about_competition(const v1::CompetitionFacts& facts) {
  return {{"TITLE", flat(facts.title(), 200)},
          {"METRIC_TEXT", metric_text(facts)},
          {"TASK", task_text(facts)},
          {"PAGES", "~~~\n" + pages_text(facts, kPromptPagesBytesMax) + "\n~~~"},
          {"PREVIEW", data_preview(facts, kPromptPreviewBytesMax)}};
}

Fillings about_search(const v1::DraftRequested& request) {
  return {{"SECONDS_LEFT", std::to_string(request.budget_left().seconds())},
          {"CANDIDATES_LEFT", std::to_string(request.budget_left().candidates())},
          {"RUN_SECONDS", std::to_string(request.run_seconds_max())},
          {"HINTS", hints_text(request)},
          {"TRIED", tried_text(request, kPromptTriedBytesMax)}};
}

std::string log_end(const std::string& log) {
  auto clean = competition::clean_text(log, log.size());
  if (clean.size() > kPromptLogBytesMax) clean.erase(0, clean.size() - kPromptLogBytesMax);
  for (auto at = clean.find("~~~"); at != std::string::npos; at = clean.find("~~~", at)) {
    clean.replace(at, 3, "---");
  }
  return clean;
}

std::string reason_of_parent(const v1::DraftRequested& request) {
  for (const auto& tried : request.tried()) {
    if (tried.candidate_id() == request.parent_id() && !tried.reason_code().empty()) {
      return " (" + tried.reason_code() + ")";
    }
  }
  return {};
}

std::string outcome_of_parent(const v1::DraftRequested& request) {
  return request.parent_outcome().empty() ? "failed" : request.parent_outcome();
}

std::string_view template_of(const PromptInput& input) {
  const auto& request = input.request;
  if (!input.scaffold_contract.empty()) return "scaffold";
  if (input.parent_code.empty() || input.parent_code.size() > kPromptCodeBytesMax) return "draft";
  if (request.kind() == v1::CANDIDATE_KIND_DEBUG) return "debug";
  if (request.kind() == v1::CANDIDATE_KIND_ENSEMBLE && !input.second_code.empty()) {
    return "ensemble";
  }
  if (request.kind() != v1::CANDIDATE_KIND_IMPROVE) return "draft";
  return input.second_code.empty() ? "improve" : "merge";
}

}  // namespace

Result<Prompt> write_prompt(const PromptLibrary& library, const PromptInput& input) {
  const auto& request = input.request;
  const auto name = template_of(input);
  const Fillings fillings{
      {"SITUATION", PODIUM_TRY(library.fill("situation", about_search(request)))},
      {"FENCE", fence_around(input.parent_code, input.second_code)},
      {"PARENT_CODE", std::string{competition::trim(input.parent_code)}},
      {"PARENT_SCORE", score_text(request, request.parent_id())},
      {"PARENT_OUTCOME", outcome_of_parent(request)},
      {"PARENT_REASON", reason_of_parent(request)},
      {"PARENT_LOG", log_end(request.parent_log_tail())},
      {"SECOND_CODE", std::string{competition::trim(input.second_code)}},
      {"SECOND_SCORE", score_text(request, request.second_parent_id())},
      {"CONTRACT", input.scaffold_contract},
  };
  Prompt prompt;
  prompt.name = library.versioned(name);
  prompt.system = PODIUM_TRY(library.fill("system", machine(input)));
  prompt.messages.push_back(
      {.text = PODIUM_TRY(library.fill("competition", about_competition(input.facts))),
       .cache_to_here = true});
  prompt.messages.push_back({.text = PODIUM_TRY(library.fill(name, fillings))});
  return prompt;
}

Result<Prompt> write_repair(const PromptLibrary& library, const Prompt& prompt,
                            std::string_view reply, std::string_view problem, AnswerForm form) {
  Prompt repair = prompt;
  repair.name = library.versioned("repair");
  auto shown = competition::clean_text(reply, kPromptReplyBytesMax);
  if (competition::trim(shown).empty()) shown = "(an empty answer)";
  repair.messages.push_back({.role = models::Role::assistant, .text = std::move(shown)});
  repair.messages.push_back(
      {.text = PODIUM_TRY(library.fill(
           "repair", {{"PROBLEM", std::string{problem}}, {"FORM", std::string{words_of(form)}}}))});
  return repair;
}

}  // namespace podium::codegen
