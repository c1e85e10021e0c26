#include "services/executor/run_decision.hpp"

#include "services/executor/limits.hpp"

namespace podium::executor {

ClaimHolder holder_of(const std::optional<v1::RunClaim>& claim, const Identity& self,
                      TimePoint now) {
  if (!claim) return ClaimHolder::nobody;
  const bool ours = claim->engine() == self.engine &&
                    (claim->executor() == self.executor || claim->executor().empty());
  if (ours) return ClaimHolder::self;
  return now - from_proto(claim->beat()) > kClaimGrace ? ClaimHolder::nobody : ClaimHolder::another;
}

RunAction decide_run(const RunFacts& facts, const Identity& self) {
  const auto holder = holder_of(facts.claim, self, facts.now);
  if (facts.executed) return RunAction::settle;
  if (holder == ClaimHolder::another) return RunAction::hand_back;
  if (facts.job != JobState::open) return RunAction::cancel;

  switch (facts.sandbox.phase) {
    case SandboxPhase::running:
    case SandboxPhase::ended:
      return RunAction::adopt;
    case SandboxPhase::created:
      return RunAction::start;
    case SandboxPhase::absent:
      break;
  }
  // A claim says that the run was started here, yet its sandbox is gone: it is not started twice.
  const bool was_started_here =
      facts.claim && facts.claim->has_started_at() && facts.claim->engine() == self.engine;
  return was_started_here ? RunAction::lose : RunAction::start;
}

}  // namespace podium::executor
