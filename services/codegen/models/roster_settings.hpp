// Which model providers are set up: read from the environment under the names that people have
// already (ANTHROPIC_API_KEY, OPENAI_BASE_URL ...), and made into a roster.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"
#include "services/codegen/models/model_limits.hpp"
#include "services/codegen/models/model_roster.hpp"
#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models {

enum class Wire { anthropic, anthropic_bearer, openai_chat, openai_responses };

struct ProviderSettings {
  std::string name;
  Wire wire = Wire::openai_chat;
  std::string base_url;
  /// May be empty: local servers want none.
  Secret key;
  /// Where people put it.
  std::string key_setting;
  /// Asked whether the key is good; empty: the list of models.
  std::string key_path = {};
  std::string model;
  std::string cheap_model;
};

struct RosterSettings {
  /// In the order in which they are asked; empty: no models.
  std::vector<ProviderSettings> providers;
  /// PODIUM_MODEL_PRICES: what models cost.
  std::filesystem::path prices = "/usr/share/podium/prices.json";
  /// PODIUM_MODEL_CALLS_MAX: calls under way at one provider, over all jobs of this process.
  int calls_max = kCallsMax;
};

/// PODIUM_MODELS names providers, each with its model or without: `anthropic/claude-sonnet-4-6,
/// openai`; empty takes anthropic, openai and gemini, each if it has a key or an address of one's
/// own; `none` takes none. A provider without a model of its own (openrouter, local) must be named
/// with one. PODIUM_MODELS_CHEAP in the same form names cheaper models. What is wrong is a problem
/// of the environment.
RosterSettings read_roster_settings(Environment& environment);

std::unique_ptr<const WireFormat> wire_of(Wire wire);

/// CONFIGURATION when the prices cannot be read. `clock` must outlive the roster.
Result<std::unique_ptr<ModelRoster>> open_roster(const RosterSettings& settings, ModelClock& clock);

}  // namespace podium::codegen::models
