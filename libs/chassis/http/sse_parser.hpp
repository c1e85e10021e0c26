// Takes a `text/event-stream` apart (WHATWG HTML, section 9.2.6), however its bytes are cut into
// pieces. Pure but for its own state; one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace podium {

struct SseMessage {
  std::string id;
  /// "message" when the stream named none.
  std::string event;
  std::string data;
};

class SseParser {
 public:
  using OnMessage = std::function<bool(const SseMessage& message)>;

  /// Longest line that is kept; the rest of a longer one is dropped.
  static constexpr std::size_t kLineBytesMax = 1024 * 1024;

  /// `on_message` returns false to stop.
  explicit SseParser(OnMessage on_message);

  /// False once on_message has said so.
  bool feed(std::string_view piece);

 private:
  bool line_ends();

  OnMessage on_message_;
  SseMessage message_;
  std::string line_;
};

}  // namespace podium
