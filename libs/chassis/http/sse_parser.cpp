#include "libs/chassis/http/sse_parser.hpp"

#include <utility>

namespace podium {

SseParser::SseParser(OnMessage on_message) : on_message_{std::move(on_message)} {}

bool SseParser::feed(std::string_view piece) {
  for (const char c : piece) {
    if (c == '\n') {
      if (!line_ends()) return false;
    } else if (line_.size() < kLineBytesMax) {
      line_ += c;
    }
  }
  return true;
}

bool SseParser::line_ends() {
  std::string line = std::exchange(line_, {});
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) {
    SseMessage message = std::exchange(message_, {});
    message_.id = message.id;  // stands until another one comes
    if (message.data.empty()) return true;
    if (message.event.empty()) message.event = "message";
    return on_message_(message);
  }
  const auto colon = line.find(':');
  if (colon == 0) return true;  // a comment
  const std::string field = line.substr(0, colon);
  std::string value = colon == std::string::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.erase(0, 1);
  if (field == "id") message_.id = value;
  if (field == "event") message_.event = value;
  if (field == "data") {
    if (!message_.data.empty()) message_.data += '\n';
    message_.data += value;
  }
  return true;
}

}  // namespace podium
