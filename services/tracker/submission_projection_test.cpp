// How a job's submission came to Kaggle, as the rows tell it.
#include <gtest/gtest.h>

#include "services/tracker/projection.hpp"
#include "services/tracker/testing/job_script.hpp"

namespace podium::tracker {
namespace {

using testing::JobScript;

constexpr const char* kSubmittedJob = "01935d3e-0000-7000-8000-000000000001";

class ProjectedSubmission : public ::testing::Test {
 protected:
  /// Folds what the script has that was not folded yet.
  void fold() {
    for (; folded_ < script_.events().size(); ++folded_) {
      project(testing::recorded(script_.events()[folded_], static_cast<std::int64_t>(folded_) + 1),
              rows_);
    }
  }
  const JobRow& job() { return *rows_.jobs.find(kSubmittedJob); }
  void run_candidate() {
    script_.draft_requested("c1");
    script_.drafted("c1");
    script_.started("c1");
    script_.executed("c1", v1::RUN_OUTCOME_OK, 0.5);
  }

  JobScript script_{kSubmittedJob};
  RowSet rows_;
  std::size_t folded_ = 0;
};

TEST_F(ProjectedSubmission, WaitsIsSubmittedAndScored) {
  script_.requested().mutable_requested()->mutable_options()->set_submit(v1::SUBMIT_MODE_BEST);
  run_candidate();
  script_.ended(v1::JOB_STATUS_SUCCESS, "c1").mutable_ended()->mutable_submission()->set_key("k");
  auto& waits = *script_.next("progressed").mutable_progressed();
  waits.set_phase("submitting");
  waits.set_detail("sent after midnight");
  fold();
  EXPECT_EQ(job().submit.status, "waiting");
  EXPECT_EQ(job().submit.message, "sent after midnight");
  EXPECT_EQ(job().stage, "done");

  script_.next("submitted").mutable_submitted()->set_reference("42");
  fold();
  EXPECT_EQ(job().submit.status, "submitted");
  EXPECT_EQ(job().leaderboard.reference, "42");
  EXPECT_TRUE(job().submit.submitted_at);
  EXPECT_FALSE(job().submit.message);

  auto& scored = *script_.next("leaderboard_scored").mutable_leaderboard_scored();
  scored.set_reference("42");
  scored.set_score_hidden(true);
  script_.next("submit_requested").mutable_submit_requested();
  fold();
  EXPECT_EQ(job().submit.status, "scored");
  EXPECT_TRUE(job().submit.scored_at);
  EXPECT_FALSE(job().leaderboard.score) << "a hidden score is none";
}

TEST_F(ProjectedSubmission, ThatFailedSaysWhyUntilItIsAskedForAgain) {
  script_.requested();
  run_candidate();
  script_.ended(v1::JOB_STATUS_SUCCESS, "c1");
  fold();
  EXPECT_FALSE(job().submit.status) << "nobody asked";
  auto& failed = *script_.next("submit_failed").mutable_submit_failed();
  failed.set_reason_code("KAGGLE_RULES");
  failed.set_message("Open the page");
  fold();
  EXPECT_EQ(job().submit.status, "failed");
  EXPECT_EQ(job().submit.reason_code, "KAGGLE_RULES");
  EXPECT_FALSE(job().reason_code == "KAGGLE_RULES") << "the job itself did not fail";
  script_.next("submit_requested").mutable_submit_requested();
  fold();
  EXPECT_EQ(job().submit.status, "waiting");
  EXPECT_FALSE(job().submit.reason_code);
}

// A rebuild from the archive, of a job that no scraper has answered: it was none that submits.
TEST_F(ProjectedSubmission, NothingIsWaitedForLongAfterTheEnd) {
  script_.requested().mutable_requested()->mutable_options()->set_submit(v1::SUBMIT_MODE_BEST);
  run_candidate();
  script_.ended(v1::JOB_STATUS_SUCCESS, "c1").mutable_ended()->mutable_submission()->set_key("k");
  rows_.now = testing::stream_created() + std::chrono::days{30};
  fold();
  EXPECT_FALSE(job().submit.status);
  script_.next("submitted").mutable_submitted()->set_reference("42");
  fold();
  EXPECT_EQ(job().submit.status, "submitted");
}

}  // namespace
}  // namespace podium::tracker
