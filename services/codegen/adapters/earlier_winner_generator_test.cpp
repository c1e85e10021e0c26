#include "services/codegen/adapters/earlier_winner_generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/search_testing.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

class EarlierWinnerTest : public ::testing::Test {
 protected:
  EarlierWinnerTest() : store_{open_directory_store(folder_.path()).value()} {
    auto& winner = *request_.mutable_earlier_winner();
    winner.set_job_id(kJob);
    winner.set_candidate_id("c7");
    winner.set_plan_line("trees");
    winner.mutable_score()->set_metric("accuracy");
    winner.mutable_score()->set_value(0.875);
    *winner.mutable_code() =
        store_->put_named(kJob, "c7", "solution.py", "# podium: large\nprint(1)\n").value();
  }
  Result<CandidateDraft> draft() {
    EarlierWinnerGenerator generator{*store_};
    return generator
        .draft({.job_id = "new", .request = request_, .facts = facts_, .deadline = kStart})
        .value()
        .draft;
  }

  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
  v1::DraftRequested request_;
  v1::CompetitionFacts facts_;
};

TEST_F(EarlierWinnerTest, TheProgramIsTakenAsItStandsWithItsRequirementsAndNeeds) {
  ASSERT_TRUE(store_->put_named(kJob, "c7", "requirements.txt", "lightgbm\n"));
  const auto taken = draft();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->code, "# podium: large\nprint(1)\n");
  EXPECT_EQ(taken->requirements, "lightgbm\n");
  EXPECT_EQ(taken->plan_line, "trees");
  EXPECT_EQ(taken->needs.memory_bytes(), 16ULL << 30U);
  EXPECT_THAT(taken->plan, ::testing::HasSubstr("c7 of job " + kJob));
  EXPECT_THAT(taken->plan, ::testing::HasSubstr("accuracy 0.875"));
}

TEST_F(EarlierWinnerTest, AProgramThatIsNoLongerKeptIsADraftThatFailed) {
  request_.mutable_earlier_winner()->mutable_code()->set_key(kJob + "/c8/solution.py");
  const auto taken = draft();
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error().is(errors::kNotFound));
}

TEST_F(EarlierWinnerTest, AnotherProgramUnderItsNameIsNotTaken) {
  ASSERT_TRUE(store_->put_named(kJob, "c7", "solution.py", "print(2)\n"));
  const auto taken = draft();
  ASSERT_FALSE(taken);
  EXPECT_TRUE(taken.error().is(errors::kInvalid));
}

}  // namespace
}  // namespace podium::codegen
