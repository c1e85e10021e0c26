#include "services/codegen/models/anthropic_messages.hpp"

#include <algorithm>

#include "services/codegen/models/json_fields.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;

/// `cache_control` marks that the API takes in one request.
constexpr std::size_t kCacheMarksMax = 4;

StopReason stop_reason_of(std::string_view word) {
  if (word == "end_turn" || word == "stop_sequence") return StopReason::finished;
  if (word == "refusal") return StopReason::refused;
  // max_tokens, model_context_window_exceeded, pause_turn and what is new.
  return StopReason::truncated;
}

class MessagesReader final : public StreamReader {
 private:
  void take_object(const json& event) override;
  // Without message_stop the stream was cut.
  bool settle() override { return reply_.stop_reason && ended(); }
  void take_block_delta(const json& delta);
  void take_message_delta(const json& event);
  void take_usage(const json& usage);

  std::uint64_t uncached_ = 0;
};

void MessagesReader::take_object(const json& event) {
  const std::string type = text_field(event, "type");
  if (type == "message_start") {
    const json& message = field(event, "message");
    reply_.model = text_field(message, "model");
    reply_.id = text_field(message, "id");
    take_usage(field(message, "usage"));
  } else if (type == "content_block_start") {
    const json& block = field(event, "content_block");
    if (text_field(block, "type") == "text") add_text(text_field(block, "text"));
  } else if (type == "content_block_delta") {
    take_block_delta(field(event, "delta"));
  } else if (type == "message_delta") {
    take_message_delta(event);
  } else if (type == "message_stop") {
    end();
  } else if (type == "error") {
    fail(read_stream_error(event));
  }
}

void MessagesReader::take_block_delta(const json& delta) {
  const std::string type = text_field(delta, "type");
  if (type == "text_delta") add_text(text_field(delta, "text"));
  if (type == "thinking_delta") reply_.bytes += text_field(delta, "thinking").size();
}

void MessagesReader::take_message_delta(const json& event) {
  const json& delta = field(event, "delta");
  if (const std::string word = text_field(delta, "stop_reason"); !word.empty()) {
    reply_.stop_reason = stop_reason_of(word);
    const std::string why = text_field(field(delta, "stop_details"), "explanation");
    reply_.stop_detail = why.empty() ? word : word + ": " + why;
  }
  if (const json& usage = field(event, "usage"); usage.is_object()) {
    take_usage(usage);
    reply_.usage_is_final = true;
  }
}

// Cumulative: a later one replaces an earlier, but may leave out what has not changed.
void MessagesReader::take_usage(const json& usage) {
  ModelUsage& known = reply_.usage;
  const auto take = [&](std::string_view name, std::uint64_t& count) {
    if (field(usage, name).is_number()) count = count_field(usage, name);
  };
  take("input_tokens", uncached_);
  take("cache_read_input_tokens", known.cached_tokens);
  take("cache_creation_input_tokens", known.cache_written_tokens);
  take("output_tokens", known.output_tokens);
  const json& details = field(usage, "output_tokens_details");
  known.reasoning_tokens =
      std::max(known.reasoning_tokens, count_field(details, "thinking_tokens"));
  known.input_tokens = uncached_ + known.cached_tokens + known.cache_written_tokens;
}

json text_block(const std::string& text, bool marked) {
  json block{{"type", "text"}, {"text", text}};
  if (marked) block["cache_control"] = {{"type", "ephemeral"}};
  return block;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> AnthropicMessages::headers(
    const Secret& key) const {
  std::vector<std::pair<std::string, std::string>> headers{{"anthropic-version", "2023-06-01"},
                                                           {"Accept", "text/event-stream"}};
  if (key.empty()) return headers;
  if (key_header_ == KeyHeader::bearer) {
    headers.emplace_back("Authorization", "Bearer " + key.reveal());
  } else {
    headers.emplace_back("x-api-key", key.reveal());
  }
  return headers;
}

RequestShape AnthropicMessages::first_shape(std::string_view /*base_url*/) const {
  // `max_tokens` has no other name here, and `system` is a field of its own.
  return {.output_limit_renamed = true};
}

std::string AnthropicMessages::body(const ModelRequest& request, const RequestShape& shape) const {
  const bool system_marked = request.cache_system && !request.system.empty();
  auto wanted = static_cast<std::size_t>(system_marked) +
                static_cast<std::size_t>(std::ranges::count_if(
                    request.messages, [](const auto& message) { return message.cache_to_here; }));
  // The last marks are worth the most: each caches all before it.
  const auto marks = [&](bool mark) {
    return mark && shape.cache_marks && wanted-- <= kCacheMarksMax;
  };
  json body{
      {"model", request.model}, {"max_tokens", shape.output_tokens(request)}, {"stream", true}};
  if (!request.system.empty()) {
    body["system"] = json::array({text_block(request.system, marks(system_marked))});
  }
  json& messages = body["messages"] = json::array();
  for (const ModelMessage& message : request.messages) {
    const bool marked = marks(message.cache_to_here);
    messages.push_back({{"role", message.role == Role::user ? "user" : "assistant"},
                        {"content", json::array({text_block(message.text, marked)})}});
  }
  if (request.temperature && shape.temperature) body["temperature"] = *request.temperature;
  return dump(body);
}

std::unique_ptr<StreamReader> AnthropicMessages::reader() const {
  return std::make_unique<MessagesReader>();
}

}  // namespace podium::codegen::models
