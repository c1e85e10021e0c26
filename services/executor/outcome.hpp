// How a run ended, told from what was seen of it. Pure.
#pragma once

#include <optional>
#include <string>

#include "podium/v1/run.pb.h"
#include "services/executor/ports.hpp"

namespace podium::executor {

/// Why watching a sandbox came to its end.
enum class WatchEnd {
  ended,      ///< The program has ended by itself or by its launcher.
  time_over,  ///< The executor killed it: it was past its time.
  stopped,    ///< Nobody wants it any more, or the executor stops.
  lost,       ///< The sandbox or its engine has vanished.
};

/// What was seen of a run.
struct RunEnd {
  WatchEnd why = WatchEnd::ended;
  SandboxState state;
  Usage usage;
  /// Looked at only when the program failed or its predictions were refused.
  std::optional<OutputSpace> space;
  std::string log_end;
  v1::RunLimits limits;
};

struct Finding {
  v1::RunOutcome outcome = v1::RUN_OUTCOME_UNSPECIFIED;
  /// For people: what was seen, one sentence.
  std::string message;
};

/// From engine time, so that it is the same for whoever adopted the run.
double wall_seconds_of(const SandboxState& state);

/// How the program ended. OK means that its predictions are to be checked.
Finding judge_end(const RunEnd& end);

/// The last word, when the program ended well and its predictions were checked.
Finding judge_verdict(const RunEnd& end, const Finding& finding, const v1::Verdict& verdict);

}  // namespace podium::executor
