#include <algorithm>
#include <cmath>
#include <filesystem>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/doctor.hpp"
#include "cli/event_line.hpp"
#include "cli/job_status.hpp"
#include "libs/chassis/streams.hpp"

namespace podium::cli {
namespace {

using nlohmann::json;
using State = Finding::State;

constexpr std::uint64_t kDiskBytesBad = 1ULL << 30;
constexpr std::uint64_t kDiskBytesNote = 5ULL << 30;
constexpr double kClockSecondsNote = 2;
constexpr double kClockSecondsBad = 30;
constexpr std::chrono::milliseconds kEngineMax{3'000};

json parsed(const std::string& text) {
  return json::parse(text, nullptr, false);
}

std::string text_in(const json& object, const std::string& key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string()
             ? found->get<std::string>()
             : "";
}

/// How to mend what a readiness check of the gateway complains about.
std::string mend_of(const std::string& check, const std::string& stack,
                    const std::string& command) {
  const std::string_view container = check == "projection" ? "postgres" : "nats";
  return std::format("docker logs {}-{}-1; {} up starts it again", stack, container, command);
}

void add_readiness(const GatewayClient& gateway, const std::string& stack,
                   std::vector<Finding>& findings) {
  const auto ready = gateway.ask("/readyz");
  if (!ready) return;
  const json report = parsed(ready->body);
  if (!report.is_object() || !report.contains("checks")) return;
  for (const auto& check : report.at("checks")) {
    const std::string name = check.value("name", "");
    const bool ok = check.value("ok", false);
    findings.push_back({.part = name,
                        .state = ok ? State::ok : State::bad,
                        .detail = ok ? "as the gateway sees it" : check.value("detail", ""),
                        .mend = ok ? "" : mend_of(name, stack, gateway.address().command)});
  }
}

void add_executors(const json& health, const std::string& stack, const std::string& command,
                   std::vector<Finding>& findings) {
  const auto executors = health.value("executors", 0);
  findings.push_back({.part = "executors",
                      .state = executors > 0 ? State::ok : State::bad,
                      .detail = executors > 0 ? std::format("{} ready for runs", executors)
                                              : "none is ready for runs",
                      .mend = executors > 0
                                  ? ""
                                  : std::format("docker logs {}-executor-1; {} up starts it again",
                                                stack, command)});
}

struct EngineCall {
  std::string unix_socket;
  std::string base;
};

EngineCall engine_of(const std::string& docker_host) {
  if (docker_host.starts_with("tcp://")) return {"", "http://" + docker_host.substr(6)};
  if (docker_host.starts_with("unix://")) return {docker_host.substr(7), "http://docker"};
  return {"/var/run/docker.sock", "http://docker"};
}

Result<HttpAnswer> ask_engine(const EngineCall& engine, const std::string& path) {
  HttpCall call;
  call.url = engine.base + path;
  call.unix_socket = engine.unix_socket;
  call.connect_timeout = kEngineMax;
  call.total_timeout = kEngineMax;
  return send_http(call);
}

bool job_goes_on(const GatewayClient& gateway, const std::string& job_id) {
  const auto job = gateway.get("/status/" + job_id).and_then(parse_job_status);
  return job ? !job->ended() : job.error().exit != Exit::not_found;
}

/// The container that keeps the volumes of a run, beside the one that runs.
bool is_keeper(const json& container) {
  const auto names = container.value("Names", json::array());
  return std::ranges::any_of(names, [](const auto& name) {
    return name.is_string() && name.template get_ref<const std::string&>().ends_with("-keeper");
  });
}

Finding look_at_sandboxes(const EngineCall& engine, const std::string& stack,
                          const GatewayClient& gateway) {
  const json labels = {{"label", {"podium=run", "podium.stack=" + stack}}};
  const std::string filter = percent_encode(labels.dump());
  const auto listed = ask_engine(engine, "/containers/json?all=1&filters=" + filter);
  const json containers = listed ? parsed(listed->body) : json{};
  if (!containers.is_array()) return {"sandboxes", State::unseen, "the engine lists none", ""};
  std::string strays;
  std::size_t running = 0;
  for (const auto& container : containers) {
    const std::string job_id =
        container.contains("Labels") ? text_in(container.at("Labels"), "podium.job") : "";
    if (job_goes_on(gateway, job_id)) {
      if (!is_keeper(container)) ++running;
    } else {
      strays += " " + text_in(container, "Id").substr(0, 12);
    }
  }
  if (strays.empty()) return {"sandboxes", State::ok, std::format("{} at work", running), ""};
  return {"sandboxes", State::bad, "left behind by jobs that are over:" + strays,
          "docker rm --force --volumes" + strays};
}

}  // namespace

std::vector<Finding> look_at_gateway(const GatewayClient& gateway, const std::string& stack) {
  const std::string& command = gateway.address().command;
  const std::string& url = gateway.address().url;
  const auto answer = gateway.ask("/health");
  if (!answer) {
    return {{"gateway", State::bad, "does not answer at " + url + ": " + answer.error().detail,
             command + " up"}};
  }
  const json health = parsed(answer->body);
  if (!health.is_object() || !health.contains("services")) {
    return {{"gateway", State::bad, std::format("something else answers at {}", url),
             "PODIUM_HTTP_PORT=8081 " + command + " up"}};
  }
  std::vector<Finding> findings{{"gateway", State::ok,
                                 std::format("{}, version {}, {}", url, text_in(health, "version"),
                                             text_in(health, "status")),
                                 ""}};
  add_readiness(gateway, stack, findings);
  add_executors(health, stack, command, findings);
  return findings;
}

std::vector<Finding> look_at_clock(const GatewayClient& gateway, double now_seconds) {
  const auto answer = gateway.ask("/health");
  const auto theirs =
      answer ? parse_time(text_in(parsed(answer->body), "timestamp")) : std::nullopt;
  if (!theirs) return {{"clock", State::unseen, "the gateway does not tell its time", ""}};
  const double off = std::abs(*theirs - now_seconds);
  const std::string detail = std::format("{:.1f} s apart from the gateway's", off);
  if (off > kClockSecondsBad) return {{"clock", State::bad, detail, "timedatectl set-ntp true"}};
  return {{"clock", off > kClockSecondsNote ? State::warning : State::ok, detail, ""}};
}

std::vector<Finding> look_at_bus(const BusOptions& options, const std::string& command) {
  if (options.password.empty()) {
    return {{"events", State::unseen, "no password of user viewer is known here", ""}};
  }
  const auto bus = Bus::connect(options);
  if (!bus) {
    return {{"events", State::bad, options.url + ": " + bus.error().detail, command + " up"}};
  }
  const auto jobs = (*bus)->stream_state(streams::kJobs);
  if (!jobs) {
    return {{"events", State::bad, "stream JOBS: " + jobs.error().detail,
             command + " up makes the streams"}};
  }
  return {{"events", State::ok,
           std::format("{} events, {} in stream JOBS", jobs->messages,
                       bytes_text(static_cast<double>(jobs->bytes))),
           ""}};
}

std::vector<Finding> look_at_engine(const std::string& docker_host, const std::string& stack,
                                    const GatewayClient& gateway) {
  const EngineCall engine = engine_of(docker_host);
  std::error_code problem;
  if (!engine.unix_socket.empty() && !std::filesystem::exists(engine.unix_socket, problem)) {
    return {{"engine", State::unseen, "its socket is not here; the executor has it", ""}};
  }
  const auto version = ask_engine(engine, "/version");
  if (!version || version->status != 200) {
    return {{"engine", State::bad,
             version ? std::format("answers {}", version->status) : version.error().detail,
             gateway.address().command + " up"}};
  }
  const json told = parsed(version->body);
  return {
      {"engine", State::ok,
       std::format("Docker {}, API {}", text_in(told, "Version"), text_in(told, "ApiVersion")), ""},
      look_at_sandboxes(engine, stack, gateway)};
}

std::vector<Finding> look_at_disk(const std::string& folder) {
  std::error_code problem;
  const auto space = std::filesystem::space(folder, problem);
  if (problem) return {{"disk", State::unseen, folder + ": " + problem.message(), ""}};
  const std::string detail =
      std::format("{} free in {}", bytes_text(static_cast<double>(space.available)), folder);
  if (space.available < kDiskBytesBad) {
    return {{"disk", State::bad, detail, "docker system prune"}};
  }
  return {{"disk", space.available < kDiskBytesNote ? State::warning : State::ok, detail, ""}};
}

}  // namespace podium::cli
