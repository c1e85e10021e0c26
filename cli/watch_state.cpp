#include "cli/watch_state.hpp"

#include <algorithm>
#include <format>

#include "cli/event_facts.hpp"
#include "cli/event_line.hpp"

namespace podium::cli {
namespace {

bool is_better(const v1::Score& score, const std::optional<v1::Score>& best) {
  if (!best) return true;
  return score.higher_is_better() ? score.value() > best->value() : score.value() < best->value();
}

std::string clock_text(std::int64_t seconds) {
  if (seconds < 3'600) return std::format("{}:{:02}", seconds / 60, seconds % 60);
  return std::format("{}:{:02}:{:02}", seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

void WatchState::apply(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kRequested:
      candidates_max_ = event.requested().options().candidates_max();
      seconds_max_ = event.requested().options().time_seconds_max();
      break;
    case v1::Event::kProgressed:
      phase_ = event.progressed().phase();
      amount_ = event.progressed().done() > 0 ? amount_text(event.progressed()) : "";
      return;
    case v1::Event::kScraped:
      scraped_ = true;
      break;
    case v1::Event::kDraftRequested:
      known_.insert(event.draft_requested().candidate_id());
      drafting_.insert(event.draft_requested().candidate_id());
      break;
    case v1::Event::kDrafted:
      drafting_.erase(event.drafted().candidate_id());
      queued_.insert(event.drafted().candidate_id());
      break;
    case v1::Event::kDraftFailed:
      drafting_.erase(event.draft_failed().candidate_id());
      break;
    case v1::Event::kStarted:
      queued_.erase(event.started().candidate_id());
      running_.insert(event.started().candidate_id());
      break;
    case v1::Event::kExecuted: {
      const auto& executed = event.executed();
      queued_.erase(executed.candidate_id());
      running_.erase(executed.candidate_id());
      ++done_;
      const bool counts = executed.outcome() == v1::RUN_OUTCOME_OK && executed.has_score();
      if (counts && is_better(executed.score(), best_)) best_ = executed.score();
      break;
    }
    case v1::Event::kCancelRequested:
      cancelling_ = true;
      break;
    default:
      break;
  }
  phase_.clear();
}

std::string WatchState::step() const {
  if (cancelling_) return "cancelling";
  if (!running_.empty()) return "executing";
  if (!drafting_.empty()) return "generating";
  if (!queued_.empty()) return "waiting for an executor";
  if (scraped_) return "planning";
  return known_.empty() && phase_.empty() ? "waiting" : "fetching";
}

std::string WatchState::text(std::chrono::milliseconds elapsed) const {
  std::string text = step();
  if (!phase_.empty()) {
    text += " (" + one_line(amount_.empty() ? phase_ : phase_ + "  " + amount_, 64) + ")";
  }
  if (!known_.empty()) {
    const auto all = std::max<std::size_t>(candidates_max_, known_.size());
    text += std::format("  {} of {} candidates", std::min(done_, all), all);
  }
  if (best_) text += "  best " + one_line(score_text(*best_), 80);
  text += "  " + clock_text(elapsed.count() / 1000);
  if (seconds_max_ > 0) text += " of " + clock_text(seconds_max_);
  return text;
}

bool WatchState::deserves_line(const v1::Event& event) const {
  return !event.has_progressed() || event.progressed().phase() != phase_;
}

}  // namespace podium::cli
