#include "services/codegen/adapters/key_value_call_claims.hpp"

#include <utility>

#include "services/codegen/calls/call_limits.hpp"

namespace podium::codegen {

KeyValueCallClaims::KeyValueCallClaims(KeyValue& bucket, Clock& clock, std::string holder)
    : bucket_{bucket}, clock_{clock}, holder_{std::move(holder)} {}

Result<std::optional<CallClaim>> KeyValueCallClaims::take(const CallKey& key) {
  const auto name = key.bucket_key();
  const auto entry = PODIUM_TRY(bucket_.get(name));
  v1::ModelCallClaim known;
  if (entry && !known.ParseFromString(entry->value)) {
    return fail(errors::kInvalid, "the claim of a model call cannot be read");
  }
  if (entry && from_proto(known.beat()) + kClaimGrace > clock_.now()) return std::nullopt;
  const auto takes = known.takes() + 1;
  const auto mine = value(takes, clock_.now());
  auto taken = entry ? bucket_.update(name, mine, entry->revision) : bucket_.create(name, mine);
  if (!taken && taken.error().is(errors::kConflict)) return std::nullopt;
  return CallClaim{.revision = PODIUM_TRY(std::move(taken)), .takes = takes};
}

Result<CallClaim> KeyValueCallClaims::beat(const CallKey& key, const CallClaim& claim) {
  const auto name = key.bucket_key();
  const auto mine = value(claim.takes, clock_.now());
  auto revision = bucket_.update(name, mine, claim.revision);
  if (!revision && revision.error().is(errors::kConflict)) {
    // A beat whose answer was lost is ours all the same.
    const auto entry = PODIUM_TRY(bucket_.get(name));
    v1::ModelCallClaim known;
    if (!entry || !known.ParseFromString(entry->value) || known.holder() != holder_) {
      return std::unexpected{revision.error()};
    }
    revision = bucket_.update(name, mine, entry->revision);
  }
  return CallClaim{.revision = PODIUM_TRY(std::move(revision)), .takes = claim.takes};
}

Result<void> KeyValueCallClaims::release(const CallKey& key, const CallClaim& claim) {
  PODIUM_TRY(bucket_.update(key.bucket_key(), value(claim.takes, TimePoint{}), claim.revision));
  return {};
}

std::string KeyValueCallClaims::value(std::uint32_t takes, TimePoint beat) const {
  v1::ModelCallClaim claim;
  claim.set_holder(holder_);
  claim.set_takes(takes);
  *claim.mutable_beat() = to_proto(beat);
  return claim.SerializeAsString();
}

}  // namespace podium::codegen
