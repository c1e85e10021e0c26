// CallClaims in memory, whose holders a test lets die. Test code; one thread at a time but for
// beats, which are guarded.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "services/codegen/calls/call_claims.hpp"

namespace podium::codegen::testing {

class MemoryClaims final : public CallClaims {
 public:
  Result<std::optional<CallClaim>> take(const CallKey& key) override {
    const std::scoped_lock lock{mutex_};
    auto& known = claims_[key.bucket_key()];
    if (known.held) return std::nullopt;
    known = {.held = true, .revision = known.revision + 1, .takes = known.takes + 1};
    return CallClaim{.revision = known.revision, .holder = "test", .takes = known.takes};
  }
  Result<CallClaim> beat(const CallKey& key, const CallClaim& claim) override {
    const std::scoped_lock lock{mutex_};
    auto& known = claims_[key.bucket_key()];
    if (known.revision != claim.revision) return fail(errors::kConflict, "taken over");
    return CallClaim{.revision = ++known.revision, .holder = "test", .takes = claim.takes};
  }
  Result<void> release(const CallKey& key, const CallClaim& /*claim*/) override {
    die(key);
    return {};
  }
  /// The holder is gone and its claim has grown stale.
  void die(const CallKey& key) {
    const std::scoped_lock lock{mutex_};
    claims_[key.bucket_key()].held = false;
  }
  bool held(const CallKey& key) {
    const std::scoped_lock lock{mutex_};
    return claims_[key.bucket_key()].held;
  }

 private:
  struct Known {
    bool held = false;
    std::uint64_t revision = 0;
    std::uint32_t takes = 0;
  };
  std::mutex mutex_;
  /// Under mutex_.
  std::map<std::string, Known> claims_;
};

}  // namespace podium::codegen::testing
