#include "services/executor/reaper.hpp"

#include <algorithm>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "services/executor/beats.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

void log_failure(std::string_view what, const Result<void>& done) {
  if (!done) log_warning("clean-up", {{"what", what}, {"error", done.error().text()}});
}

}  // namespace

bool may_be_reaped(const SandboxFacts& facts) {
  if (facts.now > facts.reap_after) return true;
  // Whoever beats clears up behind itself.
  if (facts.holder == ClaimHolder::another) return false;
  return facts.executed || facts.job == JobState::ended;
}

std::vector<std::string> data_to_remove(std::vector<DataListing> data, std::size_t volumes_max,
                                        std::uint64_t bytes_max) {
  std::ranges::sort(data, std::greater{}, &DataListing::last_used);
  std::vector<std::string> to_remove;
  std::size_t volumes = 0;
  std::uint64_t bytes = 0;
  for (const auto& one : data) {
    if (!one.complete) {
      to_remove.push_back(one.sha256);
      continue;
    }
    ++volumes;
    bytes += one.bytes;
    const bool too_much = volumes > volumes_max || bytes > bytes_max;
    if (volumes > 1 && too_much) to_remove.push_back(one.sha256);
  }
  return to_remove;
}

void Reaper::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    reap();
    pause_for(kReapEvery, stop);
  }
}

void Reaper::reap() {
  log_failure("stopping unwanted runs", stop_unwanted());
  log_failure("claims", tend_claims());
  log_failure("sandboxes", reap_sandboxes());
  log_failure("helpers", clear_helpers());
  log_failure("data", trim_data());
}

/// The subscription to cancellations hears at most once; this hears them all, a little later.
Result<void> Reaper::stop_unwanted() {
  for (const auto& run : parts_.live.all()) {
    const auto job = PODIUM_TRY(parts_.ledger.job_state(run->job_id()));
    if (job != JobState::open) run->stop(StopReason::unwanted);
  }
  return {};
}

Result<void> Reaper::tend_claims() {
  for (const auto& run_id : PODIUM_TRY(parts_.claims.run_ids())) {
    if (!parts_.live.contains(run_id)) PODIUM_TRY(tend_claim(run_id));
  }
  return {};
}

Result<void> Reaper::tend_claim(const std::string& run_id) {
  const auto held = PODIUM_TRY(parts_.claims.get(run_id));
  if (!held) return {};
  const auto holder = holder_of(held->claim, parts_.claims.self(), now());
  if (holder == ClaimHolder::another) return {};
  const auto& job_id = held->claim.job_id();
  if (PODIUM_TRY(parts_.ledger.is_executed(job_id, run_id)) ||
      PODIUM_TRY(parts_.ledger.job_state(job_id)) == JobState::ended) {
    if (held->claim.engine() == parts_.claims.self().engine) {
      PODIUM_TRY(parts_.runtime.remove(run_id));
    }
    return parts_.claims.release(run_id);
  }
  // A claim of another engine without beats is taken over by its ticket, when that comes again.
  if (holder == ClaimHolder::self) parts_.adopt(held->claim);
  return {};
}

Result<void> Reaper::reap_sandboxes() {
  for (const auto& sandbox : PODIUM_TRY(parts_.runtime.list())) {
    if (!parts_.live.contains(sandbox.run_id)) PODIUM_TRY(reap_sandbox(sandbox));
  }
  return {};
}

Result<void> Reaper::reap_sandbox(const SandboxListing& sandbox) {
  const auto held = PODIUM_TRY(parts_.claims.get(sandbox.run_id));
  const auto claim = held ? std::optional{held->claim} : std::nullopt;
  const SandboxFacts facts{
      .executed = PODIUM_TRY(parts_.ledger.is_executed(sandbox.job_id, sandbox.run_id)),
      .job = PODIUM_TRY(parts_.ledger.job_state(sandbox.job_id)),
      .holder = holder_of(claim, parts_.claims.self(), now()),
      .reap_after = sandbox.reap_after,
      .now = now()};
  // It may have been taken up while the questions were asked.
  if (!may_be_reaped(facts) || parts_.live.contains(sandbox.run_id)) return {};
  log_info("a sandbox that nobody wants is removed", {{"run_id", sandbox.run_id}});
  return parts_.runtime.remove(sandbox.run_id);
}

Result<void> Reaper::trim_data() {
  const auto to_remove = data_to_remove(PODIUM_TRY(parts_.runtime.list_data()),
                                        parts_.data_volumes_max, parts_.data_bytes_max);
  for (const auto& sha256 : to_remove) {
    const auto removed = parts_.runtime.remove_data(sha256);
    // In use, or being filled: another time.
    if (!removed && !removed.error().is(errors::kConflict)) return removed;
  }
  return {};
}

Result<void> Reaper::clear_helpers() {
  return parts_.runtime.clear_stale_helpers([this](std::string_view executor) {
    // When it cannot be told, it is taken to be alive.
    return is_alive(parts_.capacity, executor).value_or(true);
  });
}

}  // namespace podium::executor
