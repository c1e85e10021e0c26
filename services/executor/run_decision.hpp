// What an executor does with a run, given all that is known about it. Pure: the same facts give the
// same answer, so that a crash between any two steps is safe to repeat.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/clock.hpp"
#include "podium/v1/search.pb.h"
#include "services/executor/ports.hpp"

namespace podium::executor {

/// Who this executor is.
struct Identity {
  std::string engine;
  std::string executor;
};

/// All that the outside tells about a run before anything is done.
struct RunFacts {
  bool executed = false;
  JobState job = JobState::open;
  std::optional<v1::RunClaim> claim;
  /// On our own engine.
  SandboxState sandbox;
  TimePoint now;
};

enum class RunAction {
  settle,     ///< It is done: clear what is left of it and acknowledge.
  hand_back,  ///< Somebody else works on it: look again later.
  cancel,     ///< Nobody wants it any more: say so.
  lose,       ///< It was started and has vanished: say so.
  start,      ///< Claim it and start it.
  adopt,      ///< Claim it and go on with the sandbox that is there.
};

RunAction decide_run(const RunFacts& facts, const Identity& self);

/// Whose claim it is, seen from `self`.
enum class ClaimHolder {
  nobody,   ///< There is none, or it has had no beat within the grace.
  self,     ///< Ours, or one of our engine that its executor has handed back.
  another,  ///< Somebody who still beats.
};
ClaimHolder holder_of(const std::optional<v1::RunClaim>& claim, const Identity& self,
                      TimePoint now);

}  // namespace podium::executor
