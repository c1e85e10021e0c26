#include "tests/support/kaggle_standin.hpp"

#include <format>
#include <fstream>
#include <stdexcept>

#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string kSource = PODIUM_SOURCE_DIR;

}  // namespace

KaggleStandin::KaggleStandin(const std::filesystem::path& competitions, const json& scenario)
    : port_{free_port()}, storage_port_{free_port()} {
  const auto file = folder_.path() / "scenario.json";
  std::ofstream{file} << scenario.dump();
  ProcessOptions options;
  const auto served = competitions.empty() ? kSource + "/competitions" : competitions.string();
  options.command = {"python3",
                     "-m",
                     "standins.kaggle",
                     "--competitions",
                     served,
                     "--port",
                     std::to_string(port_),
                     "--storage-port",
                     std::to_string(storage_port_),
                     "--scenario",
                     file.string()};
  options.environment = {{"PYTHONPATH", kSource + "/tests"}, {"PYTHONDONTWRITEBYTECODE", "1"}};
  options.output = folder_.path() / "standin.log";
  process_ = std::make_unique<Process>(std::move(options));
  const bool ready = wait_until(
      [&] {
        const auto answer = send_http({.url = url() + "/_standin/health"});
        return answer && answer->status == 200;
      },
      30s);
  if (!ready) {
    throw std::runtime_error{"the Kaggle stand-in does not answer:\n" + process_->output()};
  }
}

std::string KaggleStandin::storage_host() const {
  return std::format("localhost:{}", storage_port_);
}

void KaggleStandin::fault(const json& faults) {
  post("faults", faults);
}

void KaggleStandin::change(const std::string& competition, const json& settings) {
  post("competitions/" + competition, settings);
}

void KaggleStandin::advance(std::chrono::seconds time) {
  post("clock", {{"advance_seconds", time.count()}});
}

json KaggleStandin::submissions() {
  return get("submissions").at("submissions");
}

json KaggleStandin::counts() {
  return get("counts");
}

json KaggleStandin::requests() {
  return get("requests").at("requests");
}

std::int64_t KaggleStandin::calls_of(const std::string& route) {
  return counts().at("by_route").value(route, std::int64_t{0});
}

std::string KaggleStandin::url() const {
  return std::format("http://127.0.0.1:{}", port_);
}

json KaggleStandin::get(const std::string& path) {
  const auto answer = send_http({.url = url() + "/_standin/" + path});
  if (!answer || answer->status != 200) throw std::runtime_error{"the stand-in tells no " + path};
  return json::parse(answer->body);
}

void KaggleStandin::post(const std::string& path, const json& body) {
  HttpCall call;
  call.method = "POST";
  call.url = url() + "/_standin/" + path;
  call.headers = {{"Content-Type", "application/json"}};
  call.body = body.dump();
  const auto answer = send_http(call);
  if (!answer || answer->status >= 300) {
    throw std::runtime_error{"the stand-in refused " + path + ": " +
                             (answer ? answer->body : answer.error().text())};
  }
}

}  // namespace podium::testing
