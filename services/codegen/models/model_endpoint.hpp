// One try at one provider: the seam between the wire and the pacing. A try knows what the pacing
// needs (rates, time to wait), which an Error has no place for. Called by many threads at once.
#pragma once

#include <string_view>

#include "services/codegen/models/model_provider.hpp"
#include "services/codegen/models/rate_limits.hpp"

namespace podium::codegen::models {

struct ModelAttempt {
  Result<ModelReply> reply;
  /// What the headers said; empty when none came.
  RateLimits rates{};
  /// Of a failed try: what it may cost all the same.
  ModelUsage usage{};
};

class ModelEndpoint {
 public:
  virtual ~ModelEndpoint() = default;
  /// Sends and waits for the end of the answer; never repeats what may have been paid. Errors as
  /// ModelProvider::complete; the deadline and the stop token of the request hold.
  virtual ModelAttempt attempt(const ModelRequest& request, const OnProgress& on_progress) = 0;
  virtual std::string_view name() const = 0;
};

}  // namespace podium::codegen::models
