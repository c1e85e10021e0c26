// Anthropic's Messages API: POST {base}/v1/messages, streamed. The base URL is without `/v1`
// (ANTHROPIC_BASE_URL). Constant, shared by all threads.
#pragma once

#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models {

class AnthropicMessages final : public WireFormat {
 public:
  /// How the key travels: Anthropic's own, or as a bearer token, for gateways
  /// (ANTHROPIC_AUTH_TOKEN).
  enum class KeyHeader { x_api_key, bearer };
  explicit AnthropicMessages(KeyHeader key_header = KeyHeader::x_api_key)
      : key_header_{key_header} {}

  std::string_view name() const override { return "anthropic"; }
  std::string_view path() const override { return "/v1/messages"; }
  std::string_view models_path() const override { return "/v1/models"; }
  std::vector<std::pair<std::string, std::string>> headers(const Secret& key) const override;
  std::string_view request_id_header() const override { return "request-id"; }
  RequestShape first_shape(std::string_view base_url) const override;
  /// Marks the last four places of all that are to be cached; the vendor takes no more.
  std::string body(const ModelRequest& request, const RequestShape& shape) const override;
  std::unique_ptr<StreamReader> reader() const override;

 private:
  KeyHeader key_header_;
};

}  // namespace podium::codegen::models
