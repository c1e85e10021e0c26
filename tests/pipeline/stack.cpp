#include "tests/pipeline/stack.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <format>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/pipeline/docker.hpp"
#include "tests/support/test_run.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::vector<std::string> kUsers = {"admin",    "gateway", "scraper",  "codegen",
                                         "executor", "tracker", "notifier", "viewer"};
const std::vector<std::string> kRoles = {"tracker", "gateway", "codegen"};

/// Programs lie beside the tests: build/<preset>/bin.
std::filesystem::path program(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / name;
}

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') {
    throw std::runtime_error{std::string{name} + " is not set; run the tests by ./podium test"};
  }
  return value;
}

const std::string kSourceFolder = PODIUM_SOURCE_DIR;

}  // namespace

Stack::Stack(std::map<std::string, std::string> environment,
             const std::vector<std::string>& services)
    : extra_environment_{std::move(environment)}, nats_{[this] {
        write_secrets();
        setup_step({"nats-config", "--output", (folder_.path() / "nats.conf").string()});
        return folder_.path() / "nats.conf";
      }()} {
  set_up();
  for (const auto& service : services) start(service);
  const bool ready = wait_until(
      [this] {
        const auto answer = call("GET", "/readyz");
        return answer && answer->status == 200;
      },
      30s);
  if (!ready) throw std::runtime_error{"the gateway did not get ready:\n" + logs()};
}

Stack::~Stack() {
  for (auto& [key, process] : processes_) process.signal(SIGTERM);
  for (auto& [key, process] : processes_) process.wait(12s);
  processes_.clear();
  remove_sandboxes_with(label());
}

std::string Stack::label() const {
  return "podium.stack=" + name();
}

std::string Stack::name() const {
  return named_after_run(std::format("{}-{}", getpid(), nats_.port()));
}

void Stack::write_secrets() {
  const auto secrets = folder_.path() / "secrets";
  std::filesystem::create_directories(secrets);
  for (const auto& user : kUsers) std::ofstream{secrets / ("nats_" + user)} << "nats-" << user;
  for (const auto& role : kRoles) {
    std::ofstream{secrets / ("postgres_" + role)} << "postgres-" << role;
  }
  std::ofstream{secrets / "postgres_postgres"} << "podium";
}

void Stack::setup_step(const std::vector<std::string>& arguments) {
  ProcessOptions options;
  options.command = {program("podium").string(), "setup"};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  options.environment = {{"PODIUM_SCHEMAS", kSourceFolder + "/schemas"},
                         {"PODIUM_SECRETS", (folder_.path() / "secrets").string()}};
  if (arguments.at(0) == "apply") {
    options.environment.insert({{"NATS_URL", nats_.url()},
                                {"NATS_USER", "admin"},
                                {"NATS_PASSWORD", "nats-admin"},
                                {"DATABASE_URL", postgres_.url()},
                                {"PODIUM_DATABASE_PASSWORD", "podium"}});
  }
  for (const auto& [name, value] : extra_environment_) options.environment.insert({name, value});
  options.output = folder_.path() / "setup.log";
  Process step{std::move(options)};
  if (step.wait(60s) != 0) throw std::runtime_error{"the set-up step failed:\n" + step.output()};
}

void Stack::set_up() {
  setup_step({"apply"});
}

std::map<std::string, std::string> Stack::environment_of(const std::string& service, int replica) {
  auto& port = ports_[{service, replica}];
  if (port == 0) port = free_port();
  std::map<std::string, std::string> environment = {
      {"NATS_URL", nats_.url()},
      {"NATS_USER", service},
      {"NATS_PASSWORD", "nats-" + service},
      {"PODIUM_ARTIFACTS", (folder_.path() / "artifacts").string()},
      {"PODIUM_SCHEMAS", kSourceFolder + "/schemas"},
      {"PODIUM_HEALTH_PORT", "0"},
      {"OTEL_SDK_DISABLED",
       extra_environment_.contains("OTEL_EXPORTER_OTLP_ENDPOINT") ? "false" : "true"},
      {"PODIUM_OFFLINE", "1"},
      {"PODIUM_CATALOGUE", kSourceFolder + "/competitions"},
      {"PODIUM_TEMPLATES", kSourceFolder + "/services/codegen/generator/templates"},
      {"PODIUM_PROMPTS", kSourceFolder + "/services/codegen/prompts/templates"},
      {"PODIUM_MODEL_PRICES", kSourceFolder + "/services/codegen/models/prices.json"},
      {"PODIUM_SECCOMP_PROFILE", kSourceFolder + "/sandbox/seccomp.json"},
      {"PODIUM_STACK", name()},
      {"PODIUM_LOG_LEVEL", "info"},
      {"PODIUM_LINK_KEY", "a key for the links of tests"},
  };
  if (service == "gateway") environment["PODIUM_HTTP_PORT"] = std::to_string(port);
  if (service == "notifier") environment["PODIUM_WEBHOOK_KEY"] = "a key for the webhooks of tests";
  if (service == "executor") environment["PODIUM_SANDBOX_IMAGE"] = setting("PODIUM_SANDBOX_IMAGE");
  if (service == "tracker" || service == "gateway" || service == "codegen") {
    environment["DATABASE_URL"] = postgres_.url("podium_" + service);
    environment["PODIUM_DATABASE_PASSWORD"] = "postgres-" + service;
  }
  for (const auto& [name, value] : extra_environment_) environment[name] = value;
  return environment;
}

void Stack::start(const std::string& service, int replica) {
  ProcessOptions options;
  options.command = {program("podium-" + service).string()};
  options.environment = environment_of(service, replica);
  options.output = folder_.path() / std::format("{}-{}.log", service, replica);
  processes_.insert_or_assign({service, replica}, Process{std::move(options)});
}

void Stack::kill(const std::string& service, int replica) {
  process(service, replica).kill();
}

Process& Stack::process(const std::string& service, int replica) {
  return processes_.at({service, replica});
}

Result<HttpAnswer> Stack::call(const std::string& method, const std::string& path,
                               const std::string& body, int replica) {
  HttpCall call;
  call.method = method;
  call.url = std::format("http://127.0.0.1:{}{}", ports_.at({"gateway", replica}), path);
  call.body = body;
  if (!body.empty()) call.headers.emplace_back("Content-Type", "application/json");
  if (!key_.empty()) call.headers.emplace_back("Authorization", "Bearer " + key_);
  return send_http(call);
}

std::string Stack::health_url(const std::string& service) {
  // A free port is taken by the service itself, which tells it in its log.
  constexpr std::string_view kField = "\"health_port\":";
  std::string log;
  if (!wait_until([&] { return (log = process(service).output()).contains(kField); }, 30s)) {
    throw std::runtime_error{service + " does not run:\n" + log};
  }
  const auto port = std::stoi(log.substr(log.rfind(kField) + kField.size()));
  return std::format("http://127.0.0.1:{}", port);
}

Result<HttpAnswer> Stack::ask_health(const std::string& service, const std::string& path) {
  return send_http({.url = health_url(service) + path});
}

std::string Stack::type(const std::vector<std::string>& words,
                        const std::map<std::string, std::string>& environment) {
  static int typed = 0;
  ProcessOptions options;
  options.command = {program("podium").string()};
  options.command.insert(options.command.end(), words.begin(), words.end());
  options.environment = {
      {"PODIUM_URL", std::format("http://127.0.0.1:{}", ports_.at({"gateway", 0}))},
      {"NATS_URL", nats_.url()},
      {"PODIUM_VIEWER_PASSWORD", "nats-viewer"}};
  for (const auto& [name, value] : environment) options.environment[name] = value;
  options.output = folder_.path() / std::format("client-{}.log", ++typed);
  Process client{std::move(options)};
  EXPECT_TRUE(client.wait(60s).has_value()) << client.output();
  return client.output();
}

std::string Stack::run_job(const json& request) {
  std::string job;
  // A client that was cut off asks again with the same key: one job, whatever happened.
  static int asked = 0;
  json body = request;
  if (!body.contains("run_id")) body["run_id"] = std::format("test-{}-{}", getpid(), ++asked);
  wait_until(
      [&] {
        const auto answer = call("POST", "/run", body.dump());
        if (!answer || answer->status != 201) return false;
        job = json::parse(answer->body).at("job_id").get<std::string>();
        return true;
      },
      60s);
  EXPECT_FALSE(job.empty()) << "no job was accepted\n" << logs();
  return job;
}

json Stack::status(const std::string& job, int replica) {
  const auto answer = call("GET", "/status/" + job, {}, replica);
  if (!answer || answer->status != 200) return nullptr;
  return json::parse(answer->body);
}

json Stack::wait_for_end(const std::string& job, std::chrono::seconds timeout) {
  json last;
  const bool ended = wait_until(
      [&] {
        const auto answer = call("GET", "/status/" + job + "?wait=5s");
        last = answer && answer->status == 200 ? json::parse(answer->body) : json{};
        return last.is_object() && !last.value("completed_at", json{}).is_null();
      },
      timeout);
  EXPECT_TRUE(ended) << "job " << job << " did not end: " << last.dump() << "\n" << logs();
  return last;
}

Bus& Stack::admin() {
  if (admin_ == nullptr) {
    BusOptions options;
    options.url = nats_.url();
    options.user = "admin";
    options.name = "admin";
    options.password = Secret{"nats-admin"};
    auto bus = Bus::connect(options);
    if (!bus) throw std::runtime_error{bus.error().text()};
    admin_ = std::move(*bus);
  }
  return *admin_;
}

std::uint64_t Stack::messages(const std::string& stream) {
  const auto state = admin().stream_state(stream);
  return state ? state->messages : 0;
}

int Stack::events_of(const std::string& job, const std::string& name) {
  const auto subject = std::format("podium.jobs.{}.{}", job, name);
  int events = 0;
  const auto last = admin().stream_state("JOBS");
  if (!last) return -1;
  for (std::uint64_t sequence = last->first_sequence; sequence <= last->last_sequence; ++sequence) {
    const auto message = admin().message_at("JOBS", sequence);
    if (!message || !*message) continue;
    const auto& found = (*message)->subject;
    if (found == subject || found.starts_with(subject + ".")) ++events;
  }
  return events;
}

std::vector<v1::Event> Stack::job_events(const std::string& job) {
  std::vector<v1::Event> events;
  const auto last = admin().stream_state("JOBS");
  if (!last) return events;
  for (std::uint64_t sequence = last->first_sequence; sequence <= last->last_sequence; ++sequence) {
    const auto message = admin().message_at("JOBS", sequence);
    v1::Event event;
    if (!message || !*message || !event.ParseFromString((*message)->data)) continue;
    if (event.job_id() == job) events.push_back(std::move(event));
  }
  return events;
}

std::vector<std::string> Stack::leftovers() {
  auto left = sandboxes_with(label());
  std::erase_if(left, [](const auto& one) { return one.starts_with("volume podium-data-"); });
  if (const auto claims = admin().bucket("claims")) {
    if (const auto keys = (*claims)->keys()) {
      for (const auto& key : *keys) left.push_back("claim " + key);
    }
  }
  if (messages("TICKETS") > 0) left.push_back(std::format("{} tickets", messages("TICKETS")));
  return left;
}

std::vector<std::string> Stack::artifacts_of(const std::string& job,
                                             const std::string& candidate) const {
  std::vector<std::string> names;
  std::error_code absent;
  const auto folder = folder_.path() / "artifacts/jobs" / job / candidate;
  for (const auto& entry : std::filesystem::directory_iterator{folder, absent}) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string Stack::artifact(const std::string& job, const std::string& candidate,
                            const std::string& name) const {
  std::ifstream file{folder_.path() / "artifacts/jobs" / job / candidate / name, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Stack::logs() const {
  std::string text;
  for (const auto& [key, process] : processes_) {
    auto output = process.output();
    if (output.size() > 4'000) output = output.substr(output.size() - 4'000);
    text += std::format("--- {} {}\n{}\n", key.first, key.second, output);
  }
  return text;
}

}  // namespace podium::testing
