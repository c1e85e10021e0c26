// OpenAI's chat completions: POST {base}/chat/completions, streamed; spoken by OpenAI and by every
// compatible server (Ollama, vLLM, llama.cpp, OpenRouter, Gemini, gateways). The base URL includes
// `/v1` (OPENAI_BASE_URL). Constant, shared by all threads.
#pragma once

#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models {

class OpenAiChat final : public WireFormat {
 public:
  std::string_view name() const override { return "openai-chat"; }
  std::string_view path() const override { return "/chat/completions"; }
  std::string_view models_path() const override { return "/models"; }
  std::vector<std::pair<std::string, std::string>> headers(const Secret& key) const override;
  std::string_view request_id_header() const override { return "x-request-id"; }
  /// OpenAI itself is asked with max_completion_tokens, all others with max_tokens: Ollama ignores
  /// the other one without a word.
  RequestShape first_shape(std::string_view base_url) const override;
  std::string body(const ModelRequest& request, const RequestShape& shape) const override;
  std::unique_ptr<StreamReader> reader() const override;
};

/// The headers of both of OpenAI's APIs.
std::vector<std::pair<std::string, std::string>> openai_headers(const Secret& key);

/// The text without a leading `<think>…</think>`, and without what stands before a lone `</think>`:
/// reasoning models on servers without a reasoning parser write it inline. A `<think>` that never
/// closes is all reasoning.
std::string without_thinking(std::string text);

}  // namespace podium::codegen::models
