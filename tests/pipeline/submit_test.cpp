// A submission's way to Kaggle and its score's way back, with the stand-in in Kaggle's place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/pipeline/stack.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr auto kJobMax = 240s;
constexpr auto kScoreMax = 180s;
const std::string kUrl = "https://www.kaggle.com/competitions/titanic";

class Submitting : public ::testing::Test {
 protected:
  Submitting() {
    kaggle_.change(
        "titanic",
        {{"score", "0.77511"},
         {"pending_polls", 2},
         {"leaderboard",
          {{{"teamName", "a"}, {"score", "0.99"}}, {{"teamName", "b"}, {"score", "0.1"}}}}});
  }
  std::string start_job(const std::string& submit) {
    return stack_.run_job({{"kaggle_url", kUrl}, {"max_candidates", 1}, {"submit", submit}});
  }
  /// The status once its leaderboard says so.
  json wait_for_leaderboard(const std::string& job, const std::string& wanted) {
    json status;
    EXPECT_TRUE(wait_until(
        [&] {
          status = stack_.status(job);
          if (!status.is_object()) return false;
          const auto& board = status.at("leaderboard");
          return board.is_object() && board.at("status") == wanted;
        },
        kScoreMax))
        << status.dump(1) << stack_.logs();
    return status;
  }
  void kill_scraper_once(const std::function<bool()>& point) {
    EXPECT_TRUE(wait_until(point, kJobMax)) << stack_.logs();
    stack_.kill("scraper");
    stack_.start("scraper");
  }
  int submit(const std::string& job) {
    return stack_.call("POST", "/jobs/" + job + "/submit", "{}")->status;
  }
  /// Kaggle's score and ours, and one submission behind them.
  void expect_scored(const std::string& job) {
    const auto status = wait_for_leaderboard(job, "scored");
    const auto& board = status.at("leaderboard");
    EXPECT_EQ(board.at("public_score"), 0.77511);
    EXPECT_EQ(board.at("rank"), 2);
    EXPECT_EQ(board.at("teams"), 3);
    EXPECT_TRUE(status.at("score").at("value").is_number());
    EXPECT_EQ(kaggle_.submissions().size(), 1U) << kaggle_.submissions().dump(1);
    EXPECT_EQ(board.at("reference"), std::to_string(kaggle_.submissions()[0].at("ref").get<int>()));
    EXPECT_THAT(kaggle_.submissions()[0].at("description").get<std::string>(), HasSubstr(job));
    EXPECT_EQ(stack_.events_of(job, "submitted"), 1);
    EXPECT_EQ(stack_.events_of(job, "leaderboard_scored"), 1);
  }

  KaggleStandin kaggle_;
  Stack stack_{{{"PODIUM_OFFLINE", "0"},
                {"PODIUM_KAGGLE_URL", kaggle_.api_url()},
                {"PODIUM_KAGGLE_STORAGE_HOSTS", kaggle_.storage_host()},
                {"PODIUM_REUSE_WINNERS", "0"},
                {"KAGGLE_API_TOKEN", KaggleStandin::token()}}};
};

TEST_F(Submitting, ScraperKilledBetweenTheCallsAndAfterTheLastSubmitsOnce) {
  kaggle_.fault(
      {{{"fault", "hangs"}, {"seconds", 60}, {"on", {{"route", "storage.upload"}}}, {"times", 1}},
       {{"fault", "slow_first_byte"},
        {"seconds", 20},
        {"on", {{"route", "CreateSubmission"}}},
        {"times", 1}}});
  const auto job = start_job("best");
  ASSERT_EQ(stack_.wait_for_end(job, kJobMax).at("status"), "success") << stack_.logs();
  kill_scraper_once([&] { return kaggle_.calls_of("StartSubmissionUpload") == 1; });
  kill_scraper_once([&] { return kaggle_.submissions().size() == 1; });
  expect_scored(job);
  EXPECT_EQ(stack_.events_of(job, "submit_failed"), 0);
}

TEST_F(Submitting, NothingIsSentUntilAPersonAsksAndARefusalSaysWhy) {
  const auto job = start_job("never");
  ASSERT_EQ(stack_.wait_for_end(job, kJobMax).at("status"), "success") << stack_.logs();
  kaggle_.change("titanic", {{"facts", {{"isKernelsSubmissionsOnly", true}}}});
  EXPECT_EQ(kaggle_.calls_of("ListSubmissions"), 0);
  EXPECT_EQ(submit(job), 202);
  const auto failed = wait_for_leaderboard(job, "failed").at("leaderboard");
  EXPECT_EQ(failed.at("reason_code"), "KAGGLE_CODE_ONLY");
  EXPECT_THAT(failed.at("message").get<std::string>(), HasSubstr(kUrl));
  EXPECT_THAT(failed.at("next_step").get<std::string>(), HasSubstr(job));
  EXPECT_TRUE(kaggle_.submissions().empty());

  kaggle_.change("titanic", {{"facts", {{"isKernelsSubmissionsOnly", false}}}});
  EXPECT_EQ(submit(job), 202);
  EXPECT_EQ(submit(job), 202);
  expect_scored(job);
  EXPECT_EQ(submit(job), 200);
}

}  // namespace
}  // namespace podium::testing
