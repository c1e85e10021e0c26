#include "services/codegen/models/key_check.hpp"

#include <format>

#include "libs/chassis/http/vendor_calls.hpp"
#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models {

CredentialFinding check_key(const ProviderSettings& provider, const std::stop_token& stop) {
  const auto wire = wire_of(provider.wire);
  const HttpCall call{.url = joined_url(provider.base_url, wire->models_path()),
                      .headers = wire->headers(provider.key),
                      .connect_timeout = kCredentialCheckMax,
                      .total_timeout = kCredentialCheckMax,
                      .stop = stop,
                      .proxy_from_environment = true};
  const auto answer = send_http(call);
  count_vendor_call({.vendor = provider.name, .operation = "credentials"}, answer);
  return finding_of(
      call.url, answer,
      std::format("put a valid key into .env as {}, then ./podium up", provider.key_setting));
}

CredentialFinding no_models() {
  return {.state = CredentialState::not_configured,
          .detail = "no model provider; the built-in generator works alone",
          .next_step = "for models set ANTHROPIC_API_KEY, OPENAI_API_KEY or another in .env"};
}

}  // namespace podium::codegen::models
