#include "tests/pipeline/executor_container.hpp"

#include <algorithm>
#include <filesystem>
#include <format>
#include <nlohmann/json.hpp>
#include <string_view>

#include "tests/pipeline/docker.hpp"
#include "tests/support/test_run.hpp"

namespace podium::testing {
namespace {

using nlohmann::json;

constexpr int kLogLines = 1'000;

std::string program() {
  const auto tests = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  return (tests.parent_path() / "bin" / "podium-executor").string();
}

/// The engine puts eight bytes before each piece of output: its stream, and its length at their
/// end.
std::string without_frames(std::string_view framed) {
  constexpr std::size_t kHeader = 8;
  std::string text;
  while (framed.size() >= kHeader) {
    std::size_t length = 0;
    for (const char byte : framed.substr(4, 4))
      length = length << 8U | static_cast<unsigned char>(byte);
    text += framed.substr(kHeader, length);
    framed.remove_prefix(std::min(kHeader + length, framed.size()));
  }
  return text;
}

}  // namespace

ExecutorContainer::ExecutorContainer(const std::map<std::string, std::string>& environment) {
  const json own = own_container();
  json variables = json::array();
  for (const auto& [name, value] : environment)
    variables.push_back(std::format("{}={}", name, value));
  id_ = start_container({{"Image", own.at("Image")},
                         {"Entrypoint", json::array()},
                         {"Cmd", {program()}},
                         {"User", own.at("Config").at("User")},
                         {"Env", variables},
                         {"Labels", {{"podium.stack", named_after_run("executor")}}},
                         {"HostConfig",
                          {{"NetworkMode", shared_network()},
                           {"VolumesFrom", {own.at("Id").get<std::string>() + ":ro"}},
                           {"GroupAdd", own.at("HostConfig").value("GroupAdd", json{})}}}});
}

ExecutorContainer::~ExecutorContainer() {
  remove_container(id_);
}

std::string ExecutorContainer::log() const {
  const auto answer =
      docker("GET", std::format("/containers/{}/logs?stdout=1&stderr=1&tail={}", id_, kLogLines));
  return answer ? without_frames(answer->body) : answer.error().text();
}

bool ExecutorContainer::has(const std::string& path) const {
  const auto answer =
      docker("HEAD", "/containers/" + id_ + "/archive?path=" + percent_encode(path));
  return answer && answer->status == 200;
}

}  // namespace podium::testing
