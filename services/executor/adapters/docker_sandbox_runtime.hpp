// Sandboxes as containers of a Docker engine, reached by its API alone: the executor may itself run
// in a container, and the engine elsewhere. No path of any host is ever used. Thread-safe.
//
// A run is two containers and two volumes: the container that runs the program; a keeper that
// sleeps beside it and holds its working folder, which is memory, until the predictions are
// collected; that folder; and the program's code. Data volumes are shared by all runs on the same
// data.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "services/executor/adapters/docker_api.hpp"
#include "services/executor/adapters/docker_bodies.hpp"
#include "services/executor/adapters/docker_data_volumes.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

struct DockerOptions {
  DockerHost host;
  /// "1.41" speaks that version without asking; empty negotiates.
  std::string api_version;
  /// Name of the image; what it names is pinned by its content id at each self-check.
  std::string image;
  /// Text of the seccomp profile.
  std::string seccomp_profile;
  /// OCI runtime of sandboxes; empty takes the engine's own.
  std::string runtime;
  /// Only sandboxes of the same stack are listed and cleared.
  std::string stack;
  /// Name of this executor.
  std::string executor;
};

class DockerSandboxRuntime : public SandboxRuntime {
 public:
  explicit DockerSandboxRuntime(DockerOptions options);

  Result<EngineFacts> self_check() override;
  Result<void> ensure_data(const DataSource& data, std::stop_token stop) override;
  Result<void> start(const SandboxSpec& spec) override;
  Result<SandboxState> inspect(std::string_view run_id) override;
  Result<bool> wait(std::string_view run_id, std::chrono::milliseconds timeout,
                    std::stop_token stop) override;
  Result<std::optional<Usage>> usage(std::string_view run_id) override;
  Result<void> follow_log(std::string_view run_id, std::optional<TimePoint> since,
                          const std::function<bool(std::string_view bytes)>& sink,
                          std::stop_token stop) override;
  Result<std::string> log_end(std::string_view run_id) override;
  Result<void> kill(std::string_view run_id) override;
  Result<Collected> collect(std::string_view run_id, SandboxFile which, std::string_view path,
                            std::uint64_t bytes_max, ScratchFile& into) override;
  Result<std::optional<OutputSpace>> output_space(std::string_view run_id) override;
  Result<void> remove(std::string_view run_id) override;
  Result<std::vector<SandboxListing>> list() override;
  Result<std::vector<DataListing>> list_data() override;
  Result<void> remove_data(std::string_view sha256) override;
  Result<void> clear_stale_helpers(
      const std::function<bool(std::string_view executor)>& is_alive) override;

 private:
  /// As the last self-check found things; SANDBOX_UNAVAILABLE before the first success.
  Result<docker::Settings> settings();
  Result<void> probe(const docker::Settings& settings);
  Result<void> make(const SandboxSpec& spec, const docker::Settings& settings);
  Result<void> make_keeper(const SandboxSpec& spec, const docker::Settings& settings);
  Result<void> create_container(const std::string& name, std::string body);
  Result<void> start_container(const std::string& name);
  Result<void> check_image(const std::string& name, const docker::Settings& settings);

  const DockerOptions options_;
  DockerApi api_;
  DockerDataVolumes data_;
  std::mutex mutex_;
  std::optional<docker::Settings> settings_;  // guarded by mutex_
};

}  // namespace podium::executor
