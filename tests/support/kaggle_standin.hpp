// The stand-in for Kaggle as a process of a test: its API on a free port of 127.0.0.1, its download
// host on one of localhost; gone with the object. See tests/standins/kaggle/README.md for what it
// can be told.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "libs/chassis/http/client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

class KaggleStandin {
 public:
  /// Serves the bundled competitions, or those of the folder; waits until it answers.
  explicit KaggleStandin(const std::filesystem::path& competitions = {},
                         const nlohmann::json& scenario = nlohmann::json::object());

  /// "http://127.0.0.1:P/v1", for PODIUM_KAGGLE_URL.
  std::string api_url() const { return url() + "/v1"; }
  /// "localhost:Q", for PODIUM_KAGGLE_STORAGE_HOSTS.
  std::string storage_host() const;
  static std::string token() { return "KGAT_standin"; }

  /// Switches a fault on, or several.
  void fault(const nlohmann::json& faults);
  /// Changes the settings of a competition, or adds one.
  void change(const std::string& competition, const nlohmann::json& settings);
  /// Moves the clock of days and deadlines on.
  void advance(std::chrono::seconds time);
  /// Every submission of everybody, in their order: `ref`, `description`, `bytes` ...
  nlohmann::json submissions();
  /// What was asked so far: `by_route`, `by_listener`, `leaks` ...
  nlohmann::json counts();
  /// Every request so far, in their order: `route`, `competition`, `status`, `at_seconds` ...
  nlohmann::json requests();
  /// Requests of a route so far.
  std::int64_t calls_of(const std::string& route);

 private:
  std::string url() const;
  void post(const std::string& path, const nlohmann::json& body);
  nlohmann::json get(const std::string& path);

  TemporaryFolder folder_;
  int port_;
  int storage_port_;
  std::unique_ptr<Process> process_;
};

}  // namespace podium::testing
