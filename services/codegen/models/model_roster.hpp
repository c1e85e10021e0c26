// The model providers that are set up, in the order in which they are asked, with the model and the
// cheaper model of each, and what they cost. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/models/failover_provider.hpp"
#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/models/model_provider.hpp"
#include "services/codegen/models/prices.hpp"

namespace podium::codegen::models {

struct RosterEntry {
  std::unique_ptr<ModelProvider> provider;
  /// As the provider names it.
  std::string model;
  /// For steps that need less; the same as `model` where there is none.
  std::string cheap_model;
};

/// Whom to ask. Empty names leave it to the roster, which then knows other providers to turn to.
struct ModelChoice {
  std::string provider{};
  std::string model{};
  bool cheap = false;
};

class ModelRoster {
 public:
  /// `clock` must outlive it.
  ModelRoster(std::vector<RosterEntry> entries, PriceList prices, ModelClock& clock);
  ModelRoster(const ModelRoster&) = delete;
  ModelRoster& operator=(const ModelRoster&) = delete;

  bool empty() const { return entries_.empty(); }
  const PriceList& prices() const { return prices_; }

  /// The model that is asked first; empty when no provider fits the choice.
  std::string model_of(const ModelChoice& choice) const;
  /// The provider that is asked first; empty when none fits the choice.
  std::string provider_of(const ModelChoice& choice) const;

  /// Asks with the choice's model in place of the request's. MODEL_UNKNOWN when nothing is set up
  /// or no such provider is; else as ModelProvider::complete.
  Result<ModelReply> complete(const ModelChoice& choice, ModelRequest request,
                              const OnProgress& on_progress);

 private:
  const RosterEntry* find(std::string_view provider) const;

  std::vector<RosterEntry> entries_;
  PriceList prices_;
  std::unique_ptr<FailoverProvider> main_;
  std::unique_ptr<FailoverProvider> cheap_;
};

}  // namespace podium::codegen::models
