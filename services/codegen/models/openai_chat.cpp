#include "services/codegen/models/openai_chat.hpp"

#include "services/codegen/models/json_fields.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;

StopReason stop_reason_of(std::string_view word) {
  if (word == "stop" || word == "eos") return StopReason::finished;
  if (word == "content_filter") return StopReason::filtered;
  return StopReason::truncated;  // length, tool calls that nobody asked for, and what is new
}

class ChatReader final : public StreamReader {
 private:
  void take_object(const json& chunk) override;
  bool is_end_mark(std::string_view data) const override { return data == "[DONE]"; }
  bool settle() override;
  void take_delta(const json& delta);
  void take_usage(const json& usage);

  std::string refusal_;
};

void ChatReader::take_object(const json& chunk) {
  const json& error = field(chunk, "error");
  if (!error.is_null() || text_field(chunk, "object") == "error") {
    return fail(read_stream_error(chunk));
  }
  if (reply_.model.empty()) reply_.model = text_field(chunk, "model");
  if (reply_.id.empty()) reply_.id = text_field(chunk, "id");
  if (const json& usage = field(chunk, "usage"); usage.is_object()) take_usage(usage);
  const json& choices = field(chunk, "choices");
  if (!choices.is_array() || choices.empty()) return;
  const json& choice = choices.front();
  take_delta(field(choice, "delta"));
  const std::string word = text_field(choice, "finish_reason");
  if (word.empty() || ended()) return;
  if (word == "error") {
    return fail({.status = 502, .message = "the server stops with an error it does not name"});
  }
  reply_.stop_reason = refusal_.empty() ? stop_reason_of(word) : StopReason::refused;
  reply_.stop_detail = refusal_.empty() ? word : refusal_;
}

void ChatReader::take_delta(const json& delta) {
  for (const std::string_view reasoning : {"reasoning_content", "reasoning"}) {
    reply_.bytes += text_field(delta, reasoning).size();
  }
  refusal_ += text_field(delta, "refusal");
  add_text(text_field(delta, "content"));
}

// Some servers send it with every chunk, cumulative.
void ChatReader::take_usage(const json& usage) {
  reply_.usage.input_tokens = count_field(usage, "prompt_tokens");
  reply_.usage.output_tokens = count_field(usage, "completion_tokens");
  reply_.usage.cached_tokens = count_field(field(usage, "prompt_tokens_details"), "cached_tokens");
  reply_.usage.reasoning_tokens =
      count_field(field(usage, "completion_tokens_details"), "reasoning_tokens");
  reply_.usage_is_final = true;
}

// Some gateways end the stream properly and never say why it stopped; others leave out the end
// mark.
bool ChatReader::settle() {
  reply_.text = without_thinking(std::move(reply_.text));
  if (reply_.stop_reason) return true;
  if (!ended()) return false;
  reply_.stop_reason = refusal_.empty() ? StopReason::finished : StopReason::refused;
  reply_.stop_detail = refusal_;
  return true;
}

bool is_openai_itself(std::string_view base_url) {
  const auto scheme = base_url.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = base_url.substr(scheme + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/:"));
  return host == "api.openai.com" || host.ends_with(".api.openai.com");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> openai_headers(const Secret& key) {
  std::vector<std::pair<std::string, std::string>> headers{{"Accept", "text/event-stream"}};
  if (!key.empty()) headers.emplace_back("Authorization", "Bearer " + key.reveal());
  return headers;
}

std::vector<std::pair<std::string, std::string>> OpenAiChat::headers(const Secret& key) const {
  return openai_headers(key);
}

RequestShape OpenAiChat::first_shape(std::string_view base_url) const {
  using enum RequestShape::OutputLimit;
  return {.output_limit = is_openai_itself(base_url) ? max_completion_tokens : max_tokens};
}

std::string OpenAiChat::body(const ModelRequest& request, const RequestShape& shape) const {
  json body{{"model", request.model}, {"stream", true}};
  const bool new_name = shape.output_limit == RequestShape::OutputLimit::max_completion_tokens;
  body[new_name ? "max_completion_tokens" : "max_tokens"] = shape.output_tokens(request);
  if (shape.stream_options) body["stream_options"] = {{"include_usage", true}};
  if (request.temperature && shape.temperature) body["temperature"] = *request.temperature;
  json& messages = body["messages"] = json::array();
  std::string head = request.system;
  if (shape.system_message && !head.empty()) {
    messages.push_back({{"role", "system"}, {"content", std::exchange(head, {})}});
  }
  for (const ModelMessage& message : request.messages) {
    std::string text = message.text;
    if (!head.empty()) text = std::exchange(head, {}) + "\n\n" + text;
    const std::string_view role = message.role == Role::user ? "user" : "assistant";
    // Templates of many open models refuse two turns of one role in a row.
    if (!messages.empty() && messages.back()["role"] == role) {
      messages.back()["content"] = messages.back()["content"].get<std::string>() + "\n\n" + text;
    } else {
      messages.push_back({{"role", role}, {"content", std::move(text)}});
    }
  }
  return dump(body);
}

std::unique_ptr<StreamReader> OpenAiChat::reader() const {
  return std::make_unique<ChatReader>();
}

std::string without_thinking(std::string text) {
  constexpr std::string_view kOpen = "<think>";
  constexpr std::string_view kClose = "</think>";
  const auto begin = text.find_first_not_of(" \t\r\n");
  const bool opens = begin != std::string::npos && text.compare(begin, kOpen.size(), kOpen) == 0;
  const auto close = text.find(kClose);
  if (close == std::string::npos) return opens ? std::string{} : text;
  // A lone close is one only when nothing opened before it.
  if (!opens && text.find(kOpen) < close) return text;
  const auto rest = text.find_first_not_of(" \t\r\n", close + kClose.size());
  return rest == std::string::npos ? std::string{} : text.substr(rest);
}

}  // namespace podium::codegen::models
