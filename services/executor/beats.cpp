#include "services/executor/beats.hpp"

#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

constexpr Metric kSlotsFree{"podium_slots_free", "Sandboxes that this executor could start now."};

}  // namespace

Beats::Beats(LiveRuns& live, RunClaims& claims, SlotAccount& slots, KeyValue& capacity)
    : live_{live}, claims_{claims}, slots_{slots}, capacity_{capacity} {}

void Beats::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    beat();
    pause_for(kBeatEvery, stop);
  }
}

void Beats::beat() {
  for (const auto& run : live_.all()) {
    run->beat_deliveries();
    beat_claim(*run);
  }
  tell_capacity();
}

void Beats::beat_claim(LiveRun& run) {
  const auto beaten =
      run.change_claim([this](const HeldClaim& held) { return beat_or_reclaim(held); });
  if (beaten) return;
  log_warning("a claim's beat was not taken",
              {{"run_id", run.run_id()}, {"error", beaten.error().text()}});
  if (beaten.error().is(errors::kConflict)) run.stop(StopReason::disowned);
}

/// A beat whose answer was lost leaves a revision that is not known here: the claim is read again,
/// and only when it is not ours it is somebody else's.
Result<HeldClaim> Beats::beat_or_reclaim(const HeldClaim& held) {
  auto beaten = claims_.beat(held, now());
  if (beaten || !beaten.error().is(errors::kConflict)) return beaten;
  const auto current = PODIUM_TRY(claims_.get(held.claim.run_id()));
  const bool ours = current && current->claim.engine() == claims_.self().engine &&
                    current->claim.executor() == claims_.self().executor;
  if (!ours) return std::unexpected{beaten.error()};
  return claims_.beat(*current, now());
}

void Beats::tell_capacity() {
  const auto& total = slots_.capacity();
  const auto free = slots_.free();
  v1::ExecutorCapacity told;
  told.set_executor(claims_.self().executor);
  told.set_engine(claims_.self().engine);
  told.mutable_total()->set_cpu_milli(total.cpu_milli);
  told.mutable_total()->set_memory_bytes(total.memory_bytes);
  told.mutable_free()->set_cpu_milli(free.cpu_milli);
  told.mutable_free()->set_memory_bytes(free.memory_bytes);
  told.set_slots(static_cast<std::uint32_t>(total.slots));
  told.set_slots_free(static_cast<std::uint32_t>(free.slots));
  *told.mutable_beat() = to_proto(now());
  gauge(kSlotsFree, free.slots);
  const auto put = capacity_.put(told.executor(), told.SerializeAsString());
  if (!put) log_warning("capacity could not be told", {{"error", put.error().text()}});
}

Result<bool> is_alive(KeyValue& capacity, std::string_view executor) {
  const auto found = PODIUM_TRY(capacity.get(executor));
  v1::ExecutorCapacity told;
  if (!found || found->deleted || !told.ParseFromString(found->value)) return false;
  return now() - from_proto(told.beat()) <= kClaimGrace;
}

}  // namespace podium::executor
