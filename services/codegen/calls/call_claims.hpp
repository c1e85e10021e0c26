// Who asks a model: taken before each call, so that two replicas never pay for the same answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/chassis/result.hpp"
#include "services/codegen/calls/call_key.hpp"

namespace podium::codegen {

/// A claim that this process holds.
struct CallClaim {
  std::uint64_t revision = 0;
  /// Names this taking, and no other one ever.
  std::string holder{};
  /// How often the call was begun, this time included.
  std::uint32_t takes = 1;
};

/// Port. Thread-safe.
class CallClaims {
 public:
  virtual ~CallClaims() = default;
  /// Takes the claim when nobody holds it or its holder no longer beats; nullopt while another
  /// does.
  virtual Result<std::optional<CallClaim>> take(const CallKey& key) = 0;
  /// Says that the call is still under way, and gives the claim as it is then. CONFLICT when
  /// another process has taken it over.
  virtual Result<CallClaim> beat(const CallKey& key, const CallClaim& claim) = 0;
  /// Lets the next one begin at once, where this process stops before the answer; the call does not
  /// count as begun then.
  virtual Result<void> release(const CallKey& key, const CallClaim& claim) = 0;
};

}  // namespace podium::codegen
