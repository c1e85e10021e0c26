#include "services/gateway/testing/gateway_world.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <format>
#include <fstream>
#include <stdexcept>

#include "libs/chassis/event.hpp"
#include "services/gateway/admission.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;
using podium::testing::Process;
using podium::testing::ProcessOptions;
using podium::testing::wait_until;

const std::string kSchemas = PODIUM_SOURCE_DIR "/schemas";

/// The value, or the end of the test.
template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().text()};
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace

std::filesystem::path program(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / name;
}

std::string run_id_of(const std::string& job_id, const std::string& candidate_id) {
  return job_id + "-" + candidate_id + "-1";
}

GatewayWorld::GatewayWorld(std::map<std::string, std::string> environment)
    : extra_{std::move(environment)} {
  write_secrets();
  set_up({"nats-config", "--output", (folder() / "nats.conf").string()});
  nats_.emplace(folder() / "nats.conf");
  set_up({"apply"});
  BusOptions options;
  options.url = nats_->url();
  options.user = options.name = "admin";
  options.password = Secret{"nats-admin"};
  bus_ = must(Bus::connect(options));
  publisher_.emplace(*bus_, "test");
  artifacts_ = must(open_directory_store(folder() / "artifacts"));
  start_tracker();
  start_gateway(0);
}

GatewayWorld::~GatewayWorld() {
  for (auto& [replica, process] : gateways_) process.signal(SIGTERM);
  if (tracker_) tracker_->signal(SIGTERM);
  for (auto& [replica, process] : gateways_) process.wait(kLong);
}

void GatewayWorld::write_secrets() const {
  std::filesystem::create_directories(folder() / "secrets");
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream{folder() / "secrets" / name} << text;
  };
  for (const auto* user :
       {"admin", "gateway", "scraper", "codegen", "executor", "tracker", "notifier", "viewer"}) {
    write(std::string{"nats_"} + user, std::string{"nats-"} + user);
  }
  for (const auto* role : {"tracker", "gateway", "codegen"}) {
    write(std::string{"postgres_"} + role, std::string{"postgres-"} + role);
  }
}

void GatewayWorld::set_up(const std::vector<std::string>& arguments) {
  ProcessOptions options;
  options.command = {program("podium").string(), "setup"};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  options.environment = extra_;
  options.environment.insert({{"PODIUM_SCHEMAS", kSchemas},
                              {"PODIUM_SECRETS", (folder() / "secrets").string()},
                              {"PODIUM_NATS_SYNC", "2m"},
                              {"DATABASE_URL", postgres_.url()},
                              {"PODIUM_DATABASE_PASSWORD", "podium"}});
  if (nats_) {
    options.environment.insert(
        {{"NATS_URL", nats_->url()}, {"NATS_USER", "admin"}, {"NATS_PASSWORD", "nats-admin"}});
  }
  options.output = folder() / "setup.log";
  Process step{std::move(options)};
  if (step.wait(kLong) != 0) throw std::runtime_error{"the set-up step failed:\n" + step.output()};
}

std::map<std::string, std::string> GatewayWorld::environment_of(const std::string& service) const {
  std::map<std::string, std::string> environment{
      {"NATS_URL", nats_->url()},
      {"NATS_USER", service},
      {"NATS_PASSWORD", "nats-" + service},
      {"DATABASE_URL", postgres_.url("podium_" + service)},
      {"PODIUM_DATABASE_PASSWORD", "postgres-" + service},
      {"PODIUM_ARTIFACTS", (folder() / "artifacts").string()},
      {"PODIUM_SCHEMAS", kSchemas},
      {"PODIUM_HEALTH_PORT", "0"}};
  for (const auto& [name, value] : extra_) environment[name] = value;
  return environment;
}

Process GatewayWorld::start(const std::string& service, const std::string& name,
                            std::map<std::string, std::string> environment) {
  ProcessOptions options;
  options.command = {program("podium-" + service).string()};
  options.environment = environment_of(service);
  for (auto& [key, value] : environment) options.environment[key] = value;
  options.output = folder() / (name + ".log");
  return Process{std::move(options)};
}

void GatewayWorld::start_gateway(int replica,
                                 const std::map<std::string, std::string>& environment) {
  auto settings = environment;
  if (!ports_.contains(replica)) ports_[replica] = podium::testing::free_port();
  settings["PODIUM_HTTP_PORT"] = std::to_string(ports_[replica]);
  gateways_.insert_or_assign(
      replica, start("gateway", std::format("gateway-{}", replica), std::move(settings)));
  const bool ready = wait_until(
      [&] {
        const auto answer = send_http({.url = url(replica) + "/readyz"});
        return answer && answer->status == 200;
      },
      kLong);
  if (!ready) throw std::runtime_error{"the gateway did not get ready:\n" + logs()};
}

void GatewayWorld::stop_gateway(int replica) {
  gateways_.erase(replica);
}
void GatewayWorld::start_tracker() {
  tracker_.emplace(start("tracker", "tracker", {}));
}
void GatewayWorld::stop_tracker() {
  tracker_.reset();
}

std::string GatewayWorld::url(int replica) const {
  return std::format("http://127.0.0.1:{}", port(replica));
}

HttpAnswer GatewayWorld::call(const std::string& method, const std::string& path,
                              const std::string& body, const Headers& headers, int replica) {
  HttpCall call;
  call.method = method;
  call.url = url(replica) + path;
  call.headers = headers;
  call.body = body;
  call.total_timeout = kLong;
  return must(send_http(call));
}

json GatewayWorld::run(const json& request, const Headers& headers, int replica) {
  const auto answer = call("POST", "/run", request.dump(), headers, replica);
  if (answer.status != 201) throw std::runtime_error{answer.body + logs()};
  return json::parse(answer.body);
}

json GatewayWorld::status(const std::string& job_id, int replica) {
  const auto answer = call("GET", "/status/" + job_id, "", {}, replica);
  if (answer.status != 200) throw std::runtime_error{answer.body + logs()};
  return json::parse(answer.body);
}

void GatewayWorld::wait_for_status(const std::string& job_id, const std::string& wanted) {
  EXPECT_TRUE(wait_until(
      [&] {
        const auto page = json::parse(call("GET", "/jobs?prefix=" + job_id).body);
        return page.value("total", 0) == 1 && page["jobs"][0]["status"] == wanted;
      },
      kLong))
      << logs();
}

v1::Event GatewayWorld::event(const std::string& job_id, std::string_view name,
                              std::string_view subject_id, unsigned attempt) {
  const auto requested = must(find_requested(*bus_, job_id));
  if (!requested) throw std::runtime_error{"no job " + job_id};
  return event_of(*requested, name, subject_id, attempt);
}

std::uint64_t GatewayWorld::publish(const v1::Event& event) {
  return must(publisher_->publish(event)).sequence;
}

void GatewayWorld::publish_scraped(const std::string& job_id) {
  auto scraped = event(job_id, "scraped");
  scraped.set_producer("scraper");
  auto& facts = *scraped.mutable_scraped();
  facts.set_slug("titanic");
  facts.set_title("Titanic");
  facts.set_door(v1::COMPETITION_DOOR_CATALOGUE);
  facts.mutable_metric()->set_name("accuracy");
  facts.mutable_metric()->set_key("accuracy");
  facts.mutable_metric()->set_higher_is_better(true);
  facts.set_files(3);
  publish(scraped);
}

void GatewayWorld::publish_draft(const std::string& job_id, const std::string& candidate_id) {
  auto asked = event(job_id, "draft_requested", candidate_id);
  asked.set_producer("codegen");
  asked.mutable_draft_requested()->set_candidate_id(candidate_id);
  asked.mutable_draft_requested()->set_kind(v1::CANDIDATE_KIND_DRAFT);
  asked.mutable_draft_requested()->set_generator(v1::GENERATOR_BUILTIN);
  asked.mutable_draft_requested()->set_attempt(1);
  publish(asked);
  auto drafted = event(job_id, "drafted", candidate_id);
  drafted.set_producer("codegen");
  auto& solution = *drafted.mutable_drafted();
  solution.set_candidate_id(candidate_id);
  solution.set_kind(v1::CANDIDATE_KIND_DRAFT);
  solution.set_generator(v1::GENERATOR_BUILTIN);
  solution.set_attempt(1);
  solution.set_plan_line("gradient boosting over five folds");
  *solution.mutable_code() =
      must(artifacts_->put_named(job_id, candidate_id, "solution.py", "print('hello')\n"));
  publish(drafted);
}

void GatewayWorld::publish_model_draft(const std::string& job_id, const std::string& candidate_id,
                                       const std::string& parent_id) {
  auto asked = event(job_id, "draft_requested", candidate_id);
  asked.set_producer("codegen");
  asked.mutable_draft_requested()->set_candidate_id(candidate_id);
  asked.mutable_draft_requested()->set_kind(v1::CANDIDATE_KIND_IMPROVE);
  asked.mutable_draft_requested()->set_parent_id(parent_id);
  asked.mutable_draft_requested()->set_generator(v1::GENERATOR_MODEL);
  asked.mutable_draft_requested()->set_attempt(1);
  publish(asked);
  auto drafted = event(job_id, "drafted", candidate_id);
  drafted.set_producer("codegen");
  auto& solution = *drafted.mutable_drafted();
  const auto store = [&](const std::string& name, const std::string& text) {
    return must(artifacts_->put_named(job_id, candidate_id, name, text));
  };
  solution.set_candidate_id(candidate_id);
  solution.set_attempt(1);
  solution.set_plan_line("the same \x1b[31mwith two seeds");
  *solution.mutable_code() = store("solution.py", "print('hello')\nprint('\x1b[31mseeds')\n");
  *solution.mutable_plan() = store("plan.md", "Average two seeds.\n");
  *solution.mutable_prompt() = store("prompt.md", "Improve this.\n");
  *solution.mutable_reply() = store("reply.md", "Here it is.\n");
  solution.set_tokens(1'500);
  solution.set_cost_micro_usd(0);
  solution.mutable_model_use()->set_model("gpt-5");
  solution.mutable_model_use()->set_calls(1);
  solution.mutable_model_use()->set_input_tokens(1'200);
  solution.mutable_model_use()->set_output_tokens(300);
  solution.mutable_model_use()->set_cost_unknown(true);
  publish(drafted);
}

void GatewayWorld::publish_started(const std::string& job_id, const std::string& candidate_id) {
  const std::string run_id = run_id_of(job_id, candidate_id);
  auto started = event(job_id, "started", run_id);
  started.set_producer("executor");
  started.mutable_started()->set_run_id(run_id);
  started.mutable_started()->set_candidate_id(candidate_id);
  started.mutable_started()->set_attempt(1);
  started.mutable_started()->set_sandbox("podium-" + run_id);
  publish(started);
}

void GatewayWorld::publish_lines(const std::string& job_id, const std::string& candidate_id,
                                 std::uint64_t first_line, const std::vector<std::string>& lines) {
  const std::string run_id = run_id_of(job_id, candidate_id);
  auto event = this->event(job_id, "log_lines", run_id, static_cast<unsigned>(first_line));
  auto& batch = *event.mutable_log_lines();
  batch.set_run_id(run_id);
  batch.set_candidate_id(candidate_id);
  batch.set_first_line(first_line);
  for (const auto& line : lines) batch.add_lines(line);
  publish(event);
}

void GatewayWorld::publish_executed(const std::string& job_id, const std::string& candidate_id,
                                    double score, const std::string& log) {
  const std::string run_id = run_id_of(job_id, candidate_id);
  auto executed = event(job_id, "executed", run_id);
  executed.set_producer("executor");
  auto& run = *executed.mutable_executed();
  run.set_run_id(run_id);
  run.set_candidate_id(candidate_id);
  run.set_attempt(1);
  run.set_purpose(v1::RUN_PURPOSE_SEARCH);
  run.set_outcome(v1::RUN_OUTCOME_OK);
  run.mutable_verdict()->set_accepted(true);
  run.mutable_score()->set_metric("accuracy");
  run.mutable_score()->set_value(score);
  run.mutable_score()->set_spread(0.012);
  run.mutable_score()->set_folds(5);
  run.mutable_score()->set_higher_is_better(true);
  run.mutable_score()->set_kind(v1::SCORE_KIND_REPORTED);
  run.set_wall_seconds(9.8);
  *run.mutable_log() = must(artifacts_->put_content(log));
  *run.mutable_submission() = must(artifacts_->put_content("id,y\n1,0\n2,1\n"));
  run.set_log_tail(log);
  publish(executed);
}

void GatewayWorld::publish_ended(const std::string& job_id, v1::JobStatus status,
                                 const std::string& reason_code) {
  auto end = event(job_id, "ended");
  end.set_producer("codegen");
  auto& ended = *end.mutable_ended();
  ended.set_status(status);
  ended.set_reason_code(reason_code);
  ended.set_message("It is over.");
  ended.set_next_step("Look at the result.");
  if (status == v1::JOB_STATUS_SUCCESS) {
    ended.set_best_candidate_id("c1");
    *ended.mutable_submission() =
        must(artifacts_->put_named(job_id, "", "submission.csv", "id,y\n1,0\n2,1\n"));
  }
  publish(end);
}

void GatewayWorld::remove_ticket(const std::string& job_id) {
  const auto requested = must(find_requested(*bus_, job_id));
  must(bus_->delete_message("TICKETS", requested.value().requested().ticket_sequence()));
}

std::uint64_t GatewayWorld::messages(const std::string& stream) {
  return must(bus_->stream_state(stream)).messages;
}

std::string GatewayWorld::logs() const {
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator{folder()}) {
    if (entry.path().extension() != ".log") continue;
    std::ifstream file{entry.path()};
    text += "\n== " + entry.path().filename().string() + "\n" +
            std::string{std::istreambuf_iterator<char>{file}, {}};
  }
  return text;
}

}  // namespace podium::gateway::testing
