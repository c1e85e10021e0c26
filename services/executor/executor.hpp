// The executor as a whole: takes tickets, works on runs, beats, clears up, and leaves its sandboxes
// running when it stops. Composed of parts that know nothing of each other.
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/executor/config.hpp"
#include "services/executor/engine_check.hpp"
#include "services/executor/live_run.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor {

class Executor {
 public:
  /// All must outlive it; the buckets are those of these names.
  struct Parts {
    SandboxRuntime& runtime;
    SubmissionCheck& check;
    RunLedger& ledger;
    ArtifactStore& artifacts;
    Bus& bus;
    KeyValue& claims;
    KeyValue& capacity;
  };
  Executor(Parts parts, Config config);

  /// Waits for the engine, then works until it is stopped; runs that go on are handed back within
  /// kHandBackMax. An error when the bus refuses what it needs.
  Result<void> run(std::stop_token stop);
  /// Success, or why no sandbox can be started.
  Result<void> ready() const { return engine_.ready(); }

 private:
  Result<void> work(const EngineFacts& engine, std::stop_token stop);
  /// Stops the runs of a job as soon as somebody says that it is cancelled or has ended.
  Result<std::unique_ptr<Subscription>> listen(std::string_view subject);

  Parts parts_;
  const Config config_;
  EngineCheck engine_;
  LiveRuns live_;
};

}  // namespace podium::executor
