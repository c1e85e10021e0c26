#include "cli/setup/sql/sql_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::setup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SqlFile file(std::string_view name, std::string text = "SELECT 1") {
  return make_sql_file(name, std::move(text)).value();
}

AppliedSql applied(const SqlFile& source) {
  return {
      .version = source.version, .description = source.description, .checksum = source.checksum};
}

std::vector<std::string> names(const std::vector<SqlFile>& plan) {
  std::vector<std::string> result;
  for (const auto& step : plan) result.push_back(step.name);
  return result;
}

TEST(SqlPlan, ANameTellsVersionAndDescription) {
  const auto versioned = file("0012_add_column.sql");
  EXPECT_EQ(versioned.version, 12);
  EXPECT_EQ(versioned.description, "add_column");
  const auto repeatable = file("R__views.sql");
  EXPECT_FALSE(repeatable.version.has_value());
  EXPECT_EQ(repeatable.description, "views");
}

TEST(SqlPlan, OtherNamesAreRefused) {
  for (const char* name : {"1_x.sql", "0000_x.sql", "0001x.sql", "0001_.sql", "R__.sql",
                           "0001_x.txt", "00a1_x.sql", "0001_x y.sql", "r__views.sql"}) {
    EXPECT_FALSE(make_sql_file(name, "").has_value()) << name;
  }
}

TEST(SqlPlan, AnEmptyDatabaseGetsVersionsInOrderAndThenTheRest) {
  const auto plan = plan_sql(
      {file("R__views.sql"), file("0002_b.sql"), file("R__grants.sql"), file("0001_a.sql")}, {},
      false);
  ASSERT_TRUE(plan.has_value());
  EXPECT_THAT(names(*plan),
              ElementsAre("0001_a.sql", "0002_b.sql", "R__grants.sql", "R__views.sql"));
}

TEST(SqlPlan, ADatabaseThatHasEverythingGetsNothing) {
  const std::vector files{file("0001_a.sql"), file("R__views.sql")};
  const auto plan = plan_sql(files, {applied(files[0]), applied(files[1])}, false);
  ASSERT_TRUE(plan.has_value());
  EXPECT_THAT(*plan, IsEmpty());
}

TEST(SqlPlan, AChangedRepeatableIsAppliedAlone) {
  const std::vector files{file("0001_a.sql"), file("R__grants.sql"), file("R__views.sql", "new")};
  const auto plan = plan_sql(
      files, {applied(files[0]), applied(files[1]), applied(file("R__views.sql", "old"))}, false);
  ASSERT_TRUE(plan.has_value());
  EXPECT_THAT(names(*plan), ElementsAre("R__views.sql"));
}

TEST(SqlPlan, ANewVersionBringsEveryRepeatableAgain) {
  const std::vector files{file("0001_a.sql"), file("0002_b.sql"), file("R__views.sql")};
  const auto plan = plan_sql(files, {applied(files[0]), applied(files[2])}, false);
  ASSERT_TRUE(plan.has_value());
  EXPECT_THAT(names(*plan), ElementsAre("0002_b.sql", "R__views.sql"));
}

TEST(SqlPlan, NewRolesBringEveryRepeatableAgain) {
  const std::vector files{file("0001_a.sql"), file("R__grants.sql")};
  const auto plan = plan_sql(files, {applied(files[0]), applied(files[1])}, true);
  ASSERT_TRUE(plan.has_value());
  EXPECT_THAT(names(*plan), ElementsAre("R__grants.sql"));
}

TEST(SqlPlan, AChangedVersionIsRefusedByName) {
  const auto plan =
      plan_sql({file("0001_a.sql", "new")}, {applied(file("0001_a.sql", "old"))}, false);
  ASSERT_FALSE(plan.has_value());
  EXPECT_TRUE(plan.error().is(errors::kConfiguration));
  EXPECT_THAT(plan.error().detail, HasSubstr("0001_a.sql was changed"));
}

TEST(SqlPlan, ADatabaseOfANewerPodiumIsRefused) {
  const auto plan = plan_sql({file("0001_a.sql")},
                             {applied(file("0001_a.sql")), applied(file("0002_b.sql"))}, false);
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().detail, HasSubstr("0002_b"));
}

TEST(SqlPlan, AVersionThatComesTooLateIsRefused) {
  const auto plan = plan_sql({file("0001_a.sql"), file("0002_b.sql"), file("0003_c.sql")},
                             {applied(file("0001_a.sql")), applied(file("0003_c.sql"))}, false);
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().detail, HasSubstr("0002_b.sql stands before migration 0003"));
}

TEST(SqlPlan, TwoFilesOfOneVersionAreRefused) {
  const auto plan = plan_sql({file("0001_a.sql"), file("0001_b.sql")}, {}, false);
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().detail, HasSubstr("same version"));
}

}  // namespace
}  // namespace podium::setup
