#include "services/scraper/submit_stage.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/log.hpp"
#include "libs/chassis/retry_delay.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/submit_events.hpp"
#include "services/scraper/submit_limits.hpp"

namespace podium::scraper {
namespace {

namespace reasons = competition::reasons;
using std::chrono::milliseconds;

constexpr std::string_view kFileName = "submission.csv";
/// Of the file's sha256 in a description: enough to tell any two files of a job apart.
constexpr std::size_t kDescriptionDigits = 16;

/// Whether an event of this kind may send anything at all.
bool is_asked_for(const v1::Event& asked, const std::optional<v1::Event>& requested) {
  if (asked.has_submit_requested()) return true;
  const auto& ended = asked.ended();
  return ended.status() == v1::JOB_STATUS_SUCCESS && !ended.submission().key().empty() &&
         requested && requested->requested().options().submit() == v1::SUBMIT_MODE_BEST;
}

/// An end that is heard of only now, a day later: what a person thinks of it may have changed.
bool comes_late(const v1::Event& asked, TimePoint now, const StageContext& context) {
  return asked.has_ended() && context.deliveries() == 1 &&
         now - from_proto(asked.time()) > kEndedAgeMax;
}

Result<Events> ended_long_ago() {
  return fail(reasons::kSubmitFailed, "the job ended too long ago to be submitted by itself");
}

/// What may be had later, and is no matter for a person yet.
bool may_pass(const Error& error) {
  return error.code->disposition == Disposition::retry;
}

/// Whether a last call that failed like this may have made the submission, or make it yet.
bool may_have_happened(const Error& error) {
  return may_pass(error) && !error.is(errors::kFull);
}

std::unexpected<Error> turn_of_another() {
  return fail(errors::kConflict, "the submission is being sent, or may have been just now");
}

}  // namespace

/// A job as its events tell it.
struct SubmitStage::Job {
  const v1::Event& asked;
  v1::Event requested;
  v1::Scraped scraped;
  v1::Ended ended;
  std::optional<v1::Event> submitted;
  bool scored = false;
  /// What must be known of it is still in the stream.
  bool kept = false;

  SubmitFacts facts() const { return {.asked = asked, .ended = ended}; }
  std::string reference() const { return submitted ? submitted->submitted().reference() : ""; }
  /// From when on what is waited for now is waited for.
  TimePoint since() const {
    const auto asked_at = from_proto(asked.time());
    return submitted ? std::max(asked_at, from_proto(submitted->time())) : asked_at;
  }
};

SubmitStage::SubmitStage(SubmissionDesk* desk, JobEvents& events, SubmitClaims& claims,
                         ArtifactStore& artifacts, std::function<TimePoint()> now)
    : desk_{desk}, events_{events}, claims_{claims}, artifacts_{artifacts}, now_{std::move(now)} {}

Result<Events> SubmitStage::handle(const v1::Event& asked, StageContext& context) {
  const auto requested = PODIUM_TRY(events_.last(asked.job_id(), "requested"));
  if (!is_asked_for(asked, requested)) return Events{};
  auto job = PODIUM_TRY(read_job(asked));
  if (requested) job.requested = *requested;
  job.kept = job.kept && requested.has_value();
  if (job.scored || PODIUM_TRY(has_failed(asked, context))) return Events{};
  auto answers =
      comes_late(asked, now_(), context) && !job.submitted ? ended_long_ago() : go_on(job, context);
  if (answers) return answers;
  return answer_to(answers.error(), job, context);
}

Result<SubmitStage::Job> SubmitStage::read_job(const v1::Event& asked) {
  const auto& id = asked.job_id();
  Job job{.asked = asked, .requested = {}, .scraped = {}, .ended = {}, .submitted = {}};
  job.submitted = PODIUM_TRY(events_.last(id, "submitted"));
  job.scored = PODIUM_TRY(events_.last(id, "leaderboard_scored")).has_value();
  const auto scraped = PODIUM_TRY(events_.last(id, "scraped"));
  const auto ended = PODIUM_TRY(events_.last(id, "ended"));
  if (scraped) job.scraped = scraped->scraped();
  if (ended) job.ended = ended->ended();
  job.kept = scraped && ended;
  return job;
}

/// A repeat of an event that was answered with its failure, and only not acknowledged.
Result<bool> SubmitStage::has_failed(const v1::Event& asked, const StageContext& context) {
  const auto failed = PODIUM_TRY(events_.last(asked.job_id(), "submit_failed"));
  return failed && failed->id() == failed_event_id(asked, context.sequence());
}

Result<Events> SubmitStage::go_on(const Job& job, StageContext& context) {
  if (!job.kept) {
    return fail(reasons::kSubmitFailed,
                "the job ended so long ago that its events are no longer kept; upload the file by "
                "hand");
  }
  if (job.ended.submission().key().empty()) {
    return fail(reasons::kSubmitFailed, "the job has no checked submission, or it is not kept");
  }
  if (job.scraped.door() != v1::COMPETITION_DOOR_KAGGLE) {
    return fail(reasons::kNotAtKaggle, "the competition of this job did not come from Kaggle");
  }
  if (desk_ == nullptr) return fail(reasons::kKaggleAuth, "no Kaggle credentials are set");
  if (job.submitted) return ask_for_score(job, context);
  auto submitted = PODIUM_TRY(send(job, context.stop()));
  context.come_again(kScoreLookFirst);
  return Events{std::move(submitted)};
}

Result<v1::Event> SubmitStage::send(const Job& job, const std::stop_token& stop) {
  const auto& stored = job.ended.submission();
  const auto description = submission_description(job.asked.job_id(), stored);
  const auto place = PODIUM_TRY(desk_->open(job.requested.requested().competition(), stop));
  if (const auto sent = PODIUM_TRY(desk_->find(place, description, stop))) {
    return submitted_event(job.facts(), sent->reference, description);
  }
  // Before anything is uploaded, which may take long, and for whom nothing is refused yet.
  if (!PODIUM_TRY(claims_.is_free(job.asked.job_id()))) return turn_of_another();
  if (place.refusal) return std::unexpected{*place.refusal};
  PODIUM_TRY(desk_->check_allowance(place, stop));
  const SubmissionFile file{.name = std::string{kFileName},
                            .bytes = PODIUM_TRY(artifacts_.size(stored.key())),
                            .read = [&](std::uint64_t offset, std::uint64_t length) {
                              return artifacts_.get_range(stored.key(), offset, length);
                            }};
  const auto token = PODIUM_TRY(desk_->upload(place, file, stop));
  const auto reference = PODIUM_TRY(hand_in(job, place, token, stop));
  return submitted_event(job.facts(), reference, description);
}

/// The look and the call in a turn of our own.
Result<std::string> SubmitStage::hand_in(const Job& job, const SubmissionPlace& place,
                                         const std::string& token, const std::stop_token& stop) {
  const auto& job_id = job.asked.job_id();
  const auto description = submission_description(job_id, job.ended.submission());
  auto turn = PODIUM_TRY(claims_.take(job_id));
  if (!turn) return turn_of_another();
  auto sent = desk_->find(place, description, stop);
  if (sent && !*sent) return call_last(job, place, token, *turn, stop);
  std::ignore = claims_.release(*turn);
  if (!sent) return std::unexpected{sent.error()};
  return std::move((*sent)->reference);
}

/// The only call that must not happen twice. The claim says so before it is made, and is kept where
/// it may have happened: nobody makes it again before Kaggle's list is sure to show it.
Result<std::string> SubmitStage::call_last(const Job& job, const SubmissionPlace& place,
                                           const std::string& token, SubmitTurn& turn,
                                           const std::stop_token& stop) {
  const auto description = submission_description(job.asked.job_id(), job.ended.submission());
  PODIUM_TRY(claims_.begin_call(turn));
  auto reference = desk_->submit(place, token, description, stop);
  if (!reference && !may_have_happened(reference.error())) std::ignore = claims_.release(turn);
  return reference;
}

Result<Events> SubmitStage::ask_for_score(const Job& job, StageContext& context) {
  const auto sent = PODIUM_TRY(desk_->look(job.scraped.slug(), job.reference(), context.stop()));
  if (sent.standing == Standing::refused) {
    return fail(reasons::kKaggleScoringFailed,
                sent.problem.empty() ? "Kaggle says no more than that" : sent.problem);
  }
  if (sent.standing == Standing::scored) {
    BoardPlace place;
    if (sent.public_score) {
      place = PODIUM_TRY(place_of(job, *sent.public_score, context.stop()));
    }
    return Events{scored_event(job.facts(), sent, place)};
  }
  const auto waited = now_() - job.since();
  if (waited > kScoreWaitMax) {
    return fail(reasons::kKaggleNoScore,
                std::format("submission {} has no score after {} hours", job.reference(),
                            std::chrono::floor<std::chrono::hours>(waited).count()));
  }
  context.come_again(score_delay(waited));
  return Events{};
}

/// A score without its rank is worth telling: what fails here is only logged. STOPPED.
Result<BoardPlace> SubmitStage::place_of(const Job& job, double public_score,
                                         const std::stop_token& stop) {
  const auto place = desk_->open(job.requested.requested().competition(), stop);
  auto found =
      place ? desk_->place_of(*place, public_score, job.scraped.metric().higher_is_better(), stop)
            : Result<BoardPlace>{std::unexpected{place.error()}};
  if (found || found.error().is(errors::kStopped)) return found;
  log_warning("the rank on the leaderboard is not known", {{"error", found.error().text()}});
  return BoardPlace{};
}

Result<Events> SubmitStage::answer_to(const Error& error, const Job& job, StageContext& context) {
  const auto now = now_();
  const auto waited = now - job.since();
  const auto failed = [&](const Error& why) {
    return Events{failed_event(job.facts(), why, job.reference(), context.sequence())};
  };
  if (error.is(errors::kStopped) || error.code->disposition == Disposition::fatal) {
    return std::unexpected{error};
  }
  if (error.is(errors::kConflict)) {
    context.come_again(
        retry_delay(context.deliveries(), {.first = kClaimLookAgain, .longest = kClaimLookMax}));
    return Events{};
  }
  if (error.is(reasons::kKaggleDailyLimit)) {
    const auto until = next_allowance(now);
    if (waited + (until - now) > kAllowanceWaitMax) return failed(error);
    // Told for people: when it cannot be told, it is waited for all the same.
    std::ignore = context.emit(waiting_event(job.asked, until), true);
    context.come_again(std::chrono::ceil<milliseconds>(
        std::min<TimePoint::duration>(until - now, kAllowanceLookMax)));
    return Events{};
  }
  if (!may_pass(error)) return failed(error);
  if (waited > kTroubleMax) return failed(error);
  const auto delay =
      retry_delay(context.deliveries(), {.first = kTroubleDelayFirst, .longest = kTroubleDelayMax});
  log_warning("the submission waits for Kaggle to answer",
              {{"error", error.text()}, {"delay_ms", delay.count()}});
  context.come_again(delay);
  return Events{};
}

std::string submission_description(const std::string& job_id, const v1::ArtifactRef& submission) {
  return std::format("podium {} {}", job_id, submission.sha256().substr(0, kDescriptionDigits));
}

TimePoint next_allowance(TimePoint now) {
  return std::chrono::floor<std::chrono::days>(now) + std::chrono::days{1} + kAllowanceMargin;
}

milliseconds score_delay(TimePoint::duration waited) {
  const auto half = std::chrono::duration_cast<milliseconds>(waited / 2);
  return std::clamp<milliseconds>(half, kScoreLookFirst, kScoreLookMax);
}

}  // namespace podium::scraper
