#include "services/codegen/models/model_roster.hpp"

#include <utility>

namespace podium::codegen::models {
namespace {

std::unique_ptr<FailoverProvider> failover(const std::vector<RosterEntry>& entries, bool cheap,
                                           ModelClock& clock) {
  if (entries.empty()) return nullptr;
  std::vector<ProviderChoice> choices;
  for (const auto& entry : entries) {
    choices.push_back(
        {.provider = entry.provider.get(), .model = cheap ? entry.cheap_model : entry.model});
  }
  return std::make_unique<FailoverProvider>(std::move(choices), clock);
}

}  // namespace

ModelRoster::ModelRoster(std::vector<RosterEntry> entries, PriceList prices, ModelClock& clock)
    : entries_{std::move(entries)},
      prices_{std::move(prices)},
      main_{failover(entries_, false, clock)},
      cheap_{failover(entries_, true, clock)} {}

std::string ModelRoster::model_of(const ModelChoice& choice) const {
  const auto* entry = find(choice.provider);
  if (entry == nullptr) return {};
  if (!choice.model.empty()) return choice.model;
  return choice.cheap ? entry->cheap_model : entry->model;
}

std::string ModelRoster::provider_of(const ModelChoice& choice) const {
  const auto* entry = find(choice.provider);
  return entry == nullptr ? std::string{} : std::string{entry->provider->name()};
}

Result<ModelReply> ModelRoster::complete(const ModelChoice& choice, ModelRequest request,
                                         const OnProgress& on_progress) {
  const auto* entry = find(choice.provider);
  if (entry == nullptr) {
    return fail(model_errors::kModelUnknown,
                entries_.empty() ? "no model provider is set up"
                                 : "the provider " + choice.provider + " is not set up");
  }
  request.model = model_of(choice);
  const bool named = !choice.provider.empty() || !choice.model.empty();
  if (named) return entry->provider->complete(request, on_progress);
  return (choice.cheap ? *cheap_ : *main_).complete(request, on_progress);
}

const RosterEntry* ModelRoster::find(std::string_view provider) const {
  if (entries_.empty()) return nullptr;
  if (provider.empty()) return &entries_.front();
  for (const auto& entry : entries_) {
    if (entry.provider->name() == provider) return &entry;
  }
  return nullptr;
}

}  // namespace podium::codegen::models
