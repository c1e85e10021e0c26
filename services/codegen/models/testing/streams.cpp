#include "services/codegen/models/testing/streams.hpp"

#include <algorithm>
#include <format>

namespace podium::codegen::models::testing {

std::string anthropic_stream() {
  return event(R"({"type":"message_start","message":{"id":"msg_1","type":"message",)"
               R"("role":"assistant","model":"claude-x-20260101","content":[],"stop_reason":null,)"
               R"("usage":{"input_tokens":12,"cache_creation_input_tokens":30,)"
               R"("cache_read_input_tokens":200,"output_tokens":1}}})") +
         event(R"({"type":"content_block_start","index":0,)"
               R"("content_block":{"type":"thinking","thinking":"","signature":""}})") +
         event(R"({"type":"ping"})") +
         event(R"({"type":"content_block_delta","index":0,)"
               R"("delta":{"type":"thinking_delta","thinking":"hmm"}})") +
         event(R"({"type":"content_block_delta","index":0,)"
               R"("delta":{"type":"signature_delta","signature":"abc"}})") +
         event(R"({"type":"content_block_stop","index":0})") +
         event(R"({"type":"content_block_start","index":1,)"
               R"("content_block":{"type":"text","text":""}})") +
         event(R"({"type":"content_block_delta","index":1,)"
               R"("delta":{"type":"text_delta","text":"hello "}})") +
         event(R"({"type":"content_block_delta","index":1,)"
               R"("delta":{"type":"text_delta","text":"wörld"}})") +
         event(R"({"type":"content_block_stop","index":1})") +
         event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn",)"
               R"("stop_sequence":null},"usage":{"output_tokens":15}})") +
         event(R"({"type":"message_stop"})");
}

std::string chat_stream() {
  return chunk(R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-x",)"
               R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},)"
               R"("finish_reason":null}],"usage":null})") +
         chunk(R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-x",)"
               R"("choices":[{"index":0,"delta":{"content":"hello "},"finish_reason":null}]})") +
         chunk(R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-x",)"
               R"("choices":[{"index":0,"delta":{"content":"wörld"},"finish_reason":null}]})") +
         chunk(R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-x",)"
               R"("choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null})") +
         chunk(R"({"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-x",)"
               R"("choices":[],"usage":{"prompt_tokens":90,"completion_tokens":20,)"
               R"("total_tokens":110,"prompt_tokens_details":{"cached_tokens":64},)"
               R"("completion_tokens_details":{"reasoning_tokens":16}}})") +
         chunk("[DONE]");
}

std::string responses_stream() {
  return event(R"({"type":"response.created","sequence_number":0,"response":{"id":"resp_1",)"
               R"("object":"response","status":"in_progress","model":"gpt-x","output":[],)"
               R"("usage":null}})") +
         event(R"({"type":"response.reasoning_summary_text.delta","delta":"hmm"})") +
         event(R"({"type":"response.output_text.delta","item_id":"msg_1","delta":"hello "})") +
         event(R"({"type":"response.output_text.delta","item_id":"msg_1","delta":"wörld"})") +
         event(R"({"type":"response.output_text.done","item_id":"msg_1","text":"hello wörld"})") +
         event(R"({"type":"response.completed","response":{"id":"resp_1","object":"response",)"
               R"("status":"completed","model":"gpt-x-2026-01-01","error":null,)"
               R"("incomplete_details":null,"output":[{"type":"message","role":"assistant",)"
               R"("content":[{"type":"output_text","text":"hello wörld"}]}],)"
               R"("usage":{"input_tokens":90,"input_tokens_details":{"cached_tokens":64},)"
               R"("output_tokens":20,"output_tokens_details":{"reasoning_tokens":16},)"
               R"("total_tokens":110}}})");
}

std::string event(std::string_view data) {
  const auto type = nlohmann::json::parse(data).at("type").get<std::string>();
  return std::format("event: {}\ndata: {}\n\n", type, data);
}

std::string chunk(std::string_view data) {
  return std::format("data: {}\n\n", data);
}

StreamedReply read_stream(const WireFormat& wire, std::string_view stream,
                          std::size_t piece_bytes) {
  const auto reader = wire.reader();
  SseParser parser{[&](const SseMessage& message) {
    reader->take(message);
    return !reader->ended();
  }};
  piece_bytes = std::clamp(piece_bytes, std::size_t{1}, std::max(stream.size(), std::size_t{1}));
  for (std::size_t at = 0; at < stream.size(); at += piece_bytes) {
    if (!parser.feed(stream.substr(at, piece_bytes))) break;
  }
  return reader->finish();
}

ModelRequest request_of(std::string text) {
  ModelRequest request;
  request.model = "model-x";
  request.messages.push_back({.role = Role::user, .text = std::move(text)});
  return request;
}

}  // namespace podium::codegen::models::testing
