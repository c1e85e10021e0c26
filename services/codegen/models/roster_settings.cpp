#include "services/codegen/models/roster_settings.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <ranges>

#include "services/codegen/models/anthropic_messages.hpp"
#include "services/codegen/models/http_model_endpoint.hpp"
#include "services/codegen/models/openai_chat.hpp"
#include "services/codegen/models/openai_responses.hpp"
#include "services/codegen/models/paced_provider.hpp"

namespace podium::codegen::models {
namespace {

/// What is known of a provider before its settings are read.
struct KnownProvider {
  std::string_view name;
  Wire wire;
  std::string_view base_url;
  std::string_view base_url_setting;
  std::string_view key_setting;
  std::string_view model;
  std::string_view cheap_model;
  std::string_view key_path = {};
};

/// In the order in which they are asked when no setting says otherwise.
constexpr std::array kKnown{
    KnownProvider{"anthropic", Wire::anthropic, "https://api.anthropic.com", "ANTHROPIC_BASE_URL",
                  "ANTHROPIC_API_KEY", "claude-sonnet-4-6", "claude-haiku-4-5"},
    KnownProvider{"openai", Wire::openai_chat, "https://api.openai.com/v1", "OPENAI_BASE_URL",
                  "OPENAI_API_KEY", "gpt-5", "gpt-5-mini"},
    KnownProvider{"openai-responses", Wire::openai_responses, "https://api.openai.com/v1",
                  "OPENAI_BASE_URL", "OPENAI_API_KEY", "gpt-5", "gpt-5-mini"},
    KnownProvider{"gemini", Wire::openai_chat,
                  "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_BASE_URL",
                  "GEMINI_API_KEY", "gemini-2.5-pro", "gemini-2.5-flash"},
    KnownProvider{"openrouter", Wire::openai_chat, "https://openrouter.ai/api/v1",
                  "OPENROUTER_BASE_URL", "OPENROUTER_API_KEY", "", "",
                  // Its list of models is open to everybody.
                  "/key"},
    KnownProvider{"local", Wire::openai_chat, "", "PODIUM_LOCAL_MODELS_URL",
                  "PODIUM_LOCAL_MODELS_KEY", "", ""},
};

/// `provider` or `provider/model`.
struct Named {
  std::string provider;
  std::string model;
};

std::vector<Named> parse_list(std::string_view text) {
  std::vector<Named> out;
  for (const auto part : std::views::split(text, ',')) {
    std::string one{std::string_view{part}};
    std::erase(one, ' ');
    if (one.empty()) continue;
    const auto slash = one.find('/');
    out.push_back({.provider = one.substr(0, slash),
                   .model = slash == std::string::npos ? "" : one.substr(slash + 1)});
  }
  return out;
}

const KnownProvider* known(std::string_view name) {
  const auto found = std::ranges::find(kKnown, name, &KnownProvider::name);
  return found == kKnown.end() ? nullptr : &*found;
}

ProviderSettings settings_of(const KnownProvider& provider, Environment& environment) {
  ProviderSettings settings{
      .name = std::string{provider.name},
      .wire = provider.wire,
      .base_url = environment.text(provider.base_url_setting, provider.base_url),
      .key = environment.secret(provider.key_setting),
      .key_setting = std::string{provider.key_setting},
      .model = std::string{provider.model},
      .cheap_model = std::string{provider.cheap_model}};
  // A server of one's own in its place need not know that address.
  if (settings.base_url == provider.base_url) settings.key_path = provider.key_path;
  if (provider.wire == Wire::anthropic && settings.key.empty()) {
    settings.key = environment.secret("ANTHROPIC_AUTH_TOKEN");
    if (!settings.key.empty()) {
      settings.wire = Wire::anthropic_bearer;
      settings.key_setting = "ANTHROPIC_AUTH_TOKEN";
    }
  }
  return settings;
}

/// A key, or an address of one's own: local servers want no key.
bool is_set_up(const ProviderSettings& settings, const KnownProvider& provider) {
  return !settings.key.empty() ||
         (!settings.base_url.empty() && settings.base_url != provider.base_url);
}

std::vector<Named> all_set_up(Environment& environment) {
  std::vector<Named> out;
  for (const auto& provider : kKnown) {
    if (provider.name == "openai-responses") continue;
    if (is_set_up(settings_of(provider, environment), provider)) {
      out.push_back({.provider = std::string{provider.name}, .model = {}});
    }
  }
  return out;
}

void choose_models(ProviderSettings& settings, const Named& named,
                   const std::vector<Named>& cheap) {
  if (!named.model.empty() && named.model != settings.model) {
    settings.model = named.model;
    settings.cheap_model = named.model;
  }
  const auto found = std::ranges::find(cheap, settings.name, &Named::provider);
  if (found != cheap.end()) settings.cheap_model = found->model;
  if (settings.cheap_model.empty()) settings.cheap_model = settings.model;
}

std::optional<ProviderSettings> read_one(const Named& named, const std::vector<Named>& cheap,
                                         Environment& environment) {
  const auto* provider = known(named.provider);
  if (provider == nullptr) {
    environment.problem("PODIUM_MODELS", "there is no provider '" + named.provider + "'");
    return std::nullopt;
  }
  auto settings = settings_of(*provider, environment);
  if (!is_set_up(settings, *provider)) {
    environment.problem("PODIUM_MODELS",
                        std::format("{} is named, but neither {} nor {} is set", provider->name,
                                    provider->key_setting, provider->base_url_setting));
  }
  choose_models(settings, named, cheap);
  if (settings.model.empty()) {
    environment.problem("PODIUM_MODELS", std::format("name the model: {0}/MODEL", provider->name));
  }
  return settings;
}

/// An endpoint and its pace as one.
class HttpProvider final : public ModelProvider {
 public:
  HttpProvider(const ProviderSettings& settings, int calls_max, ModelClock& clock)
      : endpoint_{{.name = settings.name, .base_url = settings.base_url, .key = settings.key},
                  wire_of(settings.wire),
                  clock},
        paced_{endpoint_, clock, {.calls_max = calls_max}} {}

  Result<ModelReply> complete(const ModelRequest& request, const OnProgress& on_progress) override {
    return paced_.complete(request, on_progress);
  }
  std::string_view name() const override { return endpoint_.name(); }

 private:
  HttpModelEndpoint endpoint_;
  PacedProvider paced_;
};

}  // namespace

std::unique_ptr<const WireFormat> wire_of(Wire wire) {
  switch (wire) {
    case Wire::anthropic:
      return std::make_unique<AnthropicMessages>();
    case Wire::anthropic_bearer:
      return std::make_unique<AnthropicMessages>(AnthropicMessages::KeyHeader::bearer);
    case Wire::openai_responses:
      return std::make_unique<OpenAiResponses>();
    case Wire::openai_chat:
      break;
  }
  return std::make_unique<OpenAiChat>();
}

RosterSettings read_roster_settings(Environment& environment) {
  RosterSettings settings;
  settings.prices = environment.text("PODIUM_MODEL_PRICES", settings.prices.string());
  settings.calls_max =
      static_cast<int>(environment.integer("PODIUM_MODEL_CALLS_MAX", settings.calls_max, 1, 256));
  const auto text = environment.text("PODIUM_MODELS", "");
  if (text == "none") return settings;
  const auto cheap = parse_list(environment.text("PODIUM_MODELS_CHEAP", ""));
  for (const auto& named : text.empty() ? all_set_up(environment) : parse_list(text)) {
    if (auto one = read_one(named, cheap, environment)) {
      settings.providers.push_back(*std::move(one));
    }
  }
  return settings;
}

Result<std::unique_ptr<ModelRoster>> open_roster(const RosterSettings& settings,
                                                 ModelClock& clock) {
  auto prices = PODIUM_TRY(PriceList::load(settings.prices));
  std::vector<RosterEntry> entries;
  for (const auto& one : settings.providers) {
    entries.push_back({.provider = std::make_unique<HttpProvider>(one, settings.calls_max, clock),
                       .model = one.model,
                       .cheap_model = one.cheap_model});
  }
  return std::make_unique<ModelRoster>(std::move(entries), std::move(prices), clock);
}

}  // namespace podium::codegen::models
