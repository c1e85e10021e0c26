// Settings of the executor, read once at the start.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_options.hpp"
#include "services/executor/adapters/docker_sandbox_runtime.hpp"
#include "services/executor/grant.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

struct Config {
  /// PODIUM_ARTIFACTS and what belongs to it: the artifact store.
  ArtifactOptions artifacts;
  /// PODIUM_EXECUTOR_SCRATCH: folder for files without names; must take a run's predictions.
  std::filesystem::path scratch = "/tmp";
  /// PODIUM_CHECK_PROGRAM: podium-check; beside this program when not set.
  std::filesystem::path check_program;
  /// DOCKER_HOST, DOCKER_API_VERSION, PODIUM_SANDBOX_IMAGE, PODIUM_SECCOMP_PROFILE,
  /// PODIUM_SANDBOX_RUNTIME, PODIUM_STACK, PODIUM_EXECUTOR_NAME.
  DockerOptions docker;
  /// PODIUM_EXECUTOR_CLASSES: resource classes whose tickets are taken.
  std::vector<std::string> classes{"cpu", "memory"};
  /// PODIUM_EXECUTOR_SLOTS: runs at once; 0 is one for every two processors of the engine.
  int slots = 0;
  /// PODIUM_EXECUTOR_CPUS: processors that all runs share; 0 is the engine's. More than it has lets
  /// runs compete for them.
  std::uint32_t cpus = 0;
  /// PODIUM_EXECUTOR_MEMORY: memory and scratch space of all runs together; 0 is three quarters of
  /// the engine's.
  std::uint64_t memory_bytes = 0;
  /// PODIUM_DATA_VOLUMES_MAX, PODIUM_DATA_VOLUME_BYTES_MAX: data sets that are kept on the engine.
  std::size_t data_volumes_max = kDataVolumesDefault;
  std::uint64_t data_bytes_max = kDataVolumeBytesDefault;
};

/// Reads the settings and the seccomp profile; every bad setting is in the error.
Result<Config> load_config(Environment& environment);

/// What all runs may use together on an engine that has this.
Capacity capacity_of(const Config& config, const EngineFacts& engine);

}  // namespace podium::executor
