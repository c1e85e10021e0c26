// An executor in a container of its own, as on another host: of the test's own image, with the
// programs and the engine's socket mounted read-only and no other folder shared; gone with the
// object.
#pragma once

#include <map>
#include <string>

namespace podium::testing {

class ExecutorContainer {
 public:
  /// `environment` is all that it is given. Throws when it cannot be started.
  explicit ExecutorContainer(const std::map<std::string, std::string>& environment);
  ~ExecutorContainer();
  ExecutorContainer(const ExecutorContainer&) = delete;
  ExecutorContainer& operator=(const ExecutorContainer&) = delete;

  /// The end of what it has logged, line by line.
  std::string log() const;
  /// True when the path exists inside.
  bool has(const std::string& path) const;

 private:
  std::string id_;
};

}  // namespace podium::testing
