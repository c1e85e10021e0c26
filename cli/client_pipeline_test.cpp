// The client as a person types it, against a real gateway, broker and database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "libs/chassis/event.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/ids.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/testing/gateway_world.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;
using podium::testing::Process;
using podium::testing::ProcessOptions;
using podium::testing::wait_until;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

class Client : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<GatewayWorld>(); }
  static void TearDownTestSuite() { world_.reset(); }
  GatewayWorld& world() { return *world_; }

  /// The client as a process; its output, both streams, goes to a file of its own.
  Process start(const std::vector<std::string>& words,
                const std::map<std::string, std::string>& environment = {}) {
    static int count = 0;
    ProcessOptions options;
    options.command = {program("podium").string()};
    options.command.insert(options.command.end(), words.begin(), words.end());
    options.environment = {{"PODIUM_URL", world().url()},
                           {"NATS_URL", world().nats().url()},
                           {"PODIUM_VIEWER_PASSWORD", "nats-viewer"}};
    for (const auto& [name, value] : environment) options.environment[name] = value;
    options.output = world().folder() / ("client-" + std::to_string(++count) + ".out");
    return Process{std::move(options)};
  }

  struct Ended {
    int exit;
    std::string output;
  };
  Ended type(const std::vector<std::string>& words,
             const std::map<std::string, std::string>& environment = {}) {
    auto client = start(words, environment);
    const auto exit = client.wait(kLong);
    EXPECT_TRUE(exit.has_value()) << client.output();
    return {exit.value_or(-1), client.output()};
  }

  std::string new_job() { return world().run().at("job_id").get<std::string>(); }

  /// The job that a client has started under this key.
  std::string job_of_key(const std::string& key) { return uuid_v8_of("default" + ('\0' + key)); }

  /// A job with a solution of the generator's, c1, and one that a model made of it, c2.
  std::string solved_job() {
    const auto job_id = new_job();
    world().publish_scraped(job_id);
    world().publish_draft(job_id, "c1");
    world().publish_executed(job_id, "c1", 0.8215, "fold 1\n");
    world().publish_model_draft(job_id, "c2", "c1");
    world().publish_executed(job_id, "c2", 0.83, "seeds\n");
    world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
    world().wait_for_status(job_id, "success");
    return job_id;
  }

  void wait_for_job(const std::string& job_id) {
    EXPECT_TRUE(
        wait_until([&] { return world().call("GET", "/status/" + job_id).status == 200; }, kLong));
  }

 private:
  static inline std::unique_ptr<GatewayWorld> world_;
};

TEST_F(Client, RunPrintsTheJobOnStdout) {
  const auto run = type({"run", "titanic", "-q"});
  EXPECT_EQ(run.exit, 0) << run.output;
  const std::string job_id = run.output.substr(0, run.output.find('\n'));
  EXPECT_EQ(world().status(job_id).at("competition_name"), "titanic");
}

TEST_F(Client, RunWatchShowsEveryEventAndEndsWithTheJob) {
  auto client = start({"run", "titanic", "--watch", "--idempotency-key", "watched"});
  const auto job_id = job_of_key("watched");
  wait_for_job(job_id);
  world().publish_scraped(job_id);
  world().publish_draft(job_id, "c1");
  world().publish_started(job_id, "c1");
  world().publish_executed(job_id, "c1", 0.8215, "fold 1\n");
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  EXPECT_EQ(client.wait(kLong), 0) << client.output();
  const auto output = client.output();
  EXPECT_THAT(output, HasSubstr("gateway   requested"));
  EXPECT_THAT(output, HasSubstr("scraper   scraped"));
  EXPECT_THAT(output, HasSubstr("accuracy 0.8215 ± 0.012 (reported)  ok  9.8 s"));
  EXPECT_THAT(output, HasSubstr("ended"));
  EXPECT_THAT(output, HasSubstr("./podium result " + job_id));
}

TEST_F(Client, RunWatchJsonIsOneEventALineAndLastTheJob) {
  auto client = start({"run", "titanic", "--watch", "--json", "-q", "--idempotency-key", "lines"});
  const auto job_id = job_of_key("lines");
  wait_for_job(job_id);
  world().publish_scraped(job_id);
  world().publish_ended(job_id, v1::JOB_STATUS_FAILED, "KAGGLE_AUTH");
  EXPECT_EQ(client.wait(kLong), 3) << client.output();
  std::istringstream lines{client.output()};
  std::vector<json> objects;
  for (std::string line; std::getline(lines, line);) objects.push_back(json::parse(line));
  ASSERT_EQ(objects.size(), 4U) << client.output();
  EXPECT_TRUE(objects[0].contains("requested"));
  EXPECT_TRUE(objects[1].contains("scraped"));
  EXPECT_TRUE(objects[2].contains("ended"));
  EXPECT_EQ(objects[3].at("status"), "failed");
  EXPECT_EQ(objects[3].at("reason_code"), "KAGGLE_AUTH");
}

TEST_F(Client, WatchOfACancelledJobExitsWithFive) {
  const auto job_id = new_job();
  world().publish_ended(job_id, v1::JOB_STATUS_CANCELLED, "CANCELLED");
  EXPECT_EQ(type({"watch", job_id}).exit, 5);
}

TEST_F(Client, TimeoutLeavesTheJobGoingAndExitsWithEight) {
  const auto job_id = new_job();
  const auto watch = type({"watch", job_id, "--timeout", "500ms"});
  EXPECT_EQ(watch.exit, 8);
  EXPECT_THAT(watch.output, HasSubstr("./podium watch " + job_id));
  EXPECT_EQ(world().status(job_id).at("status"), "queued");
}

TEST_F(Client, CtrlCDetachesAndSaysHowToComeBack) {
  const auto job_id = new_job();
  auto client = start({"watch", job_id});
  EXPECT_TRUE(wait_until([&] { return client.output().contains("requested"); }, kLong));
  client.signal(SIGINT);
  EXPECT_EQ(client.wait(std::chrono::seconds{10}), 130) << client.output();
  EXPECT_THAT(client.output(), HasSubstr("./podium watch " + job_id));
  EXPECT_THAT(client.output(), HasSubstr("./podium cancel " + job_id));
  EXPECT_FALSE(world()
                   .bus()
                   .last_message("JOBS", "podium.jobs." + job_id + ".cancel_requested")
                   .value()
                   .has_value());
}

TEST_F(Client, CtrlCCancelsWhereItWasAskedTo) {
  const auto job_id = new_job();
  auto client = start({"watch", job_id, "--cancel-on-interrupt"});
  EXPECT_TRUE(wait_until([&] { return client.output().contains("requested"); }, kLong));
  client.signal(SIGINT);
  EXPECT_TRUE(wait_until(
      [&] {
        return world()
            .bus()
            .last_message("JOBS", "podium.jobs." + job_id + ".cancel_requested")
            .value()
            .has_value();
      },
      kLong));
  world().publish_ended(job_id, v1::JOB_STATUS_CANCELLED, "CANCELLED");
  EXPECT_EQ(client.wait(kLong), 5) << client.output();
}

TEST_F(Client, WatchSurvivesAGatewayThatIsKilled) {
  world().start_gateway(5);
  const auto job_id = new_job();
  auto client = start({"watch", job_id}, {{"PODIUM_URL", world().url(5)}});
  EXPECT_TRUE(wait_until([&] { return client.output().contains("requested"); }, kLong));
  world().stop_gateway(5);
  world().publish_scraped(job_id);
  EXPECT_TRUE(wait_until([&] { return client.output().contains("trying again"); }, kLong));
  world().start_gateway(5);
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  EXPECT_EQ(client.wait(kLong), 0) << client.output();
  const auto output = client.output();
  EXPECT_EQ(output.find("  scraped  "), output.rfind("  scraped  "));
  EXPECT_THAT(output, HasSubstr("  scraped  "));
  world().stop_gateway(5);
}

TEST_F(Client, JobIsFoundByPrefixAndAsLatest) {
  const auto job_id = new_job();
  world().wait_for_status(job_id, "queued");
  const auto by_prefix = type({"status", job_id.substr(0, 30), "--json"});
  EXPECT_EQ(by_prefix.exit, 0) << by_prefix.output;
  EXPECT_EQ(json::parse(by_prefix.output).at("job_id"), job_id);
  EXPECT_EQ(json::parse(type({"status", "@latest", "--json"}).output).at("job_id"), job_id);
  EXPECT_EQ(type({"status", "ffffffff"}).exit, 6);
  EXPECT_EQ(type({"status", "!"}).exit, 2);
}

TEST_F(Client, ResultIsSavedWholeOrNotAtAll) {
  const auto job_id = new_job();
  const auto file = world().folder() / "mine.csv";
  const auto early = type({"result", job_id, "-o", file.string()});
  EXPECT_EQ(early.exit, 1) << early.output;
  EXPECT_FALSE(std::filesystem::exists(file));
  world().publish_ended(job_id, v1::JOB_STATUS_SUCCESS, "BUDGET_SPENT");
  EXPECT_EQ(type({"result", job_id, "-o", file.string()}).exit, 0);
  EXPECT_EQ(read_file(file), "id,y\n1,0\n2,1\n");
  EXPECT_EQ(type({"result", job_id, "-o", "-", "-q"}).output, "id,y\n1,0\n2,1\n");
}

TEST_F(Client, ResultOfAFailedJobExitsWithThree) {
  const auto job_id = new_job();
  world().publish_ended(job_id, v1::JOB_STATUS_FAILED, "NO_VALID_SUBMISSION");
  const auto result = type({"result", job_id, "-o", "-"});
  EXPECT_EQ(result.exit, 3);
  EXPECT_THAT(result.output, HasSubstr("NO_VALID_SUBMISSION"));
}

TEST_F(Client, EventsComeFromTheBusAsViewer) {
  const auto job_id = new_job();
  world().publish_scraped(job_id);
  const auto events = type({"events", job_id});
  EXPECT_EQ(events.exit, 0) << events.output;
  EXPECT_THAT(events.output, HasSubstr("gateway   requested"));
  EXPECT_THAT(events.output, HasSubstr("scraper   scraped"));
  const auto as_json = type({"events", job_id, "--json", "-q"});
  std::istringstream lines{as_json.output};
  std::string first;
  std::getline(lines, first);
  EXPECT_EQ(json::parse(first).at("job_id"), job_id);
}

TEST_F(Client, FollowedEventsGoOnAsTheyHappen) {
  auto client = start({"events", "-f"});
  EXPECT_TRUE(wait_until([&] { return client.output().contains("following"); }, kLong));
  std::string job_id;
  EXPECT_TRUE(wait_until(
      [&] {
        job_id = new_job();
        return wait_until([&] { return client.output().contains(job_id); },
                          std::chrono::seconds{2});
      },
      kLong))
      << client.output();
  client.signal(SIGINT);
  EXPECT_EQ(client.wait(std::chrono::seconds{10}), 130);
}

TEST_F(Client, WrongPasswordIsNamedNotHung) {
  const auto events = type({"events"}, {{"PODIUM_VIEWER_PASSWORD", "wrong"}});
  EXPECT_EQ(events.exit, 7) << events.output;
}

TEST_F(Client, LogsAreShown) {
  const auto job_id = new_job();
  world().publish_draft(job_id, "c1");
  world().publish_started(job_id, "c1");
  world().publish_executed(job_id, "c1", 0.5, "hello from the sandbox\n");
  EXPECT_TRUE(wait_until(
      [&] { return type({"logs", job_id}).output.contains("hello from the sandbox"); }, kLong));
}

TEST_F(Client, CancelAndJobs) {
  const auto job_id = new_job();
  EXPECT_EQ(type({"cancel", job_id}).exit, 0);
  world().publish_ended(job_id, v1::JOB_STATUS_CANCELLED, "CANCELLED");
  world().wait_for_status(job_id, "cancelled");
  const auto jobs = type({"jobs", "--status", "cancelled"});
  EXPECT_EQ(jobs.exit, 0);
  EXPECT_THAT(jobs.output, HasSubstr(job_id));
  EXPECT_EQ(json::parse(type({"jobs", "--json"}).output).at("jobs").is_array(), true);
}

TEST_F(Client, SpendingIsATable) {
  solved_job();
  const auto spending = type({"spending"});
  EXPECT_EQ(spending.exit, 0) << spending.output;
  EXPECT_THAT(spending.output, HasSubstr("TENANT"));
  EXPECT_THAT(spending.output, HasSubstr("default"));
  EXPECT_THAT(spending.output, HasSubstr(" + ?"));
  EXPECT_TRUE(json::parse(type({"spending", "--json"}).output).at("tenants").is_array());
}

TEST_F(Client, TreeShowsWhatGrewFromWhat) {
  const auto job_id = solved_job();
  const auto tree = type({"tree", job_id});
  EXPECT_EQ(tree.exit, 0) << tree.output;
  EXPECT_THAT(tree.output, HasSubstr("\nc1 *"));
  EXPECT_THAT(tree.output,
              HasSubstr("\n└─ c2      improve  model    ok       accuracy 0.8300 ± 0.012"));
  EXPECT_THAT(tree.output, HasSubstr("9.8 s  1500    ?"));
  EXPECT_THAT(tree.output, HasSubstr("gradient boosting over five folds"));
  EXPECT_FALSE(tree.output.contains('\x1b')) << "plans are foreign text";
  const auto told = json::parse(type({"tree", job_id, "--json"}).output);
  EXPECT_EQ(told.at("best_candidate_id"), "c1");
  EXPECT_EQ(told.at("candidates").at(1).at("parent_id"), "c1");
  EXPECT_EQ(type({"tree", job_id, "-q"}).output, "c1\nc2\n");
}

TEST_F(Client, ResultsShowScoresOverTime) {
  const auto job_id = solved_job();
  const auto results = type({"results", job_id});
  EXPECT_EQ(results.exit, 0) << results.output;
  EXPECT_THAT(results.output,
              HasSubstr("c1         accuracy 0.8215 ± 0.012 (reported)  best so far"));
  EXPECT_THAT(results.output,
              HasSubstr("c2         accuracy 0.8300 ± 0.012 (reported)  best so far"));
  const auto told = json::parse(type({"results", job_id, "--json"}).output);
  ASSERT_EQ(told.at("results").size(), 2U);
  EXPECT_EQ(told.at("results").at(1).at("value"), 0.83);
  EXPECT_EQ(told.at("results").at(1).at("best_so_far"), true);
}

TEST_F(Client, ShowHasEveryPartOfASolutionOrOne) {
  const auto job_id = solved_job();
  const auto all = type({"show", job_id, "--candidate", "c2"});
  EXPECT_EQ(all.exit, 0) << all.output;
  EXPECT_THAT(all.output, StartsWith("c2  improve of c1  by gpt-5  ok  accuracy 0.8300"));
  for (const auto* part :
       {"== plan ==\nAverage two seeds.\n", "== code ==\nprint('hello')\n",
        "== prompt ==\nImprove this.\n", "== reply ==\nHere it is.\n", "== log ==\nseeds\n"}) {
    EXPECT_THAT(all.output, HasSubstr(part));
  }
  EXPECT_EQ(type({"show", job_id, "--only", "code"}).output, "print('hello')\n");
  const auto told = json::parse(type({"show", job_id, "--candidate", "best", "--json"}).output);
  EXPECT_EQ(told.at("candidate_id"), "c1");
  EXPECT_EQ(told.at("log"), "fold 1\n");
  EXPECT_TRUE(told.at("reply").is_null());
  EXPECT_EQ(type({"show", job_id, "--only", "reply"}).exit, 6);
  EXPECT_EQ(type({"show", job_id, "--candidate", "c9"}).exit, 6);
}

TEST_F(Client, DiffComparesTheProgramsOfTwoSolutions) {
  const auto job_id = solved_job();
  const auto diff = type({"diff", job_id, "best", "c2"});
  EXPECT_EQ(diff.exit, 0) << diff.output;
  EXPECT_THAT(diff.output, StartsWith("--- c1/solution.py\n+++ c2/solution.py\n@@ "));
  EXPECT_THAT(diff.output, HasSubstr("\n print('hello')\n+print('"));
  EXPECT_EQ(type({"diff", job_id, "c1", "c1"}).output, "the programs are the same\n");
  EXPECT_EQ(type({"diff", job_id, "c1", "c9"}).exit, 6);
}

TEST_F(Client, ArtifactsAreListedAndTaken) {
  const auto job_id = solved_job();
  ASSERT_TRUE(world().artifacts().put_named(job_id, "", "report.md", "# Report\n"));
  const auto list = type({"artifact", "ls", job_id, "--json"});
  EXPECT_EQ(list.exit, 0) << list.output;
  EXPECT_EQ(json::parse(list.output).back().at("name"), "report.md");
  const auto of_best = type({"artifact", "ls", job_id, "--candidate", "best", "-q"});
  EXPECT_EQ(of_best.output, "solution.py\nlog.txt\nsubmission.csv\n");
  EXPECT_EQ(type({"artifact", "get", job_id, "report.md", "-o", "-"}).output, "# Report\n");
  const auto file = world().folder() / "plan-of-c2.md";
  const auto taken =
      type({"artifact", "get", job_id, "plan.md", "--candidate", "c2", "-o", file.string()});
  EXPECT_EQ(taken.exit, 0) << taken.output;
  EXPECT_EQ(read_file(file), "Average two seeds.\n");
  const auto absent = world().folder() / "absent";
  EXPECT_EQ(type({"artifact", "get", job_id, "plan.md", "-o", absent.string()}).exit, 6);
  EXPECT_FALSE(std::filesystem::exists(absent));
  EXPECT_EQ(type({"artifact", "get", job_id}).exit, 2);
}

TEST_F(Client, HintReachesTheSearchOnlyWhileItRuns) {
  const auto job_id = new_job();
  const auto hint = type({"hint", job_id, "try CatBoost"});
  EXPECT_EQ(hint.exit, 0) << hint.output;
  const auto stored = world().bus().last_message("JOBS", "podium.jobs." + job_id + ".hinted");
  ASSERT_TRUE(stored.value().has_value());
  EXPECT_EQ(parse_event((*stored)->data).value().hinted().text(), "try CatBoost");
  EXPECT_EQ(type({"hint", job_id, ""}).exit, 1);
  world().publish_ended(job_id, v1::JOB_STATUS_CANCELLED, "CANCELLED");
  const auto late = type({"hint", job_id, "too late"});
  EXPECT_EQ(late.exit, 1);
  EXPECT_THAT(late.output, HasSubstr("JOB_ENDED"));
}

TEST_F(Client, RetryPrintsTheNewJob) {
  const auto job_id = new_job();
  EXPECT_EQ(type({"retry", job_id}).exit, 1);
  world().publish_ended(job_id, v1::JOB_STATUS_FAILED, "NO_VALID_SUBMISSION");
  const auto retry = type({"retry", job_id, "--from", "search", "-q"});
  EXPECT_EQ(retry.exit, 0) << retry.output;
  const std::string again = retry.output.substr(0, retry.output.find('\n'));
  EXPECT_NE(again, job_id);
  const auto requested = find_requested(world().bus(), again).value().value();
  EXPECT_EQ(requested.requested().retried_from(), job_id);
  EXPECT_EQ(requested.requested().from_stage(), "search");
}

TEST_F(Client, FolderIsPackedSentAndRun) {
  const auto folder = world().folder() / "my-problem";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "train.csv"} << "id,y\n1,0\n";
  const auto run = type({"run", folder.string(), "--json", "-q"});
  EXPECT_EQ(run.exit, 0) << run.output;
  const auto job_id = json::parse(run.output).at("job_id").get<std::string>();
  const auto requested = find_requested(world().bus(), job_id).value().value();
  const auto& sha256 = requested.requested().competition().folder_sha256();
  EXPECT_TRUE(world().artifacts().size("sha256/" + sha256).has_value());
  EXPECT_EQ(type({"run", "./no-such-folder"}).exit, 2);
}

TEST_F(Client, FullGatewayIsAskedAgainAfterRetryAfter) {
  GatewayWorld full{{{"PODIUM_JOBS_OPEN_MAX", "1"}, {"PODIUM_JOBS_OPEN_PER_TENANT_MAX", "1"}}};
  const auto first = full.run().at("job_id").get<std::string>();
  auto client = start({"run", "titanic"}, {{"PODIUM_URL", full.url()}});
  EXPECT_TRUE(wait_until([&] { return client.output().contains("trying again in"); }, kLong));
  full.remove_ticket(first);
  EXPECT_EQ(client.wait(kLong), 0) << client.output();
}

TEST_F(Client, UnreachableGatewayExitsWithSeven) {
  const auto jobs = type({"jobs"}, {{"PODIUM_URL", "http://127.0.0.1:1"}});
  EXPECT_EQ(jobs.exit, 7);
  EXPECT_THAT(jobs.output, HasSubstr("./podium up"));
}

TEST_F(Client, UnknownJobExitsWithSixAndShowsTheTrace) {
  const auto status = type({"status", "01890000-0000-7000-8000-000000000000"});
  EXPECT_EQ(status.exit, 6);
  EXPECT_THAT(status.output, HasSubstr("trace "));
  const auto events = type({"events", "01890000-0000-7000-8000-000000000000"});
  EXPECT_EQ(events.exit, 6);
  EXPECT_THAT(events.output, HasSubstr("jobs lists"));
}

TEST_F(Client, DoctorFindsWhatIsMissing) {
  const auto doctor = type({"doctor", "--json"});
  EXPECT_EQ(doctor.exit, 1) << "no executor runs in this test: " << doctor.output;
  std::map<std::string, std::string> states;
  for (const auto& finding : json::parse(doctor.output)) {
    states[finding.at("part").get<std::string>()] = finding.at("state").get<std::string>();
    const bool bad = finding.at("state") == "bad";
    EXPECT_EQ(bad, !finding.at("mend").get<std::string>().empty()) << finding.dump();
  }
  EXPECT_EQ(states["gateway"], "ok");
  EXPECT_EQ(states["events"], "ok");
  EXPECT_EQ(states["executors"], "bad");
  EXPECT_EQ(states["clock"], "ok");
  EXPECT_EQ(states["bus"], "ok");
  EXPECT_EQ(states["projection"], "ok");
}

TEST_F(Client, DoctorTellsWhatTheServicesSayOfTheirCredentials) {
  HttpServer service{{.port = 0}};
  service.route("GET", "/credentials", [](const HttpRequest&) {
    return HttpResponse{.body = R"({"service":"scraper","credentials":[
        {"name":"kaggle","state":"refused","detail":"api.kaggle.com answers 401",
         "next_step":"make a new token"},
        {"name":"s3","state":"not_configured","detail":"artifacts are in a folder",
         "next_step":"set PODIUM_ARTIFACTS"},
        {"name":"openai","state":"accepted","detail":"api.openai.com answers 200",
         "next_step":""}]})"};
  });
  ASSERT_TRUE(service.start());
  const auto url = "http://127.0.0.1:" + std::to_string(service.port());
  const auto doctor = type({"doctor"}, {{"PODIUM_HEALTH_URLS", url + ",http://127.0.0.1:1"}});
  service.stop(std::chrono::seconds{1});
  EXPECT_THAT(doctor.output, HasSubstr("BAD  kaggle       refused: api.kaggle.com answers 401  ->  "
                                       "make a new token\n"));
  EXPECT_THAT(doctor.output, HasSubstr("note s3           not_configured: artifacts are in"));
  EXPECT_THAT(doctor.output, HasSubstr("ok   openai       accepted: api.openai.com"));
  EXPECT_THAT(doctor.output, HasSubstr("BAD  credentials  http://127.0.0.1:1 does not answer"));
}

TEST_F(Client, StatusWithoutAJobShowsTheStackAndTheViewer) {
  const auto status = type({"status"});
  EXPECT_EQ(status.exit, 0) << status.output;
  EXPECT_THAT(status.output, HasSubstr("user viewer, password nats-viewer"));
}

TEST_F(Client, RebuildWithoutTheDatabaseSaysWhereToTypeIt) {
  const auto rebuild = type({"rebuild"});
  EXPECT_EQ(rebuild.exit, 1);
  EXPECT_THAT(rebuild.output, HasSubstr("podium-tracker rebuild"));
}

TEST_F(Client, VersionAndUsage) {
  EXPECT_THAT(type({"version"}).output, StartsWith("podium 0."));
  EXPECT_EQ(type({"statsu"}).exit, 2);
}

}  // namespace
}  // namespace podium::gateway::testing
