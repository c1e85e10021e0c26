// Sends a job's submission to Kaggle and waits for its score: ended, submit_requested -> submitted,
// then leaderboard_scored, or submit_failed.
#pragma once

#include <functional>
#include <string>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/clock.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

/// `ended` counts when the job was asked for with submit `best` and succeeded; `submit_requested`
/// always. Safe to repeat, by several processes at once as well: where a job stands is read from
/// its events each time, and before anything is handed in our own submissions are searched for one
/// of this job and file. Nothing is waited for here: the event comes again.
class SubmitStage {
 public:
  /// `desk` is nullptr without credentials.
  SubmitStage(SubmissionDesk* desk, JobEvents& events, SubmitClaims& claims,
              ArtifactStore& artifacts, std::function<TimePoint()> now);

  Result<Events> handle(const v1::Event& asked, StageContext& context);

 private:
  struct Job;
  Result<Job> read_job(const v1::Event& asked);
  Result<bool> has_failed(const v1::Event& asked, const StageContext& context);
  Result<Events> go_on(const Job& job, StageContext& context);
  Result<v1::Event> send(const Job& job, const std::stop_token& stop);
  Result<std::string> hand_in(const Job& job, const SubmissionPlace& place,
                              const std::string& token, const std::stop_token& stop);
  Result<std::string> call_last(const Job& job, const SubmissionPlace& place,
                                const std::string& token, SubmitTurn& turn,
                                const std::stop_token& stop);
  Result<Events> ask_for_score(const Job& job, StageContext& context);
  Result<BoardPlace> place_of(const Job& job, double public_score, const std::stop_token& stop);
  Result<Events> answer_to(const Error& error, const Job& job, StageContext& context);

  SubmissionDesk* desk_;
  JobEvents& events_;
  SubmitClaims& claims_;
  ArtifactStore& artifacts_;
  std::function<TimePoint()> now_;
};

/// As Kaggle is told it: short plain ASCII that names the job and the file.
std::string submission_description(const std::string& job_id, const v1::ArtifactRef& submission);

/// When the day of this time has ended in UTC, and kAllowanceMargin more.
TimePoint next_allowance(TimePoint now);

/// How long to wait before a score is asked for again.
std::chrono::milliseconds score_delay(TimePoint::duration waited);

}  // namespace podium::scraper
