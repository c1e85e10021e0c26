#include "tests/pipeline/model_standin.hpp"

#include <format>
#include <fstream>
#include <stdexcept>

#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

}  // namespace

ModelStandin::ModelStandin(const json& script) : port_{free_port()} {
  const auto file = folder_.path() / "script.json";
  std::ofstream{file} << script.dump();
  ProcessOptions options;
  options.command = {"python3",  "-m",         "standins.models", "--port", std::to_string(port_),
                     "--script", file.string()};
  options.environment = {{"PYTHONPATH", std::string{PODIUM_SOURCE_DIR} + "/tests"},
                         {"PYTHONDONTWRITEBYTECODE", "1"}};
  options.output = folder_.path() / "standin.log";
  process_ = std::make_unique<Process>(std::move(options));
  if (!wait_until([&] { return !get("health").is_null(); }, 30s)) {
    throw std::runtime_error{"the model stand-in does not answer:\n" + process_->output()};
  }
}

std::map<std::string, std::string> ModelStandin::environment() const {
  return {{"PODIUM_MODELS", "local/local-large"},
          {"PODIUM_LOCAL_MODELS_URL", url() + "/v1"},
          {"PODIUM_LOCAL_MODELS_KEY", "sk-standin-test"}};
}

void ModelStandin::play(const json& script) {
  HttpCall call;
  call.method = "POST";
  call.url = url() + "/_standin/script";
  call.headers = {{"Content-Type", "application/json"}};
  call.body = script.dump();
  const auto answer = send_http(call);
  if (!answer || answer->status >= 300) throw std::runtime_error{"the script was refused"};
}

json ModelStandin::counts() {
  return get("counts");
}

json ModelStandin::requests() {
  return get("requests");
}

json ModelStandin::get(const std::string& path) {
  HttpCall call;
  call.url = url() + "/_standin/" + path;
  const auto answer = send_http(call);
  if (!answer || answer->status != 200) return nullptr;
  return json::parse(answer->body, nullptr, false);
}

std::string ModelStandin::url() const {
  return std::format("http://127.0.0.1:{}", port_);
}

}  // namespace podium::testing
