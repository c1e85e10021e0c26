// CallClaims on the key-value bucket `model_calls`. Thread-safe, as KeyValue is, which must outlive
// it.
#pragma once

#include <atomic>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "services/codegen/calls/call_claims.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class KeyValueCallClaims final : public CallClaims {
 public:
  /// `holder` names this process, and no other one ever.
  KeyValueCallClaims(KeyValue& bucket, Clock& clock, std::string holder);

  Result<std::optional<CallClaim>> take(const CallKey& key) override;
  Result<CallClaim> beat(const CallKey& key, const CallClaim& claim) override;
  Result<void> release(const CallKey& key, const CallClaim& claim) override;

 private:
  static std::string value(const CallClaim& claim, TimePoint beat);

  KeyValue& bucket_;
  Clock& clock_;
  std::string holder_;
  std::atomic<std::uint64_t> takings_ = 0;
};

}  // namespace podium::codegen
