// A test with a real Docker engine: sandboxes of a stack of its own, their data, and the proof that
// nothing is left behind. The engine is reached by its API alone, so the test may itself run in a
// container.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/chassis/store/artifact_store.hpp"
#include "services/executor/adapters/child_submission_check.hpp"
#include "services/executor/adapters/docker_api.hpp"
#include "services/executor/adapters/docker_sandbox_runtime.hpp"
#include "services/executor/run_stage.hpp"
#include "services/executor/testing/fakes.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::executor::fakes {

/// A tar of several files, in this order.
std::string tar_of(const std::vector<std::pair<std::string, std::string>>& files);

class EngineTest : public ::testing::Test {
 protected:
  EngineTest();
  /// Removes this test's data and fails it when a container or volume of it is left.
  ~EngineTest() override;

  /// A runtime as an executor of this name has it.
  DockerOptions options(const std::string& executor = "executor-1") const;
  static DockerHost host();

  /// A ticket for a run of this program on the test's data.
  v1::Event ticket_for(const std::string& code);
  DataSource data_source() const;
  /// Runs the program from ticket to `executed`.
  v1::Executed run(const std::string& code);
  v1::Executed run(const v1::Event& ticket);
  RunStage stage(SandboxRuntime& runtime, RunClaims& claims);
  std::string log_of(const v1::Executed& executed);

  /// Names of this test's containers and volumes, data volumes included.
  std::vector<std::string> left_on_engine();
  DockerApi& api() { return api_; }

  const std::string stack_;
  podium::testing::TemporaryFolder folder_;
  DockerApi api_;
  std::unique_ptr<ArtifactStore> artifacts_;
  DockerSandboxRuntime runtime_;
  ChildSubmissionCheck check_{PODIUM_CHECK_PROGRAM, "/tmp"};
  FakeLedger ledger_;
  FakeKeyValue bucket_;
  std::string engine_id_;
  std::unique_ptr<RunClaims> claims_;
  v1::ArtifactRef data_;
  v1::ArtifactRef facts_;
  v1::RunLimits limits_;
};

}  // namespace podium::executor::fakes
