// What the engine's answers mean: states, usage, lists. Pure. An answer that is not as it should be
// is SANDBOX_UNAVAILABLE: the engine is then not one that can be worked with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor::docker {

/// RFC 3339 with up to nine digits of fraction, UTC; the epoch for the engine's "never".
TimePoint parse_time(std::string_view text);

struct ContainerState {
  SandboxState state;
  std::string image_id;
};
/// GET /containers/{id}/json.
Result<ContainerState> parse_container(std::string_view json);

/// GET /containers/{id}/stats, of engines on cgroup v1 and v2. nullopt when the container runs no
/// more and there is nothing to measure.
Result<std::optional<Usage>> parse_stats(std::string_view json);

/// GET /info: id, version, runtime, cpus, memory. SANDBOX_UNAVAILABLE when the engine cannot filter
/// system calls.
Result<EngineFacts> parse_info(std::string_view json);

/// GET /images/{name}/json: the content id.
Result<std::string> parse_image_id(std::string_view json);

/// Something that carries our labels.
struct Labelled {
  std::string name;
  std::map<std::string, std::string, std::less<>> labels;
  std::string label(std::string_view label_name) const;
  /// A label that is a number of seconds since 1970.
  TimePoint time(std::string_view label_name) const;
  std::uint64_t number(std::string_view label_name) const;
};
/// GET /containers/json.
Result<std::vector<Labelled>> parse_containers(std::string_view json);
/// GET /volumes.
Result<std::vector<Labelled>> parse_volumes(std::string_view json);
/// GET /volumes/{name}, POST /volumes/create.
Result<Labelled> parse_volume(std::string_view json);

/// POST /containers/{id}/wait, POST /containers/{id}/exec.
Result<int> parse_exit_status(std::string_view json);
Result<std::string> parse_exec_id(std::string_view json);

/// Whether the file that GET /containers/{id}/archive is about to send may be taken, from the
/// header X-Docker-Container-Path-Stat (base64 of JSON).
Collected judge_path_stat(std::string_view header, std::uint64_t bytes_max);

/// "4096 4096 4095 98": block size, blocks, free blocks, free inodes, as `stat -f` prints them.
std::optional<OutputSpace> parse_space(std::string_view text);

}  // namespace podium::executor::docker
