#include "cli/solution_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace podium::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Candidate candidate(const std::string& id, const std::string& parent = {}) {
  Candidate made;
  made.id = id;
  made.kind = parent.empty() ? "draft" : "improve";
  made.parent_id = parent;
  made.generator = "builtin";
  made.status = "done";
  made.outcome = "ok";
  made.plan = "plan of " + id;
  return made;
}

Candidate scored(const std::string& id, double value, const std::string& ended_at,
                 const std::string& kind = "reported", bool higher_is_better = true) {
  Candidate made = candidate(id);
  made.accepted = true;
  made.ended_at = ended_at;
  made.score = CandidateScore{.metric = "accuracy",
                              .value = value,
                              .spread = 0.01,
                              .kind = kind,
                              .higher_is_better = higher_is_better};
  return made;
}

JobDetail job_with(std::vector<Candidate> candidates) {
  JobDetail detail;
  detail.job.job_id = "j1";
  detail.job.created_at = "2026-11-22T08:00:00.000Z";
  detail.candidates = std::move(candidates);
  return detail;
}

template <typename Describe>
std::vector<std::string> lines_of(Describe describe, const JobDetail& detail, int columns = 0,
                                  bool color = false) {
  std::ostringstream out;
  const Console console{.out = out, .talk = out, .out_has_color = color, .columns = columns};
  std::istringstream text{describe(detail, console)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// The first word of each line below the heading, with what is drawn before it.
std::vector<std::string> ids_of(const std::vector<std::string>& lines) {
  std::vector<std::string> ids;
  for (std::size_t line = 1; line < lines.size(); ++line) {
    ids.push_back(lines[line].substr(0, lines[line].find("  ", lines[line].find('c'))));
  }
  return ids;
}

TEST(SolutionTree, ChildrenStandBelowTheirParents) {
  const auto lines =
      lines_of(describe_tree, job_with({candidate("c1"), candidate("c2"), candidate("c3", "c1"),
                                        candidate("c4", "c3"), candidate("c5", "c1")}));
  EXPECT_THAT(ids_of(lines), ElementsAre("c1", "├─ c3", "│  └─ c4", "└─ c5", "c2"));
}

TEST(SolutionTree, ParentsThatAreUnknownOrInACircleLoseNobody) {
  const auto lines =
      lines_of(describe_tree, job_with({candidate("c1", "c9"), candidate("c2", "c3"),
                                        candidate("c3", "c2"), candidate("c4", "c4")}));
  EXPECT_THAT(ids_of(lines), ElementsAre("c1", "c4", "c2", "└─ c3"));
}

TEST(SolutionTree, ALineTellsWhatTheCandidateTook) {
  auto first = scored("c1", 0.8215, "2026-11-22T08:00:09.000Z");
  first.best = true;
  first.seconds = 9.8;
  auto second = candidate("c2", "c1");
  second.second_parent_id = "c3";
  second.outcome = "timed_out";
  second.tokens = 1'500;
  second.cost_usd = 0.25;
  const auto lines = lines_of(describe_tree, job_with({first, second}));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], HasSubstr("TOKENS"));
  EXPECT_THAT(lines[1], HasSubstr("c1 *"));
  EXPECT_THAT(lines[1], HasSubstr("accuracy 0.8215 ± 0.01 (reported)"));
  EXPECT_THAT(lines[1], HasSubstr("9.8 s"));
  EXPECT_THAT(lines[1], HasSubstr("plan of c1"));
  EXPECT_THAT(lines[2], HasSubstr("improve with c3"));
  EXPECT_THAT(lines[2], HasSubstr("timed out"));
  EXPECT_THAT(lines[2], HasSubstr("1500    $0.2500"));
}

TEST(SolutionTree, LinesFitTheTerminalAndTheBestIsGreen) {
  auto best = scored("c1", 0.8, "2026-11-22T08:00:09.000Z");
  best.best = true;
  best.plan = std::string(200, 'x');
  for (const auto& line : lines_of(describe_tree, job_with({best}), 60)) {
    EXPECT_LE(columns_of(line), 60U);
  }
  EXPECT_THAT(lines_of(describe_tree, job_with({best}), 0, true)[1], HasSubstr("\x1b[32m"));
  EXPECT_THAT(lines_of(describe_tree, job_with({best}))[1], Not(HasSubstr("\x1b")));
  EXPECT_THAT(lines_of(describe_tree, job_with({})), ElementsAre("No candidates yet."));
}

TEST(ScoresOverTime, FollowTheClockAndMarkTheBestSoFar) {
  const auto history = scores_over_time(job_with({
      scored("c1", 0.80, "2026-11-22T08:00:30.000Z"),
      scored("c2", 0.70, "2026-11-22T08:00:10.500Z"),
      scored("c3", 0.75, "2026-11-22T08:00:40.000Z"),
      candidate("c4"),
  }));
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0].candidate.id, "c2");
  EXPECT_EQ(history[0].elapsed_seconds, 10.5);
  EXPECT_TRUE(history[0].is_best_so_far);
  EXPECT_EQ(history[1].candidate.id, "c1");
  EXPECT_TRUE(history[1].is_best_so_far);
  EXPECT_FALSE(history[2].is_best_so_far);
}

TEST(ScoresOverTime, LowerMayBeBetterAndTrustedScoresComeFirst) {
  const auto lower = scores_over_time(
      job_with({scored("c1", 3.0, "2026-11-22T08:00:10.000Z", "trusted", false),
                scored("c2", 2.0, "2026-11-22T08:00:20.000Z", "trusted", false),
                scored("c3", 1.0, "2026-11-22T08:00:30.000Z", "reported", false)}));
  ASSERT_EQ(lower.size(), 3U);
  EXPECT_TRUE(lower[1].is_best_so_far);
  EXPECT_FALSE(lower[2].is_best_so_far);
}

TEST(ScoresOverTime, KagglesScoreStandsInItsLine) {
  auto sent = scored("c1", 0.8215, "2026-11-22T08:00:12.400Z");
  sent.public_score = PublicScore{.value = 0.77511, .rank = 3, .teams = 9};
  EXPECT_THAT(lines_of(describe_scores, job_with({sent}))[1],
              HasSubstr("Kaggle 0.77511, rank 3 of 9"));
}

TEST(ScoresOverTime, ALineTellsTimeScoreAndMark) {
  const auto lines =
      lines_of(describe_scores, job_with({scored("c1", 0.8215, "2026-11-22T08:00:12.400Z"),
                                          scored("c2", 0.5, "2026-11-22T08:01:20.000Z")}));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[1], HasSubstr("12.4 s"));
  EXPECT_THAT(lines[1], HasSubstr("accuracy 0.8215 ± 0.01 (reported)  best so far"));
  EXPECT_THAT(lines[2], HasSubstr("1 min 20 s"));
  EXPECT_THAT(lines[2], Not(HasSubstr("best")));
  EXPECT_THAT(lines_of(describe_scores, job_with({candidate("c1")})),
              ElementsAre("No accepted candidates yet."));
}

}  // namespace
}  // namespace podium::cli
