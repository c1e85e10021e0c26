#include "services/scraper/adapters/key_value_submit_claims.hpp"

#include <utility>

#include "podium/v1/search.pb.h"
#include "services/scraper/submit_limits.hpp"

namespace podium::scraper {

KeyValueSubmitClaims::KeyValueSubmitClaims(std::unique_ptr<KeyValue> bucket, std::string holder,
                                           std::function<TimePoint()> now)
    : bucket_{std::move(bucket)}, holder_{std::move(holder)}, now_{std::move(now)} {}

Result<bool> KeyValueSubmitClaims::take(const std::string& job_id) {
  const auto now = now_();
  v1::SubmitClaim mine;
  mine.set_holder(holder_);
  *mine.mutable_beat() = to_proto(now);
  const auto value = mine.SerializeAsString();

  const auto entry = PODIUM_TRY(bucket_->get(job_id));
  v1::SubmitClaim known;
  const bool readable = entry && known.ParseFromString(entry->value);
  if (readable && now - from_proto(known.beat()) < kSubmitLease) return false;
  const auto taken =
      entry ? bucket_->update(job_id, value, entry->revision) : bucket_->create(job_id, value);
  if (!taken && taken.error().is(errors::kConflict)) return false;
  PODIUM_TRY(taken);
  return true;
}

Result<void> KeyValueSubmitClaims::release(const std::string& job_id) {
  return bucket_->remove(job_id);
}

}  // namespace podium::scraper
