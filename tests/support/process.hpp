// A child process of a test: started with a given environment, its output kept in a file, killed by
// its own id when the object goes. It also dies with the thread that started it, so start it from
// one that lives as long as the test. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace podium::testing {

struct ProcessOptions {
  /// Program and arguments; the program is searched for in PATH.
  std::vector<std::string> command;
  /// Added to the test's own environment.
  std::map<std::string, std::string> environment;
  /// User to run as (uid = gid); only when the test is root.
  std::optional<unsigned> user;
  /// stdout and stderr go here, appended.
  std::filesystem::path output;
};

class Process {
 public:
  /// Starts it; a program that cannot be started ends with 127.
  explicit Process(ProcessOptions options);
  /// SIGKILL when it still runs.
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;
  /// SIGKILL, and wait until it is gone.
  void kill();
  /// The exit code (128 + signal when killed by one); nullopt when it still runs after `timeout`.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  /// All that it has written so far.
  std::string output() const;

 private:
  bool reap(int options);

  ProcessOptions options_;
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace podium::testing
