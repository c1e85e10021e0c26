#include "services/executor/run_report.hpp"

#include <gtest/gtest.h>

#include "libs/chassis/bus/event_publisher.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

TEST(RunReport, AVerdictIsCutToFitAnEvent) {
  v1::Verdict verdict;
  verdict.set_message(std::string(100'000, 'm'));
  for (int column = 0; column < 20'000; ++column) verdict.add_columns(std::string(500, 'c'));
  for (int warning = 0; warning < 1000; ++warning) verdict.add_warnings(std::string(5000, 'w'));
  EXPECT_LT(cut_verdict(verdict).ByteSizeLong(), kEventBytesMax / 2);
}

TEST(RunReport, AShortVerdictStaysAsItIs) {
  v1::Verdict verdict;
  verdict.set_accepted(true);
  verdict.set_rows(418);
  verdict.add_columns("PassengerId");
  verdict.add_warnings("all the same sign");
  EXPECT_EQ(cut_verdict(verdict).SerializeAsString(), verdict.SerializeAsString());
}

TEST(RunReport, StartedTellsWhereAndWithWhatLimits) {
  v1::RunLimits limits;
  limits.set_wall_seconds_max(60);
  const auto ticket = fakes::make_ticket();
  const auto event = started_event(ticket, "podium-run", "engine-a", limits);
  EXPECT_EQ(event.subject_id(), ticket.run_ticket().run_id());
  EXPECT_EQ(event.started().sandbox(), "podium-run");
  EXPECT_EQ(event.started().engine(), "engine-a");
  EXPECT_EQ(event.started().limits().wall_seconds_max(), 60U);
}

}  // namespace
}  // namespace podium::executor
