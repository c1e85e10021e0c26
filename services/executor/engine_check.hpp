// Knows whether sandboxes can be started: asks the runtime now and then. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <stop_token>

#include "libs/chassis/result.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

class EngineCheck {
 public:
  explicit EngineCheck(SandboxRuntime& runtime) : runtime_{runtime} {}

  /// Asks every kSelfCheckEvery, more often while it fails.
  void run(std::stop_token stop);
  /// Asks until the first success; nullopt when it is stopped before.
  std::optional<EngineFacts> wait_until_ready(std::stop_token stop);
  /// Success, or why no sandbox can be started: the last answer.
  Result<void> ready() const;

 private:
  Result<EngineFacts> ask();

  SandboxRuntime& runtime_;
  mutable std::mutex mutex_;
  std::optional<Error> problem_{Error{&errors::kUnavailable, "not looked at yet"}};  // guarded
};

}  // namespace podium::executor
