// OpenAI's Responses API: POST {base}/responses, streamed, nothing stored at the vendor. The base
// URL includes `/v1` (OPENAI_BASE_URL). Constant, shared by all threads.
#pragma once

#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models {

class OpenAiResponses final : public WireFormat {
 public:
  std::string_view name() const override { return "openai-responses"; }
  std::string_view path() const override { return "/responses"; }
  std::string_view models_path() const override { return "/models"; }
  std::vector<std::pair<std::string, std::string>> headers(const Secret& key) const override;
  std::string_view request_id_header() const override { return "x-request-id"; }
  RequestShape first_shape(std::string_view base_url) const override;
  std::string body(const ModelRequest& request, const RequestShape& shape) const override;
  std::unique_ptr<StreamReader> reader() const override;
};

}  // namespace podium::codegen::models
