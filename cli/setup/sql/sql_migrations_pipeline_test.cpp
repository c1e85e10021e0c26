// The set-up of the database against a real PostgreSQL, with the files of schemas/sql.
#include "cli/setup/sql/sql_migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "tests/support/postgres_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::setup {
namespace {

namespace fs = std::filesystem;
using podium::testing::PostgresServer;
using podium::testing::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const fs::path kShipped = fs::path{PODIUM_SOURCE_DIR} / "schemas/sql";

std::vector<SqlRole> roles(const std::string& suffix = "") {
  return {{.name = "podium_tracker", .password = Secret{"t" + suffix}},
          {.name = "podium_gateway", .password = Secret{"g" + suffix}},
          {.name = "podium_codegen", .password = Secret{"c" + suffix}}};
}

class SqlSetup : public ::testing::Test {
 protected:
  std::unique_ptr<Database> connect(const std::string& user, const std::string& password) {
    return Database::open({.url = server_.url(user),
                           .password = Secret{password},
                           .application_name = "podium-test"})
        .value();
  }
  std::unique_ptr<Database> owner() { return connect("podium", "podium"); }

  void copy_shipped_files() { fs::copy(kShipped, folder_.path()); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream{folder_.path() / name} << text;
  }
  const fs::path& folder() const { return folder_.path(); }

 private:
  PostgresServer server_;
  TemporaryFolder folder_;
};

TEST_F(SqlSetup, MakesAnEmptyDatabaseReadyAndIsThenDone) {
  const auto database = owner();
  const auto first = apply_sql(*database, kShipped, roles());
  ASSERT_TRUE(first.has_value()) << first.error().text();
  EXPECT_THAT(*first, Not(IsEmpty()));
  const auto second = apply_sql(*database, kShipped, roles());
  ASSERT_TRUE(second.has_value()) << second.error().text();
  EXPECT_THAT(*second, IsEmpty());
}

TEST_F(SqlSetup, TwoAtOnceBothSucceedAndApplyEachFileOnce) {
  Result<std::vector<std::string>> results[2];
  {
    std::vector<std::jthread> both;
    for (auto& result : results) {
      both.emplace_back([this, &result] { result = apply_sql(*owner(), kShipped, roles()); });
    }
  }
  ASSERT_TRUE(results[0].has_value()) << results[0].error().text();
  ASSERT_TRUE(results[1].has_value()) << results[1].error().text();
  EXPECT_TRUE(results[0]->empty() != results[1]->empty());
}

TEST_F(SqlSetup, EachRoleMayDoItsWorkAndNothingElse) {
  ASSERT_TRUE(apply_sql(*owner(), kShipped, roles()).has_value());
  const auto refused = [](Database& database, const char* sql) {
    const auto done = database.run(sql);
    return !done && done.error().is(errors::kPermission);
  };
  const auto tracker = connect("podium_tracker", "t");
  EXPECT_TRUE(tracker->run("INSERT INTO podium.checkpoint VALUES (true, 'epoch', 1)").has_value());
  EXPECT_TRUE(tracker->run("SELECT podium.begin_rebuild()").has_value());
  EXPECT_TRUE(refused(*tracker, "DELETE FROM podium.events"));
  EXPECT_TRUE(refused(*tracker, "UPDATE podium.events SET sequence = 1"));
  EXPECT_TRUE(refused(*tracker, "CREATE TABLE podium.mine (id int)"));
  EXPECT_TRUE(refused(*tracker, "DELETE FROM podium.schema_migrations"));
  for (const auto& [role, password] : {std::pair{"podium_gateway", "g"}, {"podium_codegen", "c"}}) {
    const auto reader = connect(role, password);
    EXPECT_TRUE(reader->run("SELECT * FROM podium.projection_view").has_value()) << role;
    for (const char* sql :
         {"SELECT * FROM podium.jobs", "INSERT INTO podium.checkpoint VALUES (true, 'epoch', 1)",
          "DELETE FROM podium.jobs", "SELECT podium.begin_rebuild()", "CREATE SCHEMA mine",
          "CREATE TABLE public.mine (id int)", "CREATE TEMP TABLE mine (id int)",
          "SELECT pg_read_file('/etc/passwd')", "SELECT * FROM pg_authid"}) {
      EXPECT_TRUE(refused(*reader, sql)) << role << ": " << sql;
    }
  }
  const auto gateway = connect("podium_gateway", "g");
  for (const char* view : {"jobs_view", "candidates_view", "runs_view", "artifacts_view",
                           "events_view", "anomalies_view"}) {
    EXPECT_TRUE(gateway->run(std::string{"SELECT * FROM podium."} + view).has_value()) << view;
  }
}

TEST_F(SqlSetup, EveryViewSaysWhatItIs) {
  const auto database = owner();
  ASSERT_TRUE(apply_sql(*database, kShipped, roles()).has_value());
  const auto rows = database->run(
      "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'podium'::regnamespace "
      "AND c.relkind = 'v' AND obj_description(c.oid) IS NULL");
  EXPECT_EQ(rows.value()->size(), 0U);
}

TEST_F(SqlSetup, ANewPasswordTakesTheOldOnesPlace) {
  const auto database = owner();
  ASSERT_TRUE(apply_sql(*database, kShipped, roles()).has_value());
  ASSERT_TRUE(apply_sql(*database, kShipped, roles("2")).has_value());
  EXPECT_FALSE(connect("podium_tracker", "t")->run("SELECT 1").has_value());
  EXPECT_TRUE(connect("podium_tracker", "t2")->run("SELECT 1").has_value());
  const auto rows =
      database->run("SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'podium_%'");
  for (std::size_t row = 0; row < rows.value()->size(); ++row) {
    EXPECT_THAT((*rows)->text(row, "rolpassword"), HasSubstr("SCRAM-SHA-256"));
  }
}

TEST_F(SqlSetup, ANewFileUpgradesInPlace) {
  copy_shipped_files();
  const auto database = owner();
  ASSERT_TRUE(apply_sql(*database, folder(), roles()).has_value());
  ASSERT_TRUE(
      database->run("INSERT INTO podium.checkpoint VALUES (true, 'epoch', 41)").has_value());
  write("9001_add_note.sql", "ALTER TABLE podium.checkpoint ADD COLUMN note text;");
  const auto applied = apply_sql(*database, folder(), roles());
  ASSERT_TRUE(applied.has_value()) << applied.error().text();
  EXPECT_EQ(applied->front(), "9001_add_note.sql");
  const auto rows = database->run("SELECT sequence, note FROM podium.checkpoint");
  EXPECT_EQ(rows.value()->integer(0, "sequence"), 41);
  const auto versions =
      database->run("SELECT max(version) AS newest FROM podium.schema_migrations");
  EXPECT_EQ(versions.value()->integer(0, "newest"), 9001);
}

TEST_F(SqlSetup, CandidatesOfTheSecondVersionStayAndGetTheColumnsOfTheThird) {
  copy_shipped_files();
  for (const char* newer : {"0003_add_model_use.sql", "0004_add_data_index.sql",
                            "0005_add_submitting.sql", "R__views.sql"}) {
    fs::remove(folder() / newer);
  }
  const auto database = owner();
  ASSERT_TRUE(apply_sql(*database, folder(), roles()).has_value());
  ASSERT_TRUE(database
                  ->run("INSERT INTO podium.candidates (job_id, id, number, kind, generator, "
                        "attempt, status, accepted, tokens, cost_micro_usd, created_at, "
                        "last_stream, last_sequence) VALUES ('j', 'c1', 1, 'draft', 'builtin', 1, "
                        "'done', true, 0, 0, 'epoch', 'epoch', 1)")
                  .has_value());
  const auto applied = apply_sql(*database, kShipped, roles());
  ASSERT_TRUE(applied.has_value()) << applied.error().text();
  EXPECT_EQ(applied->front(), "0003_add_model_use.sql");
  EXPECT_EQ(applied->back(), "R__views.sql");
  const auto rows = database->run("SELECT * FROM podium.candidates_view");
  ASSERT_TRUE(rows.has_value()) << rows.error().text();
  ASSERT_EQ((*rows)->size(), 1U);
  EXPECT_EQ((*rows)->text(0, "candidate_id"), "c1");
  EXPECT_EQ((*rows)->integer(0, "calls"), 0);
  EXPECT_TRUE((*rows)->is_null(0, "model"));
}

TEST_F(SqlSetup, AChangedOldFileIsRefusedAndNothingHappens) {
  copy_shipped_files();
  const auto database = owner();
  ASSERT_TRUE(apply_sql(*database, folder(), roles()).has_value());
  write("0001_create_archive.sql", "CREATE TABLE podium.other (id int);");
  const auto applied = apply_sql(*database, folder(), roles());
  ASSERT_FALSE(applied.has_value());
  EXPECT_TRUE(applied.error().is(errors::kConfiguration));
  EXPECT_THAT(applied.error().detail, HasSubstr("0001_create_archive.sql was changed"));
}

TEST_F(SqlSetup, AFileThatFailsIsNamedAndLeavesTheOnesBeforeIt) {
  copy_shipped_files();
  write("9001_good.sql", "CREATE TABLE podium.good (id int);");
  write("9002_bad.sql", "CREATE TABLE podium.half (id int); SELECT nonsense;");
  const auto database = owner();
  const auto applied = apply_sql(*database, folder(), roles());
  ASSERT_FALSE(applied.has_value());
  EXPECT_THAT(applied.error().detail, HasSubstr("9002_bad.sql: "));
  EXPECT_TRUE(database->run("SELECT * FROM podium.good").has_value());
  EXPECT_FALSE(database->run("SELECT * FROM podium.half").has_value());
  write("9002_bad.sql", "CREATE TABLE podium.half (id int);");
  EXPECT_TRUE(apply_sql(*database, folder(), roles()).has_value());
  EXPECT_TRUE(database->run("SELECT * FROM podium.half").has_value());
}

TEST_F(SqlSetup, RolesThatWereLostGetTheirRightsBack) {
  const auto database = owner();
  ASSERT_TRUE(apply_sql(*database, kShipped, roles()).has_value());
  const auto session = database->session().value();
  ASSERT_TRUE(session->run_script("DROP OWNED BY podium_gateway; DROP ROLE podium_gateway"));
  const auto applied = apply_sql(*database, kShipped, roles());
  ASSERT_TRUE(applied.has_value()) << applied.error().text();
  EXPECT_THAT(*applied, ElementsAre("R__grants.sql", "R__rebuild.sql", "R__views.sql"));
  EXPECT_TRUE(connect("podium_gateway", "g")->run("SELECT * FROM podium.jobs_view").has_value());
}

TEST_F(SqlSetup, PasswordsComeFromTheFilesOfTheServices) {
  for (const char* service : {"tracker", "gateway", "codegen"}) {
    write(std::string{"postgres_"} + service, std::string{"secret of "} + service + "\n");
  }
  const auto read = read_sql_roles(folder());
  ASSERT_TRUE(read.has_value()) << read.error().text();
  ASSERT_EQ(read->size(), 3U);
  EXPECT_EQ(read->front().name, "podium_tracker");
  EXPECT_EQ(read->front().password.reveal(), "secret of tracker");
}

TEST_F(SqlSetup, EveryPasswordThatIsMissingIsNamed) {
  write("postgres_tracker", "x");
  write("postgres_gateway", "\n");
  const auto read = read_sql_roles(folder());
  ASSERT_FALSE(read.has_value());
  EXPECT_TRUE(read.error().is(errors::kConfiguration));
  EXPECT_THAT(read.error().detail, HasSubstr("postgres_gateway"));
  EXPECT_THAT(read.error().detail, HasSubstr("postgres_codegen"));
  EXPECT_THAT(read.error().detail, Not(HasSubstr("postgres_tracker")));
}

}  // namespace
}  // namespace podium::setup
