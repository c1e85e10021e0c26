// A Kaggle URL through the whole of Podium, with the stand-in for Kaggle in its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/stack.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr auto kJobMax = 240s;
const std::string kUrl = "https://www.kaggle.com/competitions/titanic";
/// A token of its own, so that finding it anywhere means a leak.
const std::string kToken = KaggleStandin::token() + "-canary-4711";

class KaggleJob : public ::testing::Test {
 protected:
  KaggleStandin kaggle_;
  Stack stack_{{{"PODIUM_OFFLINE", "0"},
                {"PODIUM_KAGGLE_URL", kaggle_.api_url()},
                {"PODIUM_KAGGLE_STORAGE_HOSTS", kaggle_.storage_host()},
                {"PODIUM_REUSE_WINNERS", "0"},
                {"KAGGLE_API_TOKEN", kToken}}};
};

TEST_F(KaggleJob, AUrlBecomesACheckedSubmissionAndTheTokenStaysWhereItBelongs) {
  const auto job = stack_.run_job({{"kaggle_url", kUrl}, {"max_candidates", 1}});
  const auto beside = stack_.run_job({{"kaggle_url", kUrl}, {"max_candidates", 1}});
  const auto status = stack_.wait_for_end(job, kJobMax);
  EXPECT_EQ(stack_.wait_for_end(beside, kJobMax).at("status"), "success");
  ASSERT_EQ(status.at("status"), "success") << status.dump(1) << stack_.logs();
  EXPECT_EQ(status.at("competition_source"), "kaggle");
  const auto file = stack_.call("GET", "/result/" + job + "/submission.csv");
  ASSERT_TRUE(file);
  EXPECT_EQ(std::ranges::count(file->body, '\n'), 420);
  EXPECT_EQ(kaggle_.calls_of("storage.download"), 1) << "for both jobs";
  EXPECT_EQ(kaggle_.counts().at("leaks"), 0);
  EXPECT_THAT(stack_.places_with(kToken), ::testing::IsEmpty());
  EXPECT_THAT(stack_.places_with("PassengerId"), ::testing::Not(::testing::IsEmpty()))
      << "the search itself finds what is there";
}

TEST_F(KaggleJob, RulesThatNobodyAcceptedEndTheJobAtOnceWithThePageToOpen) {
  kaggle_.change("titanic", {{"access", "rules_not_accepted"}});
  const auto job = stack_.run_job({{"kaggle_url", kUrl}});
  const auto status = stack_.wait_for_end(job, 60s);
  EXPECT_EQ(status.at("status"), "failed");
  EXPECT_THAT(status.at("reason_code"), ::testing::AnyOf("KAGGLE_RULES", "KAGGLE_NOT_ENTERED"));
  EXPECT_THAT(status.at("message").get<std::string>(), HasSubstr(kUrl));
  EXPECT_FALSE(status.at("next_step").get<std::string>().empty());
}

}  // namespace
}  // namespace podium::testing
