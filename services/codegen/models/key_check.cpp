#include "services/codegen/models/key_check.hpp"

#include <format>

#include "libs/chassis/http/vendor_calls.hpp"
#include "services/codegen/models/api_error.hpp"
#include "services/codegen/models/model_errors.hpp"
#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models {
namespace {

/// Gemini says 400 of a wrong key.
bool says_key_is_wrong(const HttpAnswer& answer, const ProviderSettings& provider) {
  if (answer.status < 400) return false;
  const auto error =
      error_of(read_api_error(answer.status, answer.body), provider.name, provider.key);
  return error.is(model_errors::kKeyRefused);
}

}  // namespace

CredentialFinding check_key(const ProviderSettings& provider, const std::stop_token& stop) {
  const auto wire = wire_of(provider.wire);
  const auto path = provider.key_path.empty() ? wire->models_path() : provider.key_path;
  const HttpCall call{.url = joined_url(provider.base_url, path),
                      .headers = wire->headers(provider.key),
                      .connect_timeout = kCredentialCheckMax,
                      .total_timeout = kCredentialCheckMax,
                      .stop = stop,
                      .proxy_from_environment = true};
  const auto answer = send_http(call);
  count_vendor_call({.vendor = provider.name, .operation = "credentials"}, answer);
  const auto mend =
      std::format("put a valid key into .env as {}, then ./podium up", provider.key_setting);
  auto finding = finding_of(call.url, answer, mend);
  if (answer && says_key_is_wrong(*answer, provider)) {
    finding.state = CredentialState::refused;
    finding.next_step = mend;
  }
  return finding;
}

CredentialFinding no_models() {
  return {.state = CredentialState::not_configured,
          .detail = "no model provider; the built-in generator works alone",
          .next_step = "for models set ANTHROPIC_API_KEY, OPENAI_API_KEY or another in .env"};
}

}  // namespace podium::codegen::models
