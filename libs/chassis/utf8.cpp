#include "libs/chassis/utf8.hpp"

namespace podium {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_between(char c, unsigned char low, unsigned char high) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= low && byte <= high;
}

bool is_continuation(char c) {
  return is_between(c, 0x80, 0xBF);
}

}  // namespace

std::size_t character_length(std::string_view text) {
  const char lead = text[0];
  if (is_between(lead, 0x00, 0x7F)) return 1;
  if (is_between(lead, 0xC2, 0xDF)) return text.size() >= 2 && is_continuation(text[1]) ? 2 : 0;
  if (is_between(lead, 0xE0, 0xEF)) {
    if (text.size() < 3 || !is_continuation(text[1]) || !is_continuation(text[2])) return 0;
    if (lead == '\xE0' && !is_between(text[1], 0xA0, 0xBF)) return 0;
    if (lead == '\xED' && !is_between(text[1], 0x80, 0x9F)) return 0;
    return 3;
  }
  if (is_between(lead, 0xF0, 0xF4)) {
    if (text.size() < 4 || !is_continuation(text[1]) || !is_continuation(text[2]) ||
        !is_continuation(text[3])) {
      return 0;
    }
    if (lead == '\xF0' && !is_between(text[1], 0x90, 0xBF)) return 0;
    if (lead == '\xF4' && !is_between(text[1], 0x80, 0x8F)) return 0;
    return 4;
  }
  return 0;
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string with_replacements(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    text += length == 0 ? kReplacement : bytes.substr(0, length);
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

}  // namespace podium
