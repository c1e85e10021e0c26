#include "services/codegen/models/wire_format.hpp"

#include <algorithm>

#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {

void StreamReader::take(const SseMessage& message) {
  if (ended_) return;
  if (is_end_mark(message.data)) return end();
  const auto object = nlohmann::json::parse(message.data, nullptr, false);
  if (object.is_object()) return take_object(object);
  fail({.status = 502, .message = "a piece of the stream is not a JSON object"});
}

StreamedReply StreamReader::finish() {
  reply_.whole = settle() && !reply_.error;
  ended_ = true;
  return std::move(reply_);
}

bool StreamReader::is_end_mark(std::string_view /*data*/) const {
  return false;
}

void StreamReader::add_text(std::string_view piece) {
  reply_.bytes += piece.size();
  reply_.text += piece.substr(0, std::min(piece.size(), kReplyBytesMax - reply_.text.size()));
  if (reply_.text.size() < kReplyBytesMax) return;
  reply_.stop_reason = StopReason::truncated;
  reply_.stop_detail = "longer than any answer may be";
  end();
}

void StreamReader::fail(ApiError error) {
  reply_.error = std::move(error);
  end();
}

std::string joined_url(std::string_view base_url, std::string_view path) {
  while (base_url.ends_with('/')) base_url.remove_suffix(1);
  if (base_url.ends_with("/v1") && path.starts_with("/v1/")) base_url.remove_suffix(3);
  return std::string{base_url} + std::string{path};
}

}  // namespace podium::codegen::models
