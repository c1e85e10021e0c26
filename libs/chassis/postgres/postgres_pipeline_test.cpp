// The door to PostgreSQL against a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "libs/chassis/postgres/postgres.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

class Postgres : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<testing::PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  static DatabaseOptions options() {
    return {.url = server_->url(),
            .password = Secret{"podium"},
            .application_name = "podium-test",
            .connections_max = 2,
            .statement_timeout = seconds{5}};
  }
  static std::unique_ptr<Database> open() { return Database::open(options()).value(); }
  static testing::PostgresServer& server() { return *server_; }

 private:
  static inline std::unique_ptr<testing::PostgresServer> server_;
};

using PostgresFaults = Postgres;

TEST_F(Postgres, GivesBackWhatItWasGiven) {
  const auto database = open();
  const std::string odd = "a'b\"c\\d{e},NULL;--$1\n\té€😀";
  const auto rows = database->run(
      "SELECT $1::text AS a, $2::bigint AS b, $3::double precision AS c, $4::boolean AS d, "
      "$5::text AS e",
      {odd, std::int64_t{-9'223'372'036'854'775'807}, 0.1, true, std::nullopt});
  ASSERT_TRUE(rows.has_value()) << rows.error().text();
  EXPECT_EQ((*rows)->text(0, "a"), odd);
  EXPECT_EQ((*rows)->integer(0, "b"), -9'223'372'036'854'775'807);
  EXPECT_EQ((*rows)->real(0, "c"), 0.1);
  EXPECT_TRUE((*rows)->boolean(0, "d"));
  EXPECT_TRUE((*rows)->is_null(0, "e"));
  EXPECT_EQ((*rows)->text(0, "e"), "");
}

TEST_F(Postgres, UnnestsAnArrayOfOddTextsUnchanged) {
  const auto database = open();
  const std::vector<std::optional<std::string>> texts{"plain",           "",
                                                      std::nullopt,      "NULL",
                                                      "{\"a\": [1, 2]}", "back\\slash",
                                                      "\"quoted\"",      "comma, brace } {",
                                                      "  blanks  ",      "line\nend\ttab",
                                                      "äöü 日本 😀",     "'; DROP TABLE x; --"};
  const auto rows =
      database->run("SELECT t FROM unnest($1::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n",
                    {SqlValue::array(texts)});
  ASSERT_TRUE(rows.has_value()) << rows.error().text();
  ASSERT_EQ((*rows)->size(), texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    EXPECT_EQ((*rows)->is_null(row, "t"), !texts[row].has_value()) << row;
    EXPECT_EQ((*rows)->text(row, "t"), texts[row].value_or("")) << row;
  }
}

TEST_F(Postgres, KeepsEveryByteOfBytea) {
  const auto database = open();
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  const auto rows =
      database->run("SELECT $1::bytea AS one, ($2::bytea[])[1] AS two",
                    {SqlValue::bytes(bytes), SqlValue::array({SqlValue::bytes(bytes).text()})});
  ASSERT_TRUE(rows.has_value()) << rows.error().text();
  EXPECT_EQ((*rows)->bytes(0, "one"), bytes);
  EXPECT_EQ((*rows)->bytes(0, "two"), bytes);
}

TEST_F(Postgres, RefusesNulBeforeItIsSent) {
  const auto database = open();
  const auto rows = database->run("SELECT $1::text", {std::string{"a\0b", 3}});
  ASSERT_FALSE(rows.has_value());
  EXPECT_TRUE(rows.error().is(errors::kInvalid));
}

TEST_F(Postgres, ADuplicateKeyIsInvalidAndNamesItsSqlstate) {
  const auto database = open();
  ASSERT_TRUE(database->run("CREATE TABLE twice (id int PRIMARY KEY)").has_value());
  const auto first = database->run("INSERT INTO twice VALUES (1)");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ((*first)->affected(), 1);
  const auto second = database->run("INSERT INTO twice VALUES (1)");
  ASSERT_FALSE(second.has_value());
  EXPECT_TRUE(second.error().is(errors::kInvalid));
  EXPECT_THAT(second.error().detail, HasSubstr("23505"));
}

TEST_F(Postgres, AFailedTransactionLeavesNothing) {
  const auto database = open();
  ASSERT_TRUE(database->run("CREATE TABLE undone (id int)").has_value());
  const auto done = database->transaction([](Session& session) -> Result<void> {
    PODIUM_TRY(session.run("INSERT INTO undone VALUES (1)"));
    return fail(errors::kConflict, "changed my mind");
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_TRUE(done.error().is(errors::kConflict));
  EXPECT_EQ(database->run("SELECT count(*) AS n FROM undone").value()->integer(0, "n"), 0);
}

TEST_F(Postgres, ATransactionThatPassesOverAFailureIsNotCommitted) {
  const auto database = open();
  ASSERT_TRUE(database->run("CREATE TABLE passed (id int)").has_value());
  const auto done = database->transaction([](Session& session) -> Result<void> {
    PODIUM_TRY(session.run("INSERT INTO passed VALUES (1)"));
    EXPECT_FALSE(session.run("SELECT 1/0").has_value());
    return {};
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_TRUE(done.error().is(errors::kInternal));
  EXPECT_EQ(database->run("SELECT count(*) AS n FROM passed").value()->integer(0, "n"), 0);
}

TEST_F(Postgres, AStatementThatTakesTooLongIsATimeout) {
  auto short_options = options();
  short_options.statement_timeout = milliseconds{100};
  const auto database = Database::open(short_options).value();
  const auto rows = database->run("SELECT pg_sleep(60)");
  ASSERT_FALSE(rows.has_value());
  EXPECT_TRUE(rows.error().is(errors::kTimeout)) << rows.error().text();
  EXPECT_TRUE(database->run("SELECT 1").has_value());
}

TEST_F(PostgresFaults, AServerThatGoesSilentIsATimeoutAndTheConnectionIsGivenUp) {
  auto short_options = options();
  short_options.statement_timeout = milliseconds{100};
  const auto database = Database::open(short_options).value();
  const auto session = database->session().value();
  ASSERT_TRUE(session->run("SET statement_timeout = 0").has_value());
  const auto begin = std::chrono::steady_clock::now();
  const auto rows = session->run("SELECT pg_sleep(60)");
  const auto waited = std::chrono::steady_clock::now() - begin;
  ASSERT_FALSE(rows.has_value());
  EXPECT_TRUE(rows.error().is(errors::kTimeout)) << rows.error().text();
  EXPECT_LT(waited, kAnswerMargin + seconds{10});
  EXPECT_TRUE(session->run("SELECT 1").error().is(errors::kUnavailable));
}

TEST_F(Postgres, SpeaksUtcIsoAndHasTheSettingsOfTheHouse) {
  const auto database = open();
  const auto rows = database->run(
      "SELECT timestamptz '2026-11-22 09:30:51.12+01' AS time, current_setting('TimeZone') AS "
      "zone, "
      "current_setting('application_name') AS name, current_setting('statement_timeout') AS limit");
  ASSERT_TRUE(rows.has_value()) << rows.error().text();
  EXPECT_EQ((*rows)->text(0, "time"), "2026-11-22 08:30:51.12+00");
  EXPECT_EQ((*rows)->text(0, "name"), "podium-test");
  EXPECT_EQ((*rows)->text(0, "limit"), "5s");
}

TEST_F(Postgres, GivesOutNoMoreConnectionsThanItMay) {
  const auto database = open();
  std::atomic<int> done = 0;
  std::vector<std::jthread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&] {
      for (int call = 0; call < 20; ++call) done += database->run("SELECT 1").has_value() ? 1 : 0;
    });
  }
  callers.clear();
  EXPECT_EQ(done.load(), 160);
  const auto rows = database->run(
      "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'podium-test'");
  EXPECT_LE(rows.value()->integer(0, "n"), 2);
}

TEST_F(Postgres, AScriptRunsAllItsStatementsAndStopsAtTheFirstFailure) {
  const auto database = open();
  const auto session = database->session().value();
  ASSERT_TRUE(session->run_script("CREATE TABLE s1 (id int); CREATE TABLE s2 (id int);"));
  const auto failed = session->run_script("INSERT INTO s1 VALUES (1); SELECT nonsense; SELECT 1;");
  ASSERT_FALSE(failed.has_value());
  EXPECT_TRUE(failed.error().is(errors::kInternal));
  EXPECT_EQ(session->run("SELECT count(*) AS n FROM s1").value()->integer(0, "n"), 0);
}

TEST_F(Postgres, AChangedPasswordOpensTheDoor) {
  const auto database = open();
  const auto session = database->session().value();
  ASSERT_TRUE(session->run_script("CREATE ROLE guest LOGIN"));
  ASSERT_TRUE(session->change_password("guest", Secret{"it's \"secret\""}).has_value());
  auto guest = options();
  guest.url = server().url("guest");
  guest.password = Secret{"it's \"secret\""};
  EXPECT_TRUE(Database::open(guest).value()->run("SELECT 1").has_value());
  guest.password = Secret{"wrong"};
  const auto refused = Database::open(guest).value()->run("SELECT 1");
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kUnavailable));
  EXPECT_THAT(refused.error().detail, ::testing::Not(HasSubstr("wrong")));
}

TEST_F(Postgres, AUrlThatIsNoneIsAConfigurationError) {
  const auto database =
      Database::open({.url = "postgresql://[", .password = Secret{}, .application_name = "x"});
  ASSERT_FALSE(database.has_value());
  EXPECT_TRUE(database.error().is(errors::kConfiguration));
}

TEST_F(PostgresFaults, KilledAndStartedAgainServesTheNextCall) {
  const auto database = open();
  ASSERT_TRUE(database->run("CREATE TABLE survives (id int)").has_value());
  ASSERT_TRUE(database->run("INSERT INTO survives VALUES (7)").has_value());
  server().kill();
  const auto away = database->run("SELECT 1");
  ASSERT_FALSE(away.has_value());
  EXPECT_TRUE(away.error().is(errors::kUnavailable)) << away.error().text();
  server().start();
  const auto back = database->run("SELECT id FROM survives");
  ASSERT_TRUE(back.has_value()) << back.error().text();
  EXPECT_EQ((*back)->integer(0, "id"), 7);
}

TEST_F(PostgresFaults, KilledBetweenTwoCallsIsNotNoticedByTheNext) {
  const auto database = open();
  ASSERT_TRUE(database->run("SELECT 1").has_value());
  server().kill();
  server().start();
  EXPECT_TRUE(database->run("SELECT 1").has_value());
}

TEST_F(PostgresFaults, KilledInsideATransactionIsUnavailableAndLeavesNothing) {
  const auto database = open();
  ASSERT_TRUE(database->run("CREATE TABLE half (id int)").has_value());
  const auto done = database->transaction([](Session& session) -> Result<void> {
    PODIUM_TRY(session.run("INSERT INTO half VALUES (1)"));
    server().kill();
    PODIUM_TRY(session.run("INSERT INTO half VALUES (2)"));
    return {};
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_TRUE(done.error().is(errors::kUnavailable)) << done.error().text();
  server().start();
  EXPECT_EQ(database->run("SELECT count(*) AS n FROM half").value()->integer(0, "n"), 0);
}

TEST_F(PostgresFaults, KilledBeforeCommitIsUnavailableAndTheSessionStaysLost) {
  const auto database = open();
  const auto session = database->session().value();
  const auto done = session->transaction([](Session&) -> Result<void> {
    server().kill();
    server().start();
    return {};
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_TRUE(done.error().is(errors::kUnavailable)) << done.error().text();
  EXPECT_TRUE(session->run("SELECT 1").error().is(errors::kUnavailable));
  EXPECT_TRUE(database->run("SELECT 1").has_value());
}

TEST_F(PostgresFaults, AnEndedBackendLosesItsSessionLock) {
  const auto database = open();
  const auto holder = database->session().value();
  ASSERT_TRUE(holder->run("SELECT pg_advisory_lock(1)").has_value());
  const auto held = database->run("SELECT pg_try_advisory_lock(1) AS locked");
  EXPECT_FALSE(held.value()->boolean(0, "locked"));
  ASSERT_TRUE(database
                  ->run("SELECT pg_terminate_backend(pid) FROM pg_locks "
                        "WHERE locktype = 'advisory' AND granted")
                  .has_value());
  const auto freed = [&] {
    const auto rows = database->run("SELECT pg_try_advisory_lock(1) AS locked");
    return rows && (*rows)->boolean(0, "locked");
  };
  EXPECT_TRUE(testing::wait_until(freed, seconds{10}));
  EXPECT_TRUE(holder->run("SELECT 1").error().is(errors::kUnavailable));
}

}  // namespace
}  // namespace podium
