#include "services/executor/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <format>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ranges>
#include <sstream>

#include "libs/chassis/child/child_process.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/competition/text.hpp"

namespace podium::executor {
namespace {

constexpr std::size_t kSeccompBytesMax = 1024 * 1024;
constexpr std::array<std::string_view, 3> kClasses{"cpu", "memory", "gpu"};

/// This machine's name as an id: in a container it stays the same over restarts.
std::string host_name() {
  std::array<char, 256> buffer{};
  gethostname(buffer.data(), buffer.size() - 1);
  auto name = competition::lower(buffer.data());
  std::ranges::replace_if(
      name, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); }, '-');
  name.resize(std::min(name.size(), kIdLengthMax));
  return is_valid_id(name) ? name : "executor";
}

std::vector<std::string> read_classes(Environment& environment) {
  std::vector<std::string> classes;
  const auto text = environment.text("PODIUM_EXECUTOR_CLASSES", "cpu,memory");
  for (const auto part : text | std::views::split(',')) {
    const auto name = std::string{competition::trim(std::string_view{part})};
    if (std::ranges::find(kClasses, name) == kClasses.end()) {
      environment.problem("PODIUM_EXECUTOR_CLASSES",
                          std::format("'{}' is none of cpu, memory, gpu", name));
    }
    if (std::ranges::find(classes, name) == classes.end()) classes.push_back(name);
  }
  return classes;
}

/// The profile is sent to the engine as it stands, so it must be JSON.
std::string read_seccomp_profile(Environment& environment) {
  constexpr std::string_view kName = "PODIUM_SECCOMP_PROFILE";
  const auto path = environment.text(kName, "/usr/share/podium/seccomp.json");
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  if (!file) {
    environment.problem(kName, std::format("{} cannot be read", path));
  } else if (text.view().size() > kSeccompBytesMax || !nlohmann::json::accept(text.view())) {
    environment.problem(kName, std::format("{} is no JSON", path));
  }
  return text.str();
}

DockerOptions read_docker(Environment& environment) {
  DockerOptions docker;
  auto host = parse_docker_host(environment.text("DOCKER_HOST", kDockerHostDefault));
  if (host) {
    docker.host = std::move(*host);
  } else {
    environment.problem("DOCKER_HOST", host.error().detail);
  }
  docker.api_version = environment.text("DOCKER_API_VERSION", "");
  if (!docker.api_version.empty() && !negotiate_version(docker.api_version)) {
    environment.problem("DOCKER_API_VERSION",
                        std::format("must be 1.{} or later, such as 1.44", kEngineApiMinorMin));
  }
  docker.image = environment.text("PODIUM_SANDBOX_IMAGE", "podium-sandbox:dev");
  docker.seccomp_profile = read_seccomp_profile(environment);
  docker.runtime = environment.text("PODIUM_SANDBOX_RUNTIME", "");
  docker.stack = environment.text("PODIUM_STACK", "podium");
  docker.executor = environment.text("PODIUM_EXECUTOR_NAME", host_name());
  for (const auto& [name, value] : {std::pair{"PODIUM_STACK", docker.stack},
                                    std::pair{"PODIUM_EXECUTOR_NAME", docker.executor}}) {
    if (!is_valid_id(value)) {
      environment.problem(name, "must be of lower-case letters, digits and hyphens");
    }
  }
  return docker;
}

}  // namespace

Result<Config> load_config(Environment& environment) {
  Config config;
  config.artifacts = read_artifact_options(environment);
  config.scratch = environment.text("PODIUM_EXECUTOR_SCRATCH", config.scratch.string());
  config.check_program =
      environment.text("PODIUM_CHECK_PROGRAM", program_beside_this("podium-check").string());
  if (access(config.check_program.c_str(), X_OK) != 0) {
    environment.problem("PODIUM_CHECK_PROGRAM",
                        std::format("{} cannot be run", config.check_program.string()));
  }
  config.docker = read_docker(environment);
  config.classes = read_classes(environment);
  config.slots = static_cast<int>(environment.integer("PODIUM_EXECUTOR_SLOTS", 0, 0, kSlotsMax));
  config.cpus = static_cast<std::uint32_t>(environment.integer("PODIUM_EXECUTOR_CPUS", 0, 0, 4096));
  config.memory_bytes = environment.bytes("PODIUM_EXECUTOR_MEMORY", 0);
  config.data_volumes_max = static_cast<std::size_t>(
      environment.integer("PODIUM_DATA_VOLUMES_MAX", kDataVolumesDefault, 1, 10'000));
  config.data_bytes_max =
      environment.bytes("PODIUM_DATA_VOLUME_BYTES_MAX", kDataVolumeBytesDefault);
  PODIUM_TRY(environment.check());
  return config;
}

Capacity capacity_of(const Config& config, const EngineFacts& engine) {
  Capacity capacity;
  const auto half = static_cast<int>(engine.cpus / 2);
  capacity.slots = config.slots > 0 ? config.slots : std::clamp(half, 1, kSlotsMax);
  capacity.cpu_milli = 1000 * (config.cpus > 0 ? config.cpus : engine.cpus);
  capacity.run_cpu_milli_max = 1000 * engine.cpus;
  capacity.memory_bytes =
      config.memory_bytes > 0 ? config.memory_bytes : engine.memory_bytes / 4 * 3;
  return capacity;
}

}  // namespace podium::executor
