// Data sets as volumes of the engine, one per content hash. A volume is filled once, under a lock
// that the engine itself keeps (the name of the filling container), and is complete only when its
// marker exists; both carry a number that was drawn when the volume was made, so that a marker
// never speaks for another volume of the same name. Thread-safe, and safe between executors.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/executor/adapters/docker_answers.hpp"
#include "services/executor/adapters/docker_api.hpp"
#include "services/executor/adapters/docker_bodies.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

class DockerDataVolumes {
 public:
  explicit DockerDataVolumes(DockerApi& api) : api_{api} {}

  /// Fills the volume unless it is complete; waits while somebody else fills it. DATA_UNSAFE when
  /// the tar is not of plain files or not what its hash says.
  Result<void> ensure(const DataSource& data, const docker::Settings& settings,
                      std::stop_token stop);
  Result<bool> complete(std::string_view sha256);
  Result<std::vector<DataListing>> list(const std::string& stack);
  /// CONFLICT while a container uses it.
  Result<void> remove(std::string_view sha256);
  /// Removes the locks of fills that nobody works on.
  Result<void> clear_stale_fills(const docker::Settings& settings,
                                 const std::function<bool(std::string_view executor)>& is_alive);

 private:
  class FillingNote;
  /// The volume's fill number, making the volume if need be; nullopt when a volume without one is
  /// in the way and cannot be removed yet.
  Result<std::optional<std::string>> make_volume(const DataSource& data,
                                                 const docker::Settings& settings);
  /// True when this call got the lock and filled, false when somebody else has it.
  Result<bool> try_fill(const DataSource& data, const docker::Settings& settings,
                        std::stop_token stop);
  Result<void> fill(const DataSource& data, const std::string& fill_number,
                    const docker::Settings& settings, std::stop_token stop);
  Result<void> send_tar(const DataSource& data, std::stop_token stop);
  Result<void> bring_to_disk(std::string_view sha256, std::stop_token stop);
  Result<void> set_marker(std::string_view sha256, const std::string& fill_number,
                          const docker::Settings& settings);
  Result<void> clear_overdue_fill(std::string_view sha256);
  bool is_filling(std::string_view lock_name);
  TimePoint last_use_of(const std::string& sha256, TimePoint created);

  DockerApi& api_;
  std::mutex mutex_;
  std::multiset<std::string, std::less<>> filling_;  // guarded by mutex_: locks of this process
  std::map<std::string, TimePoint> last_used_;       // guarded by mutex_: by sha256
};

}  // namespace podium::executor
