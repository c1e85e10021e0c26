#include "services/codegen/report/cost_text.hpp"

#include <algorithm>
#include <format>
#include <map>
#include <utility>

#include "services/codegen/report/markdown.hpp"
#include "services/codegen/report/report_limits.hpp"
#include "services/codegen/report/story_words.hpp"

namespace podium::codegen {
namespace {

struct Cost {
  std::uint64_t calls = 0;
  std::uint64_t input_tokens = 0;
  std::uint64_t cached_tokens = 0;
  std::uint64_t output_tokens = 0;
  std::uint64_t tokens = 0;
  std::int64_t micro_usd = 0;
  bool unknown = false;

  void add(const DraftStory& draft) {
    calls += draft.use.calls();
    input_tokens += draft.use.input_tokens();
    cached_tokens += draft.use.cached_tokens();
    output_tokens += draft.use.output_tokens();
    tokens += draft.tokens;
    micro_usd += draft.cost_micro_usd;
    unknown |= draft.use.cost_unknown();
  }

  std::string money() const {
    return money_words(micro_usd) + (unknown ? " and calls whose price is not known" : "");
  }
};

std::string model_of(const v1::ModelUse& use) {
  if (use.provider().empty() && use.model().empty()) return "not told";
  return markdown_line(use.provider() + " " + use.model(), kLineBytesMax);
}

std::string runs_text(const JobStory& story) {
  std::size_t runs = 0;
  double wall = 0;
  double cpu = 0;
  std::uint64_t memory = 0;
  for (const auto& candidate : story.candidates) {
    for (const auto& run : candidate.runs) {
      ++runs;
      wall += run.executed.wall_seconds();
      cpu += run.executed.cpu_seconds();
      memory = std::max(memory, run.executed.memory_peak_bytes());
    }
  }
  constexpr std::uint64_t kMiB = 1ULL << 20;
  return std::format("- {} runs took {} ({} of processors), at most {} MiB of memory.\n", runs,
                     time_words(wall), time_words(cpu), memory / kMiB);
}

}  // namespace

std::string cost_text(const JobStory& story) {
  std::map<std::string, Cost> by_model;
  Cost all;
  for (const auto& candidate : story.candidates) {
    for (const auto& draft : candidate.drafts) {
      if (draft.tokens == 0 && draft.use.calls() == 0) continue;
      by_model[model_of(draft.use)].add(draft);
      all.add(draft);
    }
  }
  std::string out;
  if (story.seconds > 0) {
    out += std::format("- From the request to the end {}.\n", time_words(story.seconds));
  }
  out += runs_text(story);
  if (by_model.empty()) return out + "- No language model was paid: 0 tokens, $0.\n";
  out += std::format("- Language models: {} tokens, {}.\n\n", all.tokens, all.money());
  out +=
      "| model | calls | tokens in | of them cached | tokens out | cost "
      "|\n|---|---|---|---|---|---|\n";
  for (const auto& [model, cost] : by_model) {
    out += std::format("| {} | {} | {} | {} | {} | {} |\n", model, cost.calls, cost.input_tokens,
                       cost.cached_tokens, cost.output_tokens, cost.money());
  }
  return out;
}

}  // namespace podium::codegen
