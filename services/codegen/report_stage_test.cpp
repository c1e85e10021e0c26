#include "services/codegen/report_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include <unistd.h>

#include "services/codegen/report/report_limits.hpp"
#include "services/codegen/report/report_testing.hpp"

namespace podium::codegen {
namespace {

using ::testing::HasSubstr;
using testing::kStoryJob;
using testing::StoryScript;
using testing::whole_story;

constexpr std::uint64_t kMuch = 128ULL << 20;

class StubHistory final : public JobHistory {
 public:
  Result<Told> read(std::string_view, std::uint64_t, std::stop_token) override {
    if (away) return fail(errors::kUnavailable, "no broker");
    return told;
  }
  Told told;
  bool away = false;
};

class StubContext final : public StageContext {
 public:
  Result<void> emit(const v1::Event&, bool) override { return {}; }
  std::stop_token stop() const override { return {}; }
  std::string traceparent() const override { return {}; }
  std::uint64_t sequence() const override { return 42; }
  std::uint64_t deliveries() const override { return 1; }
};

class ReportStageTest : public ::testing::Test {
 protected:
  ReportStageTest()
      : folder_{std::filesystem::temp_directory_path() /
                ("podium-report-" + std::to_string(getpid()))} {
    store_ = open_directory_store(folder_).value();
  }
  ~ReportStageTest() override { std::filesystem::remove_all(folder_); }

  v1::ArtifactRef put(const std::string& candidate, const std::string& name,
                      const std::string& bytes) {
    return store_->put_named(kStoryJob, candidate, name, bytes).value();
  }

  Result<Events> handle(StoryScript script, v1::JobStatus status, const std::string& winner) {
    const auto ended = script.ended(status, winner);
    history_.told.events = script.events();
    ReportStage stage{history_, *store_};
    StubContext context;
    return stage.handle(ended, context);
  }

  std::string stored(const std::string& name) {
    return store_->get(kStoryJob + "/" + name, kMuch).value_or("(none)");
  }

  std::filesystem::path folder_;
  std::unique_ptr<ArtifactStore> store_;
  StubHistory history_;
};

TEST_F(ReportStageTest, AJobWithAWinnerLeavesFiveFiles) {
  put("c3", "plan.md", "# The plan\n");
  put("c3", "submission.csv", "PassengerId,Survived\n1,0\n");
  put("c3", "log-1.txt", "it works\n");
  const auto events = handle(whole_story(), v1::JOB_STATUS_SUCCESS, "c3");
  ASSERT_TRUE(events.has_value()) << events.error().text();
  EXPECT_TRUE(events->empty());
  EXPECT_EQ(stored("plan.md"), "# The plan\n");
  EXPECT_EQ(stored("submission.csv"), "PassengerId,Survived\n1,0\n");
  EXPECT_THAT(stored("logs.txt"), HasSubstr("it works\n"));
  EXPECT_THAT(stored("gpt_code_trace.txt"), HasSubstr("`c4` (mends `c2`), by a model"));
  EXPECT_THAT(stored("report.md"), HasSubstr("★"));
}

TEST_F(ReportStageTest, IsSafeToRepeat) {
  put("c3", "submission.csv", "a\n");
  ASSERT_TRUE(handle(whole_story(), v1::JOB_STATUS_SUCCESS, "c3").has_value());
  const auto report = stored("report.md");
  const auto trace = stored("gpt_code_trace.txt");
  ASSERT_TRUE(handle(whole_story(), v1::JOB_STATUS_SUCCESS, "c3").has_value());
  EXPECT_EQ(stored("report.md"), report);
  EXPECT_EQ(stored("gpt_code_trace.txt"), trace);
}

TEST_F(ReportStageTest, FilesThatAreMissingAreNoted) {
  ASSERT_TRUE(handle(whole_story(), v1::JOB_STATUS_SUCCESS, "c3").has_value());
  EXPECT_EQ(stored("plan.md"), "(none)");
  EXPECT_THAT(stored("report.md"), HasSubstr("The winner's plan.md is gone."));
  EXPECT_THAT(stored("report.md"), HasSubstr("The winner's submission.csv is gone."));
  EXPECT_THAT(stored("logs.txt"), HasSubstr("[the log is gone]"));
}

TEST_F(ReportStageTest, AJobWithoutAWinnerHasNoPlanAndNoSubmission) {
  ASSERT_TRUE(handle(StoryScript{}, v1::JOB_STATUS_CANCELLED, "").has_value());
  EXPECT_THAT(stored("report.md"), HasSubstr("**cancelled**"));
  EXPECT_EQ(stored("plan.md"), "(none)");
  EXPECT_EQ(stored("submission.csv"), "(none)");
}

TEST_F(ReportStageTest, OfALongLogTheMiddleIsLeftOut) {
  std::string log = "the beginning\n";
  while (log.size() < 3 * kRunLogToldMax) log += "a line of the log that is of no interest\n";
  put("c3", "log-1.txt", log + "the end\n");
  ASSERT_TRUE(handle(whole_story(), v1::JOB_STATUS_SUCCESS, "c3").has_value());
  const auto logs = stored("logs.txt");
  EXPECT_LT(logs.size(), 2 * kRunLogToldMax);
  EXPECT_THAT(logs.substr(0, 2000), HasSubstr("is gone"));
  EXPECT_NE(logs.find("\nthe beginning\n"), std::string::npos);
  EXPECT_NE(logs.find(" bytes are left out here]\n"), std::string::npos);
  EXPECT_NE(logs.find("\nthe end\n"), std::string::npos);
}

TEST_F(ReportStageTest, FailsToBeRepeatedWhileTheBrokerIsAway) {
  history_.away = true;
  const auto refused = handle(whole_story(), v1::JOB_STATUS_SUCCESS, "c3");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code->disposition, Disposition::retry);
  EXPECT_EQ(stored("report.md"), "(none)");
}

}  // namespace
}  // namespace podium::codegen
