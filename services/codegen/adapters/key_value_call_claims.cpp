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
  CallClaim claim{.holder = holder_ + "/" + std::to_string(++takings_), .takes = known.takes() + 1};
  const auto mine = value(claim, clock_.now());
  auto taken = entry ? bucket_.update(name, mine, entry->revision) : bucket_.create(name, mine);
  if (!taken && taken.error().is(errors::kConflict)) return std::nullopt;
  claim.revision = PODIUM_TRY(std::move(taken));
  return claim;
}

Result<CallClaim> KeyValueCallClaims::beat(const CallKey& key, const CallClaim& claim) {
  const auto name = key.bucket_key();
  const auto mine = value(claim, clock_.now());
  auto revision = bucket_.update(name, mine, claim.revision);
  if (!revision && revision.error().is(errors::kConflict)) {
    // A beat whose answer was lost is ours all the same.
    const auto entry = PODIUM_TRY(bucket_.get(name));
    v1::ModelCallClaim known;
    if (!entry || !known.ParseFromString(entry->value) || known.holder() != claim.holder) {
      return std::unexpected{revision.error()};
    }
    revision = bucket_.update(name, mine, entry->revision);
  }
  auto beaten = claim;
  beaten.revision = PODIUM_TRY(std::move(revision));
  return beaten;
}

Result<void> KeyValueCallClaims::release(const CallKey& key, const CallClaim& claim) {
  auto given_back = claim;
  given_back.takes -= 1;
  PODIUM_TRY(bucket_.update(key.bucket_key(), value(given_back, TimePoint{}), claim.revision));
  return {};
}

std::string KeyValueCallClaims::value(const CallClaim& claim, TimePoint beat) {
  v1::ModelCallClaim stored;
  stored.set_holder(claim.holder);
  stored.set_takes(claim.takes);
  *stored.mutable_beat() = to_proto(beat);
  return stored.SerializeAsString();
}

}  // namespace podium::codegen
