// The report stage on a real nats-server, with the users, rights and consumers of schemas/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"
#include "services/codegen/adapters/bus_job_history.hpp"
#include "services/codegen/config.hpp"
#include "services/codegen/report/report_testing.hpp"
#include "services/codegen/report_stage.hpp"
#include "tests/contract/prepared_nats.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::codegen {
namespace {

using ::testing::HasSubstr;
using testing::kStoryJob;
using ::testing::Not;
using testing::StoryScript;
using testing::whole_story;

constexpr std::chrono::seconds kLong{30};
constexpr std::uint64_t kMuch = 16ULL << 20;

class ReportPipeline : public ::testing::Test {
 protected:
  ReportPipeline() {
    store_ = open_directory_store(folder_.path()).value();
    admin_ = nats_.connect("admin");
    bus_ = nats_.connect("codegen");
    history_ = std::make_unique<BusJobHistory>(*bus_);
  }

  // As the services do, but all by one who may do everything. The sequence of the last one.
  std::uint64_t publish(Events events, const std::string& job = kStoryJob) {
    std::uint64_t last = 0;
    for (auto& event : events) {
      event.set_job_id(job);
      const auto subject = subject_of(event);
      last = admin_->publish(subject.value(), event.SerializeAsString()).value().sequence;
    }
    return last;
  }

  void run_stage_until(const std::function<bool()>& done) {
    ReportStage stage{*history_, *store_};
    EventPublisher publisher{*bus_, "codegen"};
    StageRunner runner{*bus_, publisher, report_options(),
                       std::bind_front(&ReportStage::handle, &stage)};
    ASSERT_TRUE(runner.start().has_value());
    EXPECT_TRUE(podium::testing::wait_until(done, kLong));
    runner.stop();
    EXPECT_TRUE(runner.join(kLong));
  }

  std::string stored(const std::string& job, const std::string& name) {
    return store_->get(job + "/" + name, kMuch).value_or("");
  }

  podium::testing::PreparedNats nats_;
  podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_;
  std::unique_ptr<Bus> admin_;
  std::unique_ptr<Bus> bus_;
  std::unique_ptr<BusJobHistory> history_;
};

TEST_F(ReportPipeline, AnEndedJobLeavesItsReport) {
  auto script = whole_story();
  script.ended(v1::JOB_STATUS_SUCCESS, "c3");
  store_->put_named(kStoryJob, "c3", "submission.csv", "id,y\n1,0\n").value();
  publish(script.events());
  run_stage_until([&] { return !stored(kStoryJob, "report.md").empty(); });
  EXPECT_THAT(stored(kStoryJob, "report.md"), HasSubstr("4 candidates"));
  EXPECT_EQ(stored(kStoryJob, "submission.csv"), "id,y\n1,0\n");
}

TEST_F(ReportPipeline, AJobIsToldUpToItsEndAndWithoutOtherJobs) {
  const std::string other = "01890000-0000-7000-8000-000000000002";
  auto script = whole_story();
  script.ended(v1::JOB_STATUS_SUCCESS, "c3");
  StoryScript strange;
  strange.asked("c77", v1::CANDIDATE_KIND_DRAFT);
  publish(strange.events(), other);
  const auto last = publish(script.events());
  StoryScript late;
  late.asked("c99", v1::CANDIDATE_KIND_DRAFT);
  publish(late.events());

  const auto told = history_->read(kStoryJob, last, {});
  ASSERT_TRUE(told.has_value()) << told.error().text();
  EXPECT_FALSE(told->cut_short);
  const auto story = story_of(told->events, script.events().back());
  EXPECT_EQ(story.candidates.size(), 4U);
  EXPECT_EQ(story.scraped.title(), "Titanic");
}

TEST_F(ReportPipeline, AJobWhoseRequestIsGoneIsToldFromWhatIsLeft) {
  auto script = whole_story();
  script.ended(v1::JOB_STATUS_SUCCESS, "c3");
  const Events rest{script.events().begin() + 1, script.events().end()};
  const auto told = history_->read(kStoryJob, publish(rest), {});
  ASSERT_TRUE(told.has_value()) << told.error().text();
  EXPECT_EQ(story_of(told->events, script.events().back()).candidates.size(), 4U);
}

TEST_F(ReportPipeline, ProgressOfALongJobIsPassedOver) {
  StoryScript script;
  for (unsigned i = 0; i < 2'000; ++i) {
    script.add("progressed", "", i).mutable_progressed()->set_phase("fetching");
  }
  script.ended(v1::JOB_STATUS_CANCELLED);
  const auto told = history_->read(kStoryJob, publish(script.events()), {});
  ASSERT_TRUE(told.has_value()) << told.error().text();
  EXPECT_EQ(told->events.size(), 2U);
}

TEST_F(ReportPipeline, AStopEndsTheReading) {
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = history_->read(kStoryJob, 1'000, stop.get_token());
  ASSERT_FALSE(stopped.has_value());
  EXPECT_TRUE(stopped.error().is(errors::kStopped));
}

}  // namespace
}  // namespace podium::codegen
