#include "cli/solution_tree.hpp"

#include <algorithm>
#include <format>
#include <set>

#include "cli/event_line.hpp"
#include "cli/text_table.hpp"

namespace podium::cli {
namespace {

/// Deeper ones stand at this depth; a search does not go so far.
constexpr std::size_t kDepthMax = 20;

/// Where a candidate stands in the tree.
struct Place {
  const Candidate* candidate = nullptr;
  /// What is drawn before its id.
  std::string branch;
};

/// Walks down from the candidates without a known parent. Whatever the parents say, each candidate
/// stands there once.
class TreeWalk {
 public:
  explicit TreeWalk(const std::vector<Candidate>& candidates) : candidates_{candidates} {}

  std::vector<Place> places() {
    for (const Candidate& candidate : candidates_) {
      if (!has_parent(candidate)) visit(candidate, "", "", 0);
    }
    for (const Candidate& candidate : candidates_) visit(candidate, "", "", 0);
    return std::move(places_);
  }

 private:
  bool has_parent(const Candidate& candidate) const {
    return std::ranges::any_of(candidates_, [&](const Candidate& other) {
      return other.id == candidate.parent_id && &other != &candidate;
    });
  }

  // `branch` is drawn before the candidate, `below` before what grows from it.
  void visit(const Candidate& candidate, const std::string& branch, const std::string& below,
             std::size_t depth) {
    if (!seen_.insert(&candidate).second) return;
    places_.push_back({&candidate, branch});
    std::vector<const Candidate*> children;
    for (const Candidate& other : candidates_) {
      if (other.parent_id == candidate.id && !seen_.contains(&other)) children.push_back(&other);
    }
    const bool goes_in = depth < kDepthMax;
    for (const Candidate* const child : children) {
      const bool is_last = child == children.back();
      visit(*child, below + (is_last ? "└─ " : "├─ "),
            goes_in ? below + (is_last ? "   " : "│  ") : below, depth + 1);
    }
  }

  const std::vector<Candidate>& candidates_;
  std::set<const Candidate*> seen_;
  std::vector<Place> places_;
};

Tone tone_of(const Candidate& candidate) {
  if (candidate.best) return Tone::good;
  const bool has_failed =
      candidate.status == "failed" || (candidate.status == "done" && !candidate.accepted);
  return has_failed ? Tone::bad : Tone::plain;
}

std::string kind_of(const Candidate& candidate) {
  if (candidate.second_parent_id.empty()) return candidate.kind;
  return candidate.kind + " with " + candidate.second_parent_id;
}

// A score that was not told by the code itself counts more than any that was.
bool beats(const CandidateScore& score, const CandidateScore& best) {
  const bool is_trusted = score.kind == "trusted";
  const bool best_is_trusted = best.kind == "trusted";
  if (is_trusted != best_is_trusted) return is_trusted;
  return score.higher_is_better ? score.value > best.value : score.value < best.value;
}

}  // namespace

std::string describe_tree(const JobDetail& detail, const Console& console) {
  if (detail.candidates.empty()) return "No candidates yet.\n";
  std::vector<TableRow> rows;
  for (const auto& [candidate, branch] : TreeWalk{detail.candidates}.places()) {
    rows.push_back({.cells = {branch + candidate->id + (candidate->best ? " *" : ""),
                              kind_of(*candidate), candidate->generator, outcome_of(*candidate),
                              score_of(*candidate), seconds_of(*candidate), tokens_of(*candidate),
                              cost_of(*candidate), candidate->plan},
                    .tone = tone_of(*candidate)});
  }
  return table_text(
      {"CANDIDATE", "KIND", "BY", "OUTCOME", "SCORE", "TOOK", "TOKENS", "COST", "PLAN"}, rows,
      console);
}

std::vector<ScoredCandidate> scores_over_time(const JobDetail& detail) {
  const double begin = parse_time(detail.job.created_at).value_or(0);
  std::vector<ScoredCandidate> scored;
  for (const Candidate& candidate : detail.candidates) {
    const auto end = parse_time(candidate.ended_at);
    if (!candidate.accepted || !candidate.score || !end) continue;
    scored.push_back({.candidate = candidate, .elapsed_seconds = std::max(*end - begin, 0.0)});
  }
  std::ranges::stable_sort(scored, {}, &ScoredCandidate::elapsed_seconds);
  const CandidateScore* best = nullptr;
  for (ScoredCandidate& each : scored) {
    each.is_best_so_far = best == nullptr || beats(*each.candidate.score, *best);
    if (each.is_best_so_far) best = &*each.candidate.score;
  }
  return scored;
}

std::string describe_scores(const JobDetail& detail, const Console& console) {
  const auto scored = scores_over_time(detail);
  if (scored.empty()) return "No accepted candidates yet.\n";
  std::vector<TableRow> rows;
  for (const ScoredCandidate& each : scored) {
    const std::chrono::milliseconds elapsed{static_cast<long long>(each.elapsed_seconds * 1e3)};
    rows.push_back({.cells = {duration_text(elapsed), each.candidate.id, score_of(each.candidate),
                              each.is_best_so_far ? "best so far" : "",
                              public_score_of(each.candidate), each.candidate.plan},
                    .tone = each.is_best_so_far ? Tone::good : Tone::plain});
  }
  return table_text({"AFTER", "CANDIDATE", "SCORE", "", "", "PLAN"}, rows, console);
}

}  // namespace podium::cli
