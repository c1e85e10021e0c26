// Knows whether sandboxes can be started: asks the runtime now and then. Thread-safe.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "libs/chassis/result.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

class EngineCheck {
 public:
  /// Asks every `every`, and every `retry_every` while it fails.
  explicit EngineCheck(SandboxRuntime& runtime, std::chrono::milliseconds every = kSelfCheckEvery,
                       std::chrono::milliseconds retry_every = kSelfCheckRetryEvery)
      : runtime_{runtime}, every_{every}, retry_every_{retry_every} {}

  /// Asks until it is stopped: success. An error
  /// when another engine answers than the one that was waited for: claims name engines, so the
  /// executor has to begin anew.
  Result<void> run(std::stop_token stop);
  /// Asks until the first success; nullopt when it is stopped before.
  std::optional<EngineFacts> wait_until_ready(std::stop_token stop);
  /// Success, or why no sandbox can be started: the last answer.
  Result<void> ready() const;

 private:
  Result<EngineFacts> ask();

  SandboxRuntime& runtime_;
  const std::chrono::milliseconds every_;
  const std::chrono::milliseconds retry_every_;
  mutable std::mutex mutex_;
  // Both guarded by mutex_.
  std::optional<Error> problem_{Error{&errors::kUnavailable, "not looked at yet"}};
  std::string engine_id_;
};

}  // namespace podium::executor
