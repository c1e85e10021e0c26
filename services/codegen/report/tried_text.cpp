#include "services/codegen/report/tried_text.hpp"

#include <algorithm>
#include <format>
#include <map>
#include <ranges>

#include "services/codegen/report/markdown.hpp"
#include "services/codegen/report/report_limits.hpp"
#include "services/codegen/report/story_words.hpp"

namespace podium::codegen {
namespace {

/// Deeper branches are drawn like this one.
constexpr std::size_t kDepthDrawnMax = 12;

std::string branch(std::size_t depth) {
  if (depth == 0) return {};
  std::string out;
  for (std::size_t i = 1; i < std::min(depth, kDepthDrawnMax); ++i) out += "· ";
  return out + "└ ";
}

std::string row(const TreePlace& place, const JobStory& story) {
  const CandidateStory& candidate = *place.candidate;
  const RunStory* run = candidate.telling_run();
  const bool best = &candidate == story.winner();
  const v1::Score score = run == nullptr ? v1::Score{} : run->executed.score();
  const std::string number = score_number(score);
  return std::format("| {}{}{} | {} | {} | {} | {} | {} | {} | {} |\n", branch(place.depth),
                     markdown_name(candidate.id), best ? " ★" : "", kind_words(candidate),
                     author_words(candidate), markdown_line(candidate.plan_line, kLineBytesMax),
                     outcome_words(candidate), number,
                     number.empty() ? "" : score_kind_word(score.kind()),
                     run == nullptr ? "" : time_words(run->executed.wall_seconds()));
}

std::string counts(const JobStory& story) {
  std::map<std::string_view, std::size_t> by_outcome;
  for (const auto& candidate : story.candidates) {
    const RunStory* run = candidate.telling_run();
    ++by_outcome[run == nullptr ? "without a run" : outcome_word(run->executed.outcome())];
  }
  std::string out;
  for (const auto& [outcome, count] : by_outcome) {
    out += std::format("{}{} {}", out.empty() ? "" : ", ", count, outcome);
  }
  return out;
}

bool is_better(const v1::Score& score, const v1::Score& than) {
  if (than.metric().empty()) return true;
  return score.higher_is_better() ? score.value() > than.value() : score.value() < than.value();
}

}  // namespace

std::vector<TreePlace> in_tree_order(const JobStory& story) {
  std::map<std::string_view, std::vector<const CandidateStory*>> children;
  std::vector<TreePlace> open;
  for (const auto& candidate : story.candidates) {
    const bool root = story.find(candidate.parent_id) == nullptr;
    children[root ? std::string_view{} : candidate.parent_id].push_back(&candidate);
  }
  const auto open_all = [&](std::string_view parent, std::size_t depth) {
    for (const auto* child : children[parent] | std::views::reverse) open.push_back({child, depth});
  };
  open_all({}, 0);
  std::vector<TreePlace> order;
  while (!open.empty()) {
    order.push_back(open.back());
    open.pop_back();
    open_all(order.back().candidate->id, order.back().depth + 1);
  }
  return order;
}

std::string tried_text(const JobStory& story) {
  if (story.candidates.empty()) return "No candidate was asked for.\n";
  std::string out = std::format("{} candidates: {}.\n\n", story.candidates.size(), counts(story));
  out += "| candidate | what | written by | plan | outcome | score | kind | time |\n";
  out += "|---|---|---|---|---|---|---|---|\n";
  const auto order = in_tree_order(story);
  for (const TreePlace& place : order | std::views::take(kCandidatesToldMax)) {
    out += row(place, story);
  }
  if (order.size() > kCandidatesToldMax) {
    out += std::format("\n{} more are not told here.\n", order.size() - kCandidatesToldMax);
  }
  return out;
}

std::string worked_text(const JobStory& story) {
  v1::Score best;
  std::string out;
  for (const auto& candidate : story.candidates) {
    const RunStory* run = candidate.telling_run();
    if (run == nullptr || !run->executed.verdict().accepted()) continue;
    const auto& score = run->executed.score();
    if (score.metric().empty() || !is_better(score, best)) continue;
    out += std::format(
        "- {} ({}) {}: {}\n", markdown_name(candidate.id), kind_words(candidate),
        best.metric().empty() ? "reached " + score_number(score) : "made it " + score_number(score),
        markdown_line(candidate.plan_line, kLineBytesMax));
    best = score;
  }
  return out.empty() ? "No candidate left an accepted submission with a score.\n" : out;
}

}  // namespace podium::codegen
