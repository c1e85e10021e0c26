#include "cli/event_facts.hpp"

#include <algorithm>
#include <format>
#include <string_view>

#include "cli/event_line.hpp"
#include "libs/competition/words.hpp"

namespace podium::cli {
namespace {

std::string joined(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += "  ";
    text += part;
  }
  return text;
}

std::string seconds_text(double seconds) {
  return duration_text(std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)});
}

std::string_view last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const auto end = text.rfind('\n');
  return end == std::string_view::npos ? text : text.substr(end + 1);
}

// As people write it: "out of memory".
std::string outcome_text(v1::RunOutcome outcome) {
  std::string text = competition::word(outcome).value_or("");
  std::ranges::replace(text, '_', ' ');
  return text;
}

EventFact of_requested(const v1::Requested& requested) {
  const auto& competition = requested.competition();
  const auto& options = requested.options();
  const std::string name = competition.slug().empty()
                               ? "folder " + competition.folder_sha256().substr(0, 12)
                               : competition.slug();
  return {.subject = {},
          .text = joined({name,
                          options.time_seconds_max() > 0
                              ? "at most " + seconds_text(options.time_seconds_max())
                              : "",
                          options.candidates_max() > 0
                              ? std::format("at most {} candidates", options.candidates_max())
                              : ""}),
          .tone = Tone::strong};
}

EventFact of_progressed(const v1::Progressed& progressed) {
  return {.subject = {},
          .text = joined({progressed.phase(), amount_text(progressed), progressed.detail()}),
          .tone = Tone::dim};
}

EventFact of_scraped(const v1::Scraped& scraped) {
  const auto& metric = scraped.metric();
  const std::string direction = metric.higher_is_better() ? "higher is better" : "lower is better";
  return {.subject = {},
          .text = joined({scraped.title().empty() ? scraped.slug() : scraped.title(),
                          metric.name().empty() ? "" : metric.name() + ", " + direction,
                          std::format("{} files", scraped.files()),
                          bytes_text(static_cast<double>(scraped.data().bytes()))}),
          .tone = Tone::plain};
}

std::string author_of(const v1::DraftRequested& requested) {
  if (requested.generator() == v1::GENERATOR_MODEL) return "by the model";
  if (requested.generator() != v1::GENERATOR_EARLIER) return "by the built-in generator";
  return "the winner of job " + requested.earlier_winner().job_id();
}

EventFact of_draft_requested(const v1::DraftRequested& requested) {
  std::string from = requested.parent_id().empty() ? "" : "from " + requested.parent_id();
  if (!requested.second_parent_id().empty()) from += " and " + requested.second_parent_id();
  return {.subject = requested.candidate_id(),
          .text = joined(
              {competition::word(requested.kind()).value_or("draft"), from, author_of(requested)}),
          .tone = Tone::plain};
}

EventFact of_drafted(const v1::Drafted& drafted) {
  const std::string tokens =
      drafted.tokens() > 0 ? std::format("{} tokens", drafted.tokens()) : std::string{};
  return {.subject = drafted.candidate_id(),
          .text = joined({drafted.plan_line(), tokens}),
          .tone = Tone::plain};
}

EventFact of_started(const v1::Started& started) {
  const auto& limits = started.limits();
  return {.subject = started.candidate_id(),
          .text = joined(
              {limits.cpu_milli() > 0 ? std::format("{:g} cpu", limits.cpu_milli() / 1e3) : "",
               limits.memory_bytes_max() > 0
                   ? bytes_text(static_cast<double>(limits.memory_bytes_max()))
                   : "",
               limits.wall_seconds_max() > 0 ? "at most " + seconds_text(limits.wall_seconds_max())
                                             : ""}),
          .tone = Tone::plain};
}

EventFact of_executed(const v1::Executed& executed) {
  const bool ok = executed.outcome() == v1::RUN_OUTCOME_OK;
  const std::string score = executed.has_score() ? score_text(executed.score()) : "";
  std::string outcome = outcome_text(executed.outcome());
  if (executed.outcome() == v1::RUN_OUTCOME_CRASHED) {
    outcome += std::format(" (exit {})", executed.exit_code());
  }
  std::string why;
  if (!ok) {
    why = !executed.verdict().code().empty()
              ? executed.verdict().code() + ": " + executed.verdict().message()
              : std::string{last_line(executed.log_tail())};
  }
  return {.subject = executed.candidate_id(),
          .text = joined({score, outcome, seconds_text(executed.wall_seconds()), why}),
          .tone = ok ? Tone::good : Tone::bad};
}

EventFact of_ended(const v1::Ended& ended) {
  const bool success = ended.status() == v1::JOB_STATUS_SUCCESS;
  const std::string best =
      ended.best_candidate_id().empty() ? "" : "best " + ended.best_candidate_id();
  return {.subject = {},
          .text = joined({competition::word(ended.status()).value_or(""), best,
                          ended.has_score() ? score_text(ended.score()) : "", ended.reason_code(),
                          success ? "" : ended.message()}),
          .tone = success ? Tone::good : Tone::bad};
}

EventFact of_submitted(const v1::Submitted& submitted) {
  const std::string local =
      submitted.has_local_score() ? "here " + score_text(submitted.local_score()) : "";
  return {.subject = submitted.candidate_id(),
          .text = joined({"as " + submitted.reference(), local}),
          .tone = Tone::good};
}

EventFact of_leaderboard_scored(const v1::LeaderboardScored& scored) {
  const std::string rank =
      scored.rank() > 0 ? std::format("rank {} of {}", scored.rank(), scored.teams()) : "";
  const std::string score = scored.score_hidden()
                                ? "scored, not shown"
                                : std::format("public score {:g}", scored.public_score());
  const std::string local =
      scored.has_local_score() ? "here " + score_text(scored.local_score()) : "";
  return {
      .subject = scored.candidate_id(), .text = joined({score, rank, local}), .tone = Tone::good};
}

EventFact failure(std::string subject, const std::string& code, const std::string& message) {
  return {.subject = std::move(subject), .text = code + ": " + message, .tone = Tone::bad};
}

EventFact steered(const std::string& who, const std::string& what) {
  return {.subject = {}, .text = joined({what, "by " + who}), .tone = Tone::strong};
}

}  // namespace

std::string amount_text(const v1::Progressed& progressed) {
  const auto total = progressed.total();
  if (progressed.unit() != "bytes") {
    return total > 0 ? std::format("{} of {} {}", progressed.done(), total, progressed.unit()) : "";
  }
  const auto bytes = [](std::uint64_t amount) { return bytes_text(static_cast<double>(amount)); };
  const auto rate = progressed.bytes_per_second();
  return joined({bytes(progressed.done()) + (total > 0 ? " of " + bytes(total) : ""),
                 rate > 0 ? bytes(rate) + "/s" : ""});
}

EventFact fact_of(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kRequested:
      return of_requested(event.requested());
    case v1::Event::kProgressed:
      return of_progressed(event.progressed());
    case v1::Event::kScraped:
      return of_scraped(event.scraped());
    case v1::Event::kScrapeFailed:
      return failure({}, event.scrape_failed().reason_code(), event.scrape_failed().message());
    case v1::Event::kDraftRequested:
      return of_draft_requested(event.draft_requested());
    case v1::Event::kDrafted:
      return of_drafted(event.drafted());
    case v1::Event::kDraftFailed:
      return failure(event.draft_failed().candidate_id(), event.draft_failed().reason_code(),
                     event.draft_failed().message());
    case v1::Event::kStarted:
      return of_started(event.started());
    case v1::Event::kExecuted:
      return of_executed(event.executed());
    case v1::Event::kCancelRequested:
      return steered(event.cancel_requested().who(), event.cancel_requested().reason());
    case v1::Event::kRetryRequested:
      return steered(event.retry_requested().who(), event.retry_requested().from_stage());
    case v1::Event::kHinted:
      return steered(event.hinted().who(), event.hinted().text());
    case v1::Event::kSubmitRequested:
      return steered(event.submit_requested().who(), event.submit_requested().candidate_id());
    case v1::Event::kSubmitted:
      return of_submitted(event.submitted());
    case v1::Event::kLeaderboardScored:
      return of_leaderboard_scored(event.leaderboard_scored());
    case v1::Event::kSubmitFailed:
      return failure(event.submit_failed().candidate_id(), event.submit_failed().reason_code(),
                     event.submit_failed().message());
    case v1::Event::kEnded:
      return of_ended(event.ended());
    case v1::Event::kStageFailed:
      return failure({}, event.stage_failed().reason_code(), event.stage_failed().message());
    case v1::Event::kRunTicket:
      return {.subject = event.run_ticket().candidate_id(), .text = "", .tone = Tone::plain};
    case v1::Event::kLogLines:
      return {.subject = event.log_lines().candidate_id(), .text = "", .tone = Tone::dim};
    case v1::Event::PAYLOAD_NOT_SET:
      break;
  }
  return {};
}

}  // namespace podium::cli
