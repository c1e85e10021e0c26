// Follows one job to its end: shows its events, then how it ended.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/console.hpp"
#include "cli/gateway_client.hpp"
#include "cli/interrupts.hpp"
#include "cli/job_status.hpp"
#include "cli/outcome.hpp"

namespace podium::cli {

struct WatchOptions {
  std::string job_id;
  /// One event a line as JSON, last the job as /status gives it.
  bool json = false;
  /// Leave with Exit::timeout after so long; nullopt waits for the end.
  std::optional<std::chrono::milliseconds> timeout;
  /// The first Ctrl-C cancels the job rather than detaching from it.
  bool cancel_on_interrupt = false;
};

/// The exit code of the job's end, or why the watch ended before.
Outcome<Exit> watch_job(const GatewayClient& gateway, const Console& console,
                        Interrupts& interrupts, const WatchOptions& options);

}  // namespace podium::cli
