// The request bodies that make a run's containers and volumes: everything that keeps a sandbox a
// sandbox stands here and nowhere else. Pure.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/clock.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor::docker {

/// What is the same for all sandboxes of this executor.
struct Settings {
  std::string stack;
  std::string executor;
  std::string engine;
  /// Content id: a sandbox is never made of anything but the image that was checked.
  std::string image_id;
  /// Text of the seccomp profile (JSON).
  std::string seccomp_profile;
  /// OCI runtime of the sandbox, such as runsc; empty takes the engine's own.
  std::string runtime;
};

/// The container that runs the candidate's program.
std::string run_body(const SandboxSpec& spec, const Settings& settings, TimePoint now);
/// The container beside it that keeps its output alive and takes in its code. It runs nothing of
/// the candidate's.
std::string keeper_body(const SandboxSpec& spec, const Settings& settings, TimePoint now);
/// The working folder: memory, capped in bytes and files.
std::string work_volume_body(const SandboxSpec& spec, const Settings& settings, TimePoint now);
std::string code_volume_body(const SandboxSpec& spec, const Settings& settings, TimePoint now);

/// A volume for a data set, and the marker that says it is complete. `fill` ties one to the other.
std::string data_volume_body(std::string_view sha256, std::uint64_t bytes, std::string_view fill,
                             const Settings& settings, TimePoint now);
std::string data_marker_body(std::string_view sha256, std::string_view fill,
                             const Settings& settings, TimePoint now);
/// The container through which a data volume is filled; when it is started it brings what was
/// written to the disk and ends.
std::string fill_body(std::string_view sha256, const Settings& settings, TimePoint now);

/// A container like a run's that does nothing: does this engine start such a thing at all?
std::string probe_body(const Settings& settings, TimePoint now);

}  // namespace podium::executor::docker
