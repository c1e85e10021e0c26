#include "services/codegen/models/openai_responses.hpp"

#include "services/codegen/models/json_fields.hpp"
#include "services/codegen/models/openai_chat.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;

class ResponsesReader final : public StreamReader {
 private:
  void take_object(const json& event) override;
  // Without one of the three last events the stream was cut.
  bool settle() override { return reply_.stop_reason && ended(); }
  void take_response(const json& response);
  void take_usage(const json& usage);
  void take_output(const json& response);
  void complete(const json& response);
  void give_up(const json& response);

  std::string refusal_;
};

void ResponsesReader::take_object(const json& event) {
  const std::string type = text_field(event, "type");
  const json& response = field(event, "response");
  take_response(response);
  if (type == "response.output_text.delta") {
    add_text(text_field(event, "delta"));
  } else if (type == "response.refusal.delta") {
    refusal_ += text_field(event, "delta");
  } else if (type.starts_with("response.reasoning") && type.ends_with(".delta")) {
    reply_.bytes += text_field(event, "delta").size();
  } else if (type == "response.completed" || type == "response.incomplete") {
    complete(response);
  } else if (type == "response.failed" || type == "response.cancelled") {
    give_up(response);
  } else if (type == "error") {
    ApiError error = read_stream_error(event);
    if (error.type == "error") error.type.clear();  // the event's own type, where the error is flat
    fail(std::move(error));
  }
}

void ResponsesReader::take_response(const json& response) {
  if (!response.is_object()) return;
  if (const auto model = text_field(response, "model"); !model.empty()) reply_.model = model;
  if (const auto id = text_field(response, "id"); !id.empty()) reply_.id = id;
  if (const json& usage = field(response, "usage"); usage.is_object()) take_usage(usage);
}

void ResponsesReader::take_usage(const json& usage) {
  reply_.usage.input_tokens = count_field(usage, "input_tokens");
  reply_.usage.output_tokens = count_field(usage, "output_tokens");
  reply_.usage.cached_tokens = count_field(field(usage, "input_tokens_details"), "cached_tokens");
  reply_.usage.reasoning_tokens =
      count_field(field(usage, "output_tokens_details"), "reasoning_tokens");
  reply_.usage_is_final = true;
}

// For gateways that send no deltas.
void ResponsesReader::take_output(const json& response) {
  for (const json& item : field(response, "output")) {
    for (const json& part : field(item, "content")) {
      if (text_field(part, "type") == "output_text") add_text(text_field(part, "text"));
      if (text_field(part, "type") == "refusal") refusal_ += text_field(part, "refusal");
    }
  }
}

void ResponsesReader::complete(const json& response) {
  if (reply_.text.empty() && refusal_.empty()) take_output(response);
  if (ended()) return;
  const std::string reason = text_field(field(response, "incomplete_details"), "reason");
  const bool incomplete = !reason.empty() || text_field(response, "status") == "incomplete";
  reply_.stop_detail = incomplete ? reason : "completed";
  if (!refusal_.empty()) {
    reply_.stop_reason = StopReason::refused;
    reply_.stop_detail = refusal_;
  } else if (reason == "content_filter") {
    reply_.stop_reason = StopReason::filtered;
  } else {
    reply_.stop_reason = incomplete ? StopReason::truncated : StopReason::finished;
  }
  end();
}

void ResponsesReader::give_up(const json& response) {
  if (field(response, "error").is_object()) return fail(read_stream_error(response));
  fail({.status = 500, .message = "the response ended as " + text_field(response, "status")});
}

}  // namespace

std::vector<std::pair<std::string, std::string>> OpenAiResponses::headers(const Secret& key) const {
  return openai_headers(key);
}

RequestShape OpenAiResponses::first_shape(std::string_view /*base_url*/) const {
  return {.output_limit_renamed = true};
}

std::string OpenAiResponses::body(const ModelRequest& request, const RequestShape& shape) const {
  json body{{"model", request.model},
            {"max_output_tokens", shape.output_tokens(request)},
            {"store", false},
            {"stream", true}};
  if (!request.system.empty()) body["instructions"] = request.system;
  if (request.temperature && shape.temperature) body["temperature"] = *request.temperature;
  json& input = body["input"] = json::array();
  for (const ModelMessage& message : request.messages) {
    input.push_back(
        {{"role", message.role == Role::user ? "user" : "assistant"}, {"content", message.text}});
  }
  return dump(body);
}

std::unique_ptr<StreamReader> OpenAiResponses::reader() const {
  return std::make_unique<ResponsesReader>();
}

}  // namespace podium::codegen::models
