// The stand-in for vendors of language models as a process of a test, on a free port of 127.0.0.1;
// gone with the object. See tests/standins/models/README.md for what it can be told to answer.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "libs/chassis/http/client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

class ModelStandin {
 public:
  /// Starts it and waits until it answers.
  explicit ModelStandin(const nlohmann::json& script);

  /// Settings with which codegen asks it and nobody else.
  std::map<std::string, std::string> environment() const;

  /// What it answers from now on.
  void play(const nlohmann::json& script);
  /// Calls so far, and what it answered: `calls`, `tokens`, most calls in flight ...
  nlohmann::json counts();
  /// Every call so far, whole.
  nlohmann::json requests();

 private:
  nlohmann::json get(const std::string& path);
  std::string url() const;

  TemporaryFolder folder_;
  int port_;
  std::unique_ptr<Process> process_;
};

}  // namespace podium::testing
