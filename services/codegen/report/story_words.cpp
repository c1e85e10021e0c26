#include "services/codegen/report/story_words.hpp"

#include <cmath>
#include <format>

#include "services/codegen/report/markdown.hpp"
#include "services/codegen/report/report_limits.hpp"

namespace podium::codegen {

std::string_view status_word(v1::JobStatus status) {
  switch (status) {
    case v1::JOB_STATUS_SUCCESS:
      return "success";
    case v1::JOB_STATUS_FAILED:
      return "failed";
    case v1::JOB_STATUS_TIMEOUT:
      return "timed out";
    case v1::JOB_STATUS_CANCELLED:
      return "cancelled";
    default:
      return "ended";
  }
}

std::string_view outcome_word(v1::RunOutcome outcome) {
  switch (outcome) {
    case v1::RUN_OUTCOME_OK:
      return "ok";
    case v1::RUN_OUTCOME_CRASHED:
      return "crashed";
    case v1::RUN_OUTCOME_TIMED_OUT:
      return "timed out";
    case v1::RUN_OUTCOME_OUT_OF_MEMORY:
      return "out of memory";
    case v1::RUN_OUTCOME_DISK_FULL:
      return "disk full";
    case v1::RUN_OUTCOME_INVALID_SUBMISSION:
      return "submission refused";
    case v1::RUN_OUTCOME_CANCELLED:
      return "cancelled";
    case v1::RUN_OUTCOME_LOST:
      return "lost";
    default:
      return "not finished";
  }
}

std::string_view author_words(const CandidateStory& candidate) {
  if (candidate.generator == v1::GENERATOR_BUILTIN) return "the built-in generator";
  if (candidate.generator == v1::GENERATOR_EARLIER) return "the winner of an earlier job";
  if (candidate.generator != v1::GENERATOR_MODEL) return "not told";
  return candidate.scaffold ? "a model, within the scaffold" : "a model";
}

std::string kind_words(const CandidateStory& candidate) {
  const std::string parent = markdown_name(candidate.parent_id);
  if (!candidate.second_parent_id.empty()) {
    return std::format("merges {} and {}", parent, markdown_name(candidate.second_parent_id));
  }
  switch (candidate.kind) {
    case v1::CANDIDATE_KIND_DEBUG:
      return "mends " + parent;
    case v1::CANDIDATE_KIND_IMPROVE:
      return "improves " + parent;
    case v1::CANDIDATE_KIND_ENSEMBLE:
      return "ensemble";
    default:
      return "draft";
  }
}

std::string outcome_words(const CandidateStory& candidate) {
  if (const RunStory* run = candidate.telling_run()) {
    const auto& executed = run->executed;
    std::string words{outcome_word(executed.outcome())};
    if (!executed.verdict().code().empty()) {
      words += ": " + markdown_line(executed.verdict().code(), kLineBytesMax);
    }
    return words;
  }
  if (!candidate.code.key().empty()) return "written, not run";
  const bool failed = !candidate.drafts.empty() && candidate.drafts.back().failed;
  if (!failed) return "not written";
  return "not written: " + markdown_line(candidate.drafts.back().reason_code, kLineBytesMax);
}

std::string score_number(const v1::Score& score) {
  if (score.metric().empty()) return {};
  std::string number = std::format("{:.6g}", score.value());
  if (score.spread() > 0) number += std::format(" ± {:.2g}", score.spread());
  return number;
}

std::string_view score_kind_word(v1::ScoreKind kind) {
  switch (kind) {
    case v1::SCORE_KIND_TRUSTED:
      return "trusted";
    case v1::SCORE_KIND_REPORTED:
      return "reported";
    case v1::SCORE_KIND_LEADERBOARD:
      return "leaderboard";
    default:
      return "of unknown kind";
  }
}

std::string score_words(const v1::Score& score) {
  if (score.metric().empty()) return "none";
  std::string words = std::format(
      "{} {} ({} is better; {}", markdown_line(score.metric(), 100), score_number(score),
      score.higher_is_better() ? "higher" : "lower", score_kind_word(score.kind()));
  if (score.folds() > 0) words += std::format(", {} folds", score.folds());
  return words + ")";
}

std::string time_words(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "?";
  if (seconds < 60) return std::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(std::round(std::min(seconds, 1e12)));
  if (whole < 3600) return std::format("{} min {} s", whole / 60, whole % 60);
  return std::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string money_words(std::int64_t micro_usd) {
  return std::format("${:.4f}", static_cast<double>(micro_usd) / 1e6);
}

}  // namespace podium::codegen
