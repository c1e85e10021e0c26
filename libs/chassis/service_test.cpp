// A real service process, seen from outside: signals, exit codes, health, drain.
#include "libs/chassis/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "libs/chassis/bus/test_broker.hpp"
#include "libs/chassis/http/client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::kPatience;
using testing::Process;
using testing::TemporaryFolder;
using testing::TestBroker;
using testing::wait_until;

constexpr int kExitFailure = 1;
constexpr int kExitConfiguration = 2;

class ServiceProgram : public ::testing::Test {
 protected:
  Process& start(const std::string& mode, std::map<std::string, std::string> environment = {}) {
    environment.insert(
        {{"SERVICE_TEST_MODE", mode}, {"SERVICE_TEST_FILE", file()}, {"PODIUM_HEALTH_PORT", "0"}});
    process_.emplace(testing::ProcessOptions{.command = {SERVICE_TEST_PROGRAM},
                                             .environment = std::move(environment),
                                             .user = std::nullopt,
                                             .output = new_output()});
    return *process_;
  }
  Process& process() { return *process_; }

  /// The first log line with this message; fails when it does not come.
  json wait_for_line(std::string_view message) {
    std::optional<json> found;
    EXPECT_TRUE(wait_until([&] { return (found = line(message)).has_value(); }, kPatience))
        << message << " is not in\n"
        << process().output();
    return found.value_or(json::object());
  }
  std::optional<json> line(std::string_view message) {
    std::istringstream output{process().output()};
    for (std::string text; std::getline(output, text);) {
      const json parsed = json::parse(text, nullptr, false);
      if (parsed.is_object() && parsed.value("msg", "") == message) return parsed;
    }
    return std::nullopt;
  }

  void wait_until_it_runs() {
    health_port_ = wait_for_line("the service runs").value("health_port", 0);
  }
  HttpAnswer health(const std::string& path) const {
    const HttpCall call{.url = "http://127.0.0.1:" + std::to_string(health_port_) + path};
    return send_http(call).value_or(HttpAnswer{});
  }
  void make_file() { std::ofstream{file()} << "go on"; }
  int exit_code() { return process().wait(kPatience).value_or(-1); }
  std::string file() const { return (folder_.path() / "go-on").string(); }

 private:
  // One for each start, so that a line of the process before is not taken for one of this.
  std::filesystem::path new_output() {
    return folder_.path() / ("output-" + std::to_string(++starts_));
  }

  TemporaryFolder folder_;
  int starts_ = 0;
  std::optional<Process> process_;
  int health_port_ = 0;
};

TEST_F(ServiceProgram, EndsWithSuccessAfterASignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    start("idle");
    wait_until_it_runs();
    process().signal(signal);
    EXPECT_EQ(exit_code(), 0) << process().output();
  }
}

TEST_F(ServiceProgram, ASignalBeforeItRunsEndsIt) {
  start("starts slowly");
  wait_for_line("composing");
  process().signal(SIGTERM);
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(ServiceProgram, AConfigurationErrorNamesEveryBadSetting) {
  start("configuration", {{"PODIUM_HEALTH_PORT", "http"},
                          {"PODIUM_LOG_LEVEL", "loud"},
                          {"OTEL_TRACES_EXPORTER", "pigeon"}});
  EXPECT_EQ(exit_code(), kExitConfiguration);
  const json error = wait_for_line("the service ends with an error");
  EXPECT_EQ(error["code"], "CONFIGURATION");
  for (const auto* name : {"PODIUM_HEALTH_PORT", "PODIUM_LOG_LEVEL", "OTEL_TRACES_EXPORTER",
                           "SERVICE_TEST_REQUIRED"}) {
    EXPECT_THAT(error["detail"].get<std::string>(), HasSubstr(name));
  }
}

TEST_F(ServiceProgram, AnyOtherErrorEndsItWithOne) {
  start("fails");
  EXPECT_EQ(exit_code(), kExitFailure);
  EXPECT_EQ(wait_for_line("the service ends with an error")["detail"], "the part is away");
  start("throws");
  EXPECT_EQ(exit_code(), kExitFailure);
  EXPECT_THAT(process().output(), HasSubstr("out of the blue"));
}

TEST_F(ServiceProgram, AFailedTaskEndsTheServiceAndStopsTheOthers) {
  start("failing task");
  EXPECT_EQ(exit_code(), kExitFailure);
  EXPECT_THAT(wait_for_line("the service ends with an error")["detail"].get<std::string>(),
              HasSubstr("failing: the watcher lost its bucket"));
  wait_for_line("the patient task was stopped");
}

TEST_F(ServiceProgram, AnswersHealthAndMetrics) {
  start("unready");
  wait_until_it_runs();
  EXPECT_EQ(health("/livez").status, 200);
  const HttpAnswer metrics = health("/metrics");
  EXPECT_EQ(metrics.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.body, HasSubstr("podium_build_info{"));

  const HttpAnswer unready = health("/readyz");
  EXPECT_EQ(unready.status, 503);
  const json report = json::parse(unready.body);
  EXPECT_EQ(report["status"], "not_ready");
  EXPECT_EQ(report["checks"][0]["name"], "postgres");
  EXPECT_EQ(report["checks"][0]["ok"], false);
  EXPECT_EQ(report["checks"][0]["detail"], "UNAVAILABLE: no answer");
  make_file();
  EXPECT_EQ(health("/readyz").status, 200);
}

TEST_F(ServiceProgram, ATakenHealthPortIsAnError) {
  start("idle");
  wait_until_it_runs();
  const auto port = wait_for_line("the service runs").value("health_port", 0);
  Process first = std::move(process());
  start("idle", {{"PODIUM_HEALTH_PORT", std::to_string(port)}});
  EXPECT_EQ(exit_code(), kExitFailure);
  EXPECT_THAT(process().output(), HasSubstr(std::to_string(port)));
}

TEST_F(ServiceProgram, ASecondSignalEndsItAtOnce) {
  start("stubborn task");
  wait_until_it_runs();
  process().signal(SIGTERM);
  wait_for_line("the service drains");
  EXPECT_EQ(json::parse(health("/readyz").body)["status"], "draining");
  EXPECT_EQ(health("/livez").status, 200);
  process().signal(SIGTERM);
  EXPECT_EQ(exit_code(), kExitFailure);
  wait_for_line("a second signal ends the service at once");
}

TEST_F(ServiceProgram, AThreadThatDoesNotEndDoesNotHoldTheDrainBeyondItsLimit) {
  start("stubborn task");
  wait_until_it_runs();
  const auto begin = std::chrono::steady_clock::now();
  process().signal(SIGTERM);
  EXPECT_EQ(exit_code(), kExitFailure);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kDrainMax + std::chrono::seconds{1});
  EXPECT_EQ(wait_for_line("a task does not end")["task"], "stubborn");
}

class ServiceStage : public ServiceProgram {
 protected:
  void SetUp() override {
    broker_.make_stream("JOBS", "podium.jobs.>");
    // An AckWait longer than the test: only handing back brings an event again in time.
    broker_.make_consumer("JOBS", "tested", R"(,"ack_wait":300000000000)");
  }
  void start_stage() {
    start("stage", {{"NATS_URL", broker_.server().url()}});
    wait_until_it_runs();
  }
  void publish(std::string_view phase) {
    EventPublisher publisher{broker_.bus(), "test"};
    ASSERT_TRUE(publisher.publish(testing::progressed_event(phase)));
  }
  json consumer() { return json::parse(broker_.api("CONSUMER.INFO.JOBS.tested", "")); }

  TestBroker broker_;
};

TEST_F(ServiceStage, FinishesWhatItHasInHandWhenItIsToEnd) {
  publish("finishes");
  start_stage();
  wait_for_line("handling");
  process().signal(SIGTERM);
  EXPECT_EQ(wait_for_line("drain action")["draining"], true);
  make_file();
  EXPECT_EQ(exit_code(), 0);
  wait_for_line("finished");
  EXPECT_EQ(consumer()["num_ack_pending"], 0);
}

TEST_F(ServiceStage, HandsBackWhatStopsSoThatTheNextOneHasItAtOnce) {
  publish("hands back");
  start_stage();
  wait_for_line("handling");
  process().signal(SIGTERM);
  EXPECT_EQ(exit_code(), 0);
  start_stage();
  EXPECT_TRUE(
      wait_until([&] { return process().output().contains("\"deliveries\":2"); }, kPatience));
}

TEST_F(ServiceStage, HandsBackWhatDoesNotFinishWithinTheDrain) {
  publish("never ends");
  start_stage();
  wait_for_line("handling");
  const auto begin = std::chrono::steady_clock::now();
  process().signal(SIGTERM);
  EXPECT_EQ(exit_code(), kExitFailure);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kDrainMax + std::chrono::seconds{1});
  start_stage();
  EXPECT_TRUE(
      wait_until([&] { return process().output().contains("\"deliveries\":2"); }, kPatience));
}

TEST_F(ServiceStage, AFatalErrorOfAStageEndsTheService) {
  publish("is fatal");
  start("stage", {{"NATS_URL", broker_.server().url()}});
  EXPECT_EQ(exit_code(), kExitFailure);
  EXPECT_EQ(wait_for_line("the service ends with an error")["code"], "PERMISSION");
}

TEST_F(ServiceStage, IsNotReadyWhileTheBrokerIsAway) {
  start_stage();
  EXPECT_EQ(health("/readyz").status, 200);
  broker_.server().kill();
  EXPECT_TRUE(wait_until([&] { return health("/readyz").status == 503; }, kPatience));
  EXPECT_EQ(health("/livez").status, 200);
  broker_.server().start();
  EXPECT_TRUE(wait_until([&] { return health("/readyz").status == 200; }, kPatience));
}

}  // namespace
}  // namespace podium
