#include "cli/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::cli {
namespace {

using ::testing::HasSubstr;

Arguments parsed(const std::vector<std::string>& words) {
  const auto result = parse_arguments(words, "./podium");
  EXPECT_TRUE(result.arguments.has_value()) << result.text;
  return result.arguments.value_or(Arguments{});
}

ParsedArguments refused(const std::vector<std::string>& words) {
  auto result = parse_arguments(words, "./podium");
  EXPECT_FALSE(result.arguments.has_value());
  return result;
}

TEST(Arguments, WhoIsToBeToldIsTaken) {
  const auto arguments = parsed(
      {"run", "titanic", "--email", "ada@example.com", "--webhook", "https://ada.example/hook"});
  EXPECT_EQ(arguments.email, "ada@example.com");
  EXPECT_EQ(arguments.webhook, "https://ada.example/hook");
}

TEST(Arguments, RunTakesACompetitionAndItsBudget) {
  const auto arguments = parsed({"run", "titanic", "--watch", "--json", "--max-time", "5m",
                                 "--max-candidates", "4", "--timeout", "90s"});
  EXPECT_EQ(arguments.verb, "run");
  EXPECT_EQ(arguments.subject, "titanic");
  EXPECT_TRUE(arguments.watch);
  EXPECT_TRUE(arguments.json);
  EXPECT_EQ(arguments.max_time, "5m");
  EXPECT_EQ(arguments.max_candidates, "4");
  EXPECT_EQ(arguments.timeout, std::chrono::seconds{90});
}

TEST(Arguments, JobMayBeLatest) {
  EXPECT_EQ(parsed({"result", "@latest", "-o", "-"}).subject, "@latest");
  EXPECT_EQ(parsed({"result", "@latest", "-o", "-"}).output, "-");
  EXPECT_EQ(parsed({"result", "@latest"}).output, "submission.csv");
}

TEST(Arguments, EventsFollowOneJobOrAll) {
  EXPECT_TRUE(parsed({"events", "-f"}).follow);
  EXPECT_EQ(parsed({"events", "-f"}).subject, "");
  EXPECT_EQ(parsed({"events", "@latest"}).subject, "@latest");
}

TEST(Arguments, MistypedVerbsGetASuggestion) {
  const auto result = refused({"staus"});
  EXPECT_EQ(result.exit, Exit::usage);
  EXPECT_THAT(result.text, HasSubstr("did you mean ./podium status?"));
  EXPECT_THAT(refused({"frobnicate"}).text, ::testing::Not(HasSubstr("did you mean")));
}

TEST(Arguments, VerbsAreNotAbbreviated) {
  EXPECT_EQ(refused({"stat", "@latest"}).exit, Exit::usage);
}

TEST(Arguments, WrongValuesAreUsageErrors) {
  EXPECT_EQ(refused({"run", "titanic", "--max-time", "soon"}).exit, Exit::usage);
  EXPECT_EQ(refused({"run"}).exit, Exit::usage);
  EXPECT_EQ(refused({"completion", "tcsh"}).exit, Exit::usage);
  EXPECT_EQ(refused({"jobs", "--limit", "0"}).exit, Exit::usage);
  EXPECT_EQ(refused({}).exit, Exit::usage);
}

TEST(Arguments, SolutionsAreNamedByJobAndCandidate) {
  EXPECT_EQ(parsed({"tree", "@latest"}).subject, "@latest");
  EXPECT_EQ(parsed({"results", "@latest"}).verb, "results");
  const auto show = parsed({"show", "@latest", "--candidate", "c3", "--only", "code"});
  EXPECT_EQ(show.candidate, "c3");
  EXPECT_EQ(show.only, "code");
  EXPECT_EQ(parsed({"show", "@latest"}).candidate, "");
  const auto diff = parsed({"diff", "@latest", "c1", "best"});
  EXPECT_EQ(diff.subject, "@latest");
  EXPECT_EQ(diff.before, "c1");
  EXPECT_EQ(diff.after, "best");
  EXPECT_EQ(refused({"diff", "@latest", "c1"}).exit, Exit::usage);
  EXPECT_EQ(refused({"show", "@latest", "--only", "everything"}).exit, Exit::usage);
}

TEST(Arguments, ArtifactListsOrTakes) {
  const auto list = parsed({"artifact", "ls", "@latest"});
  EXPECT_EQ(list.action, "ls");
  EXPECT_EQ(list.subject, "@latest");
  EXPECT_EQ(list.name, "");
  const auto take =
      parsed({"artifact", "get", "@latest", "plan.md", "--candidate", "best", "-o", "-"});
  EXPECT_EQ(take.action, "get");
  EXPECT_EQ(take.name, "plan.md");
  EXPECT_EQ(take.candidate, "best");
  EXPECT_EQ(take.save_as, "-");
  EXPECT_EQ(refused({"artifact", "rm", "@latest"}).exit, Exit::usage);
}

TEST(Arguments, JobsAreSteeredByHintAndRetry) {
  EXPECT_EQ(parsed({"hint", "@latest", "try CatBoost"}).text, "try CatBoost");
  EXPECT_EQ(refused({"hint", "@latest"}).exit, Exit::usage);
  EXPECT_EQ(parsed({"submit", "@latest"}).subject, "@latest");
  EXPECT_EQ(refused({"submit"}).exit, Exit::usage);
  EXPECT_EQ(parsed({"retry", "@latest"}).from_stage, "");
  EXPECT_EQ(parsed({"retry", "@latest", "--from", "search"}).from_stage, "search");
  EXPECT_EQ(refused({"retry", "@latest", "--from", "middle"}).exit, Exit::usage);
}

TEST(Arguments, HelpIsNoError) {
  const auto help = refused({"--help"});
  EXPECT_EQ(help.exit, Exit::ok);
  EXPECT_THAT(help.text, HasSubstr("run"));
  EXPECT_THAT(help.text, HasSubstr("Exit codes"));
  EXPECT_EQ(refused({"run", "--help"}).exit, Exit::ok);
}

TEST(Arguments, ColourIsAFlag) {
  EXPECT_EQ(parsed({"jobs"}).color, "auto");
  EXPECT_EQ(parsed({"jobs", "--no-color"}).color, "never");
  EXPECT_EQ(parsed({"jobs", "--color", "always"}).color, "always");
}

TEST(Completion, NamesEveryVerbForEachShell) {
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto script = completion_script(shell);
    ASSERT_TRUE(script.has_value()) << shell;
    for (const auto* verb : {"run", "status", "events", "doctor", "tree", "artifact", "hint"}) {
      EXPECT_THAT(*script, HasSubstr(verb)) << shell;
    }
  }
  EXPECT_EQ(completion_script("tcsh"), std::nullopt);
}

}  // namespace
}  // namespace podium::cli
