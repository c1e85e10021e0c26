#include "services/executor/run_claims.hpp"

#include <format>

namespace podium::executor {

Result<std::optional<HeldClaim>> RunClaims::get(std::string_view run_id) {
  const auto found = PODIUM_TRY(bucket_.get(run_id));
  if (!found || found->deleted) return std::nullopt;
  HeldClaim held{.claim = {}, .revision = found->revision};
  if (!held.claim.ParseFromString(found->value)) {
    return fail(errors::kInternal, std::format("the claim of run {} cannot be read", run_id));
  }
  return held;
}

Result<std::vector<std::string>> RunClaims::run_ids() {
  return bucket_.keys();
}

Result<HeldClaim> RunClaims::take(const v1::Event& ticket, const std::optional<HeldClaim>& seen,
                                  TimePoint now) {
  HeldClaim held = seen.value_or(HeldClaim{});
  auto& claim = held.claim;
  if (claim.engine() != self_.engine) {
    claim.clear_started_at();
    claim.set_attempt(claim.attempt() + 1);
  }
  claim.set_run_id(ticket.run_ticket().run_id());
  claim.set_job_id(ticket.job_id());
  claim.set_engine(self_.engine);
  claim.set_executor(self_.executor);
  *claim.mutable_beat() = to_proto(now);
  *claim.mutable_ticket() = ticket;
  if (seen) return put(std::move(held));
  held.revision = PODIUM_TRY(bucket_.create(claim.run_id(), claim.SerializeAsString()));
  return held;
}

Result<HeldClaim> RunClaims::note_started(HeldClaim held, TimePoint now) {
  *held.claim.mutable_started_at() = to_proto(now);
  *held.claim.mutable_beat() = to_proto(now);
  return put(std::move(held));
}

Result<HeldClaim> RunClaims::beat(HeldClaim held, TimePoint now) {
  *held.claim.mutable_beat() = to_proto(now);
  return put(std::move(held));
}

Result<HeldClaim> RunClaims::hand_back(HeldClaim held, TimePoint now) {
  held.claim.clear_executor();
  return beat(std::move(held), now);
}

Result<void> RunClaims::release(std::string_view run_id) {
  return bucket_.remove(run_id);
}

Result<void> RunClaims::withdraw(std::string_view run_id) {
  const auto held = PODIUM_TRY(get(run_id));
  const bool ours =
      held && held->claim.engine() == self_.engine && held->claim.executor() == self_.executor;
  return ours ? release(run_id) : Result<void>{};
}

Result<HeldClaim> RunClaims::put(HeldClaim held) {
  held.revision = PODIUM_TRY(
      bucket_.update(held.claim.run_id(), held.claim.SerializeAsString(), held.revision));
  return held;
}

}  // namespace podium::executor
