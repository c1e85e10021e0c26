#include "tests/pipeline/docker.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <format>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace podium::testing {
namespace {

using nlohmann::json;

json list(const std::string& path, const std::vector<std::string>& labels) {
  const json filters = {{"label", labels}};
  const auto separator = path.contains('?') ? "&" : "?";
  const auto answer = docker("GET", path + separator + "filters=" + percent_encode(filters.dump()));
  if (!answer || answer->status != 200) return json::object();
  return json::parse(answer->body);
}

}  // namespace

Result<HttpAnswer> docker(const std::string& method, const std::string& path, const json& body) {
  HttpCall call;
  call.method = method;
  call.unix_socket = "/var/run/docker.sock";
  call.url = "http://docker" + path;
  if (!body.is_null()) {
    call.body = body.dump();
    call.headers = {{"Content-Type", "application/json"}};
  }
  return send_http(call);
}

std::string shared_network() {
  if (const char* network = std::getenv("PODIUM_TEST_NETWORK")) return network;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string{"container:"} + host.data();
}

std::string start_container(const json& body) {
  const auto must = [](const Result<HttpAnswer>& answer) {
    if (!answer || answer->status >= 300) {
      throw std::runtime_error{"container: " + (answer ? answer->body : answer.error().text())};
    }
  };
  const auto made = docker("POST", "/containers/create", body);
  must(made);
  std::string id = json::parse(made->body).at("Id");
  must(docker("POST", "/containers/" + id + "/start"));
  return id;
}

void remove_container(const std::string& id) {
  std::ignore = docker("DELETE", "/containers/" + id + "?force=1&v=1");
}

json own_container() {
  // The engine mounts a container's own hostname file into it, below a folder named by the id.
  std::ifstream file{"/proc/self/mountinfo"};
  std::ostringstream mounts;
  mounts << file.rdbuf();
  std::smatch found;
  const std::string text = mounts.str();
  if (!std::regex_search(text, found, std::regex{"/containers/([0-9a-f]{64})/hostname"})) {
    throw std::runtime_error{"the test does not run in a container; run it by ./podium test"};
  }
  const auto answer = docker("GET", "/containers/" + found[1].str() + "/json");
  if (!answer || answer->status != 200) throw std::runtime_error{"the engine does not know us"};
  return json::parse(answer->body);
}

std::vector<std::string> sandboxes_with(const std::string& label) {
  std::vector<std::string> found;
  for (const auto& one : list("/containers/json?all=1", {label})) {
    found.push_back("container " + one.at("Names").at(0).get<std::string>().substr(1));
  }
  const auto volumes = list("/volumes", {label}).value("Volumes", json{});
  for (const auto& one : volumes) {
    found.push_back("volume " + one.at("Name").get<std::string>());
  }
  return found;
}

std::vector<std::string> running_program_ids(const std::string& label) {
  std::vector<std::string> ids;
  for (const auto& one : list("/containers/json", {label, "podium=run"})) {
    const auto name = one.at("Names").at(0).get<std::string>();
    if (!name.ends_with("-keeper")) ids.push_back(one.at("Id").get<std::string>());
  }
  return ids;
}

void remove_sandboxes_with(const std::string& label) {
  const std::string mark = "-complete";
  auto all = sandboxes_with(label);
  std::ranges::sort(all);  // containers before volumes, data before its mark
  for (const auto& one : all) {
    const auto name = one.substr(one.find(' ') + 1);
    const auto kind = one.starts_with("container") ? "containers" : "volumes";
    // Data that another stack uses stays, and with it the mark that it is complete.
    if (name.ends_with(mark)) {
      const auto data = docker("GET", "/volumes/" + name.substr(0, name.size() - mark.size()));
      if (data && data->status == 200) continue;
    }
    std::ignore = docker("DELETE", std::format("/{}/{}?force=1", kind, name));
  }
}

}  // namespace podium::testing
