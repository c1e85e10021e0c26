// The set-up step on a real nats-server: made once, changed in place, never deleted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/setup/jetstream_setup.hpp"
#include "cli/setup/nats_config.hpp"
#include "cli/setup/setup.hpp"
#include "libs/chassis/bus/bus.hpp"
#include "tests/contract/prepared_nats.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium {
namespace {

using nlohmann::json;
using setup::Change;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Settings = std::map<std::string, std::string, std::less<>>;

Result<std::vector<setup::WantedStream>> plan_of(const std::filesystem::path& file,
                                                 const Settings& settings = {}) {
  Environment environment{[&](std::string_view name) -> std::optional<std::string> {
    const auto found = settings.find(name);
    return found == settings.end() ? std::nullopt : std::optional{found->second};
  }};
  return setup::read_jetstream_plan(file, environment);
}

class SetupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    BusOptions options;
    options.url = server_.url();
    bus_ = std::move(Bus::connect(options).value());
    std::ifstream file{testing::schemas_folder() / "streams.json"};
    streams_ = json::parse(file);
  }

  /// Applies what stands in streams_ now.
  Result<std::vector<Change>> apply(const Settings& settings = {}) {
    const auto file = folder_.path() / "streams.json";
    std::ofstream{file} << streams_.dump();
    const auto plan = PODIUM_TRY(plan_of(file, settings));
    return setup::apply_jetstream_plan(*bus_, plan);
  }
  json& stream(std::string_view name) {
    for (auto& one : streams_.at("streams")) {
      if (one.at("name") == name) return one;
    }
    throw std::invalid_argument{"no such stream"};
  }
  json config_of(const std::string& stream_name) {
    const auto info = bus_->request("$JS.API.STREAM.INFO." + stream_name, "");
    return json::parse(info.value()).at("config");
  }

  testing::NatsServer server_;
  testing::TemporaryFolder folder_;
  std::unique_ptr<Bus> bus_;
  json streams_;
};

TEST_F(SetupTest, ApplyMakesEverythingAndASecondTimeChangesNothing) {
  const auto first = apply();
  ASSERT_TRUE(first.has_value()) << first.error().text();
  for (const auto& change : *first) EXPECT_EQ(change.what, "made") << change.name;
  const auto second = apply();
  ASSERT_TRUE(second.has_value()) << second.error().text();
  EXPECT_THAT(*second, SizeIs(first->size()));
  for (const auto& change : *second) EXPECT_EQ(change.what, "same") << change.name;
}

TEST_F(SetupTest, ALimitIsChangedInPlaceAndKeepsTheMessages) {
  ASSERT_TRUE(apply());
  ASSERT_TRUE(bus_->publish("podium.jobs.job-1.ended", "kept"));
  stream("JOBS")["max_bytes"] = 1'000'000;
  const auto changes = apply();
  ASSERT_TRUE(changes.has_value()) << changes.error().text();
  for (const auto& change : *changes) {
    EXPECT_EQ(change.what, change.name == "JOBS" ? "updated" : "same") << change.name;
  }
  EXPECT_EQ(config_of("JOBS").at("max_bytes"), 1'000'000);
  EXPECT_EQ(bus_->stream_state("JOBS")->messages, 1U);
}

TEST_F(SetupTest, AConsumersLimitsAndFiltersAreChangedInPlace) {
  ASSERT_TRUE(apply());
  auto& consumer = stream("JOBS").at("consumers").at(0);
  consumer["max_deliver"] = 7;
  consumer["filters"].push_back("podium.jobs.*.retry_requested");
  const auto changes = apply();
  ASSERT_TRUE(changes.has_value()) << changes.error().text();
  const auto info =
      json::parse(bus_->request("$JS.API.CONSUMER.INFO.JOBS.scraper-scrape", "").value());
  EXPECT_EQ(info.at("config").at("max_deliver"), 7);
  EXPECT_THAT(info.at("config").at("filter_subjects"), SizeIs(2));
  EXPECT_THAT(*apply(), Each(Field(&Change::what, "same")));
}

TEST_F(SetupTest, ABucketsLimitIsChangedInPlaceAndKeepsItsValues) {
  ASSERT_TRUE(apply());
  const auto bucket = std::move(bus_->bucket("searches").value());
  ASSERT_TRUE(bucket->put("job-1", "kept"));
  streams_.at("buckets").at(0)["max_value_bytes"] = 300'000;
  ASSERT_TRUE(apply());
  EXPECT_EQ(config_of("KV_searches").at("max_msg_size"), 300'000);
  EXPECT_EQ(bucket->get("job-1").value()->value, "kept");
}

TEST_F(SetupTest, WhatCannotBeChangedInPlaceIsRefusedAndNothingIsLost) {
  ASSERT_TRUE(apply());
  ASSERT_TRUE(bus_->publish("podium.jobs.job-1.ended", "kept"));
  stream("JOBS")["retention"] = "workqueue";
  const auto refused = apply();
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kConfiguration)) << refused.error().text();
  EXPECT_THAT(refused.error().detail, HasSubstr("JOBS"));
  EXPECT_EQ(config_of("JOBS").at("retention"), "limits");
  EXPECT_EQ(bus_->stream_state("JOBS")->messages, 1U);
}

TEST_F(SetupTest, NumbersMayComeFromSettings) {
  ASSERT_TRUE(apply());
  EXPECT_EQ(config_of("TICKETS").at("max_msgs"), 1000);
  ASSERT_TRUE(apply({{"PODIUM_JOBS_OPEN_MAX", "3"}, {"PODIUM_JOBS_OPEN_PER_TENANT_MAX", "2"}}));
  EXPECT_EQ(config_of("TICKETS").at("max_msgs"), 3);
  EXPECT_EQ(config_of("TICKETS").at("max_msgs_per_subject"), 2);
  EXPECT_TRUE(apply({{"PODIUM_JOBS_OPEN_MAX", "many"}}).error().is(errors::kConfiguration));
}

TEST_F(SetupTest, TicketsAdmitExactlyWhatTheLimitsSay) {
  ASSERT_TRUE(apply({{"PODIUM_JOBS_OPEN_MAX", "3"}, {"PODIUM_JOBS_OPEN_PER_TENANT_MAX", "2"}}));
  EXPECT_TRUE(bus_->publish("podium.tickets.one", "1"));
  EXPECT_TRUE(bus_->publish("podium.tickets.one", "2"));
  EXPECT_TRUE(bus_->publish("podium.tickets.one", "3").error().is(errors::kFull));
  EXPECT_TRUE(bus_->publish("podium.tickets.two", "3"));
  EXPECT_TRUE(bus_->publish("podium.tickets.two", "4").error().is(errors::kFull));
  ASSERT_TRUE(bus_->delete_message("TICKETS", 1));
  EXPECT_TRUE(bus_->publish("podium.tickets.two", "4"));
}

TEST_F(SetupTest, RunTicketsAreTakenByTheirClassAndBand) {
  ASSERT_TRUE(apply());
  ASSERT_TRUE(bus_->publish("podium.runs.cpu.2.run-1", "ticket"));
  const auto other = std::move(bus_->pull("RUNS", "executor-cpu-1").value());
  EXPECT_EQ(other->next(std::chrono::milliseconds{100}).value(), nullptr);
  const auto consumer = std::move(bus_->pull("RUNS", "executor-cpu-2").value());
  const auto delivery = std::move(consumer->next(std::chrono::seconds{5}).value());
  ASSERT_NE(delivery, nullptr);
  ASSERT_TRUE(delivery->ack());
  EXPECT_EQ(bus_->stream_state("RUNS")->messages, 0U) << "a work queue forgets what is done";
}

TEST_F(SetupTest, DeadLettersOfEveryStreamAreKept) {
  ASSERT_TRUE(apply());
  ASSERT_TRUE(bus_->publish("podium.jobs.job-1.requested", "bad"));
  const auto consumer = std::move(bus_->pull("JOBS", "scraper-scrape").value());
  const auto delivery = std::move(consumer->next(std::chrono::seconds{5}).value());
  ASSERT_NE(delivery, nullptr);
  ASSERT_TRUE(delivery->terminate("INVALID: bad"));
  const auto letters = std::move(bus_->pull("DEAD_LETTERS", "codegen-dead-letters").value());
  const auto letter = std::move(letters->next(std::chrono::seconds{5}).value());
  ASSERT_NE(letter, nullptr);
  EXPECT_THAT(std::string{letter->data()}, HasSubstr("INVALID: bad"));
}

class NatsConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto& user : testing::user_names()) {
      std::ofstream{folder_.path() / ("nats_" + user)} << "pass word$#{}'" << user << "\r\n";
    }
  }
  Result<std::string> config() const {
    return setup::nats_config(
        {.permissions = testing::schemas_folder() / "permissions.json", .secrets = folder_.path()});
  }

  testing::TemporaryFolder folder_;
};

TEST_F(NatsConfigTest, TakesEveryPasswordAsItStandsInItsFile) {
  const auto text = config();
  ASSERT_TRUE(text.has_value()) << text.error().text();
  const auto file = folder_.path() / "nats.conf";
  ASSERT_TRUE(setup::write_private_file(file, *text));
  const testing::NatsServer server{file};
  for (const auto& user : testing::user_names()) {
    BusOptions options;
    options.url = server.url();
    options.user = user;
    options.name = user;
    options.connect_timeout = std::chrono::seconds{2};
    options.password = Secret{"pass word$#{}'" + user};
    const auto bus = Bus::connect(options);
    EXPECT_TRUE(bus.has_value()) << user << ": " << bus.error().text();
  }
}

TEST_F(NatsConfigTest, NamesEveryPasswordThatIsMissing) {
  std::filesystem::remove(folder_.path() / "nats_viewer");
  std::ofstream{folder_.path() / "nats_tracker"} << "\n";
  const auto refused = config();
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kConfiguration));
  EXPECT_THAT(refused.error().detail, AllOf(HasSubstr("nats_viewer"), HasSubstr("nats_tracker"),
                                            Not(HasSubstr("nats_admin"))));
}

TEST_F(NatsConfigTest, RefusesAPasswordThatClientsCannotSend) {
  for (const auto* const password : {R"(a"b)", R"(a\b)", "a\tb"}) {
    std::ofstream{folder_.path() / "nats_viewer"} << password;
    const auto refused = config();
    ASSERT_FALSE(refused.has_value()) << password;
    EXPECT_THAT(refused.error().detail, HasSubstr("nats_viewer"));
    EXPECT_THAT(refused.error().detail, Not(HasSubstr(password)));
  }
}

TEST_F(NatsConfigTest, SyncsAlwaysUnlessTold) {
  EXPECT_THAT(*config(), HasSubstr(R"(sync_interval: "always")"));
  const auto lazy =
      setup::nats_config({.permissions = testing::schemas_folder() / "permissions.json",
                          .secrets = folder_.path(),
                          .sync_interval = "10s"});
  EXPECT_THAT(*lazy, HasSubstr(R"(sync_interval: "10s")"));
}

TEST_F(NatsConfigTest, IsReadByItsOwnerOnlyAlsoWhenAnOlderFileWasOpen) {
  const auto file = folder_.path() / "nats.conf";
  std::ofstream{file} << "old";
  std::ofstream{file.string() + ".new"} << "left by a step that was killed";
  chmod((file.string() + ".new").c_str(), 0644);
  ASSERT_TRUE(setup::write_private_file(file, "new"));
  struct stat state{};
  ASSERT_EQ(stat(file.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600U);
  std::ifstream stream{file};
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>{stream}, {}), "new");
}

TEST(SetupCommand, KnowsItsVerbsOnly) {
  EXPECT_EQ(setup::run_setup({}), 2);
  EXPECT_EQ(setup::run_setup({"destroy"}), 2);
  EXPECT_EQ(setup::run_setup({"apply", "everything"}), 2);
  EXPECT_EQ(setup::run_setup({"nats-config"}), 2);
}

TEST(SetupCommand, ProbeFailsWhereNobodyAnswers) {
  const auto url = "http://127.0.0.1:" + std::to_string(testing::free_port());
  EXPECT_EQ(setup::run_setup({"probe", url}), 1);
}

}  // namespace
}  // namespace podium
