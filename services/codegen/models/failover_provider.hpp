// Several providers as one: the first that can answers. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "services/codegen/models/failover_rule.hpp"
#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen::models {

/// A provider, and the model to ask there; empty asks for the request's own.
struct ProviderChoice {
  ModelProvider* provider = nullptr;
  std::string model{};
};

class FailoverProvider final : public ModelProvider {
 public:
  /// In the order they are wanted; at least one. The providers and `clock` must outlive it.
  FailoverProvider(std::vector<ProviderChoice> choices, ModelClock& clock);

  /// Asks the next one when a provider is down, throttled, out of money or refuses its key, and
  /// leaves it alone for a while (kDownRest, kAccountRest). When all fail: combined().
  Result<ModelReply> complete(const ModelRequest& request, const OnProgress& on_progress) override;
  /// Of the first choice; ModelReply::provider says who answered.
  std::string_view name() const override { return choices_.front().provider->name(); }

 private:
  std::vector<ProviderChoice> choices_;
  ModelClock& clock_;
  std::mutex mutex_;
  /// Under mutex_.
  ProviderRests rests_;
};

}  // namespace podium::codegen::models
