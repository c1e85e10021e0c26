#include "services/scraper/adapters/key_value_submit_claims.hpp"

#include <utility>

#include "libs/chassis/clock.hpp"
#include "podium/v1/search.pb.h"
#include "services/scraper/submit_limits.hpp"

namespace podium::scraper {
namespace {

v1::SubmitClaim claim_of(const std::string& holder) {
  v1::SubmitClaim claim;
  claim.set_holder(holder);
  *claim.mutable_beat() = to_proto(std::chrono::system_clock::now());
  return claim;
}

}  // namespace

KeyValueSubmitClaims::KeyValueSubmitClaims(std::unique_ptr<KeyValue> bucket, std::string holder,
                                           std::function<Clock::time_point()> now)
    : bucket_{std::move(bucket)}, holder_{std::move(holder)}, now_{std::move(now)} {}

Result<bool> KeyValueSubmitClaims::is_free(const std::string& job_id) {
  const auto entry = PODIUM_TRY(bucket_->get(job_id));
  return !entry || !is_held(*entry);
}

Result<std::optional<SubmitTurn>> KeyValueSubmitClaims::take(const std::string& job_id) {
  const auto value = claim_of(holder_).SerializeAsString();
  const auto entry = PODIUM_TRY(bucket_->get(job_id));
  if (entry && is_held(*entry)) return std::nullopt;
  const auto taken =
      entry ? bucket_->update(job_id, value, entry->revision) : bucket_->create(job_id, value);
  if (!taken && taken.error().is(errors::kConflict)) return std::nullopt;
  return SubmitTurn{.job_id = job_id, .revision = PODIUM_TRY(taken)};
}

Result<void> KeyValueSubmitClaims::begin_call(SubmitTurn& turn) {
  auto claim = claim_of(holder_);
  *claim.mutable_call_begun() = claim.beat();
  turn.revision =
      PODIUM_TRY(bucket_->update(turn.job_id, claim.SerializeAsString(), turn.revision));
  return {};
}

Result<void> KeyValueSubmitClaims::release(const SubmitTurn& turn) {
  const auto freed = bucket_->update(turn.job_id, claim_of("").SerializeAsString(), turn.revision);
  if (!freed && !freed.error().is(errors::kConflict)) return std::unexpected{freed.error()};
  return {};
}

bool KeyValueSubmitClaims::is_held(const KeyValue::Entry& entry) {
  v1::SubmitClaim claim;
  // One that cannot be read may be of a call that has begun.
  const bool is_read = claim.ParseFromString(entry.value);
  if (is_read && claim.holder().empty()) return false;
  const Clock::duration lasts = is_read && !claim.has_call_begun()
                                    ? Clock::duration{kSubmitLease}
                                    : Clock::duration{kSubmitSettles};
  return seen_for(entry.key, entry.revision) < lasts;
}

KeyValueSubmitClaims::Clock::duration KeyValueSubmitClaims::seen_for(const std::string& job_id,
                                                                     std::uint64_t revision) {
  const std::scoped_lock lock{mutex_};
  const auto now = now_();
  const auto at = seen_.find(job_id);
  if (at != seen_.end() && at->second.revision == revision) return now - at->second.at;
  std::erase_if(seen_, [&](const auto& seen) { return now - seen.second.at > 2 * kSubmitSettles; });
  seen_[job_id] = {.revision = revision, .at = now};
  return Clock::duration::zero();
}

}  // namespace podium::scraper
