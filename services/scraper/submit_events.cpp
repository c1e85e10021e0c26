#include "services/scraper/submit_events.hpp"

#include <algorithm>
#include <array>
#include <format>

#include "libs/chassis/event.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/limits.hpp"

namespace podium::scraper {
namespace {

namespace reasons = competition::reasons;

/// Reasons of fetching as well, whose sentences tell to start the job again.
constexpr std::array kAlsoOfFetching{&reasons::kKaggleAuth, &reasons::kKaggleRules,
                                     &reasons::kKaggleNotEntered, &reasons::kKaggleRateLimited,
                                     &reasons::kCompetitionNotFound};

/// The reason's sentence with the job's id where it says JOB.
std::string next_step_of(const ErrorCode& reason, const std::string& job_id) {
  constexpr std::string_view kPlace = "JOB";
  std::string text{reason.sentence};
  for (auto at = text.find(kPlace); at != std::string::npos;
       at = text.find(kPlace, at + job_id.size())) {
    text.replace(at, kPlace.size(), job_id);
  }
  if (std::ranges::contains(kAlsoOfFetching, &reason)) {
    text += std::format(" The submission is kept: podium submit {} sends it then.", job_id);
  }
  return text;
}

}  // namespace

v1::Event submitted_event(const SubmitFacts& facts, const std::string& reference,
                          const std::string& description) {
  auto event = event_of(facts.asked, "submitted", "");
  auto& submitted = *event.mutable_submitted();
  submitted.set_candidate_id(facts.ended.best_candidate_id());
  submitted.set_reference(reference);
  *submitted.mutable_submission() = facts.ended.submission();
  if (facts.ended.has_score()) *submitted.mutable_local_score() = facts.ended.score();
  submitted.set_description(description);
  return event;
}

v1::Event scored_event(const SubmitFacts& facts, const SentSubmission& sent,
                       const BoardPlace& place) {
  auto event = event_of(facts.asked, "leaderboard_scored", "");
  auto& scored = *event.mutable_leaderboard_scored();
  scored.set_candidate_id(facts.ended.best_candidate_id());
  scored.set_reference(sent.reference);
  scored.set_public_score(sent.public_score.value_or(0));
  scored.set_score_hidden(!sent.public_score);
  scored.set_rank(place.rank);
  scored.set_teams(place.teams);
  if (facts.ended.has_score()) *scored.mutable_local_score() = facts.ended.score();
  return event;
}

std::string failed_event_id(const v1::Event& asked, std::uint64_t sequence) {
  return std::format("{}/submit_failed/{}", asked.job_id(), sequence);
}

v1::Event failed_event(const SubmitFacts& facts, const Error& error, const std::string& reference,
                       std::uint64_t sequence) {
  const bool is_reason = competition::find_reason(error.code->name) != nullptr;
  const ErrorCode& reason = is_reason ? *error.code : reasons::kSubmitFailed;
  auto event = event_of(facts.asked, "submit_failed", "");
  event.set_id(failed_event_id(facts.asked, sequence));
  auto& failed = *event.mutable_submit_failed();
  failed.set_candidate_id(facts.ended.best_candidate_id());
  failed.set_reason_code(std::string{reason.name});
  failed.set_message(
      competition::clean_text(is_reason ? error.detail : error.text(), kMessageBytesMax));
  failed.set_next_step(next_step_of(reason, facts.asked.job_id()));
  failed.set_reference(reference);
  return event;
}

v1::Event waiting_event(const v1::Event& asked, TimePoint until) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(until);
  auto event = event_of(asked, "progressed", "");
  event.set_id(std::format("{}/progressed/submitting/{:%FT%R}", asked.job_id(), minute));
  auto& progressed = *event.mutable_progressed();
  progressed.set_phase("submitting");
  progressed.set_detail(std::format(
      "the team's submissions of today are used up; the file is sent after {:%F %R} UTC", minute));
  return event;
}

}  // namespace podium::scraper
