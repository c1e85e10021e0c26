#include "services/gateway/log_text.hpp"

#include <gtest/gtest.h>

namespace podium::gateway {
namespace {

v1::Event lines(const std::string& candidate, std::initializer_list<const char*> texts) {
  v1::Event event;
  auto& batch = *event.mutable_log_lines();
  batch.set_run_id("job-" + candidate + "-1");
  batch.set_candidate_id(candidate);
  for (const auto* text : texts) batch.add_lines(text);
  return event;
}

TEST(LogText, HeadingStandsWhereTheRunChanges) {
  LogText text;
  EXPECT_EQ(text.text_of(lines("c1", {"a", "b"})), "== c1 · running ==\na\nb\n");
  EXPECT_EQ(text.text_of(lines("c1", {"c"})), "c\n");
  EXPECT_EQ(text.text_of(lines("c2", {"d"})), "== c2 · running ==\nd\n");
}

TEST(LogText, MarksWhereLinesAreLeftOut) {
  LogText text;
  auto event = lines("c1", {"a"});
  event.mutable_log_lines()->set_truncated(true);
  EXPECT_EQ(text.text_of(event),
            "== c1 · running ==\na\n[lines are left out here; the stored log has them]\n");
}

TEST(LogText, HeadingOfAnEndedRunSaysItsOutcome) {
  EXPECT_EQ(run_heading("c3", 2, "crashed"), "== c3 · run 2 · crashed ==\n");
}

}  // namespace
}  // namespace podium::gateway
