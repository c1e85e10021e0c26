#include "services/scraper/adapters/key_value_submit_claims.hpp"

#include <utility>

#include "libs/chassis/clock.hpp"
#include "podium/v1/search.pb.h"
#include "services/scraper/submit_limits.hpp"

namespace podium::scraper {

KeyValueSubmitClaims::KeyValueSubmitClaims(std::unique_ptr<KeyValue> bucket, std::string holder,
                                           std::function<Clock::time_point()> now)
    : bucket_{std::move(bucket)}, holder_{std::move(holder)}, now_{std::move(now)} {}

Result<bool> KeyValueSubmitClaims::take(const std::string& job_id) {
  v1::SubmitClaim mine;
  mine.set_holder(holder_);
  *mine.mutable_beat() = to_proto(std::chrono::system_clock::now());
  const auto value = mine.SerializeAsString();

  const auto entry = PODIUM_TRY(bucket_->get(job_id));
  if (entry && may_live(job_id, entry->revision)) return false;
  const auto taken =
      entry ? bucket_->update(job_id, value, entry->revision) : bucket_->create(job_id, value);
  if (!taken && taken.error().is(errors::kConflict)) return false;
  note(job_id, PODIUM_TRY(taken));
  return true;
}

bool KeyValueSubmitClaims::may_live(const std::string& job_id, std::uint64_t revision) {
  const std::scoped_lock lock{mutex_};
  const auto now = now_();
  const auto [at, is_new] = seen_.try_emplace(job_id, Seen{.revision = revision, .at = now});
  if (at->second.revision != revision) at->second = {.revision = revision, .at = now};
  return now - at->second.at < kSubmitLease;
}

void KeyValueSubmitClaims::note(const std::string& job_id, std::uint64_t revision) {
  const std::scoped_lock lock{mutex_};
  const auto now = now_();
  std::erase_if(seen_, [&](const auto& seen) { return now - seen.second.at >= 2 * kSubmitLease; });
  seen_[job_id] = {.revision = revision, .at = now};
}

Result<void> KeyValueSubmitClaims::release(const std::string& job_id) {
  return bucket_->remove(job_id);
}

}  // namespace podium::scraper
