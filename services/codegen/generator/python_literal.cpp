#include "services/codegen/generator/python_literal.hpp"

#include <cstddef>
#include <cstdint>
#include <format>

namespace podium::codegen {
namespace {

constexpr std::size_t kLiteralColumnsMax = 88;
constexpr std::size_t kIndent = 4;
constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t point = kReplacement;
  std::size_t bytes = 1;
};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The code point that `text` begins with. Overlong forms, surrogates and stray bytes are replaced.
Decoded decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  char32_t point = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!is_continuation(text[i])) return {};
    point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool overlong = (bytes == 3 && point < 0x800) || (bytes == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return {};
  return {point, bytes};
}

std::string escaped(char32_t point) {
  const auto number = static_cast<std::uint32_t>(point);
  switch (number) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      break;
  }
  if (number >= 0x20 && number < 0x7F) return std::string{static_cast<char>(number)};
  if (number < 0x100) return std::format("\\x{:02x}", number);
  if (number < 0x10000) return std::format("\\u{:04x}", number);
  return std::format("\\U{:08x}", number);
}

}  // namespace

std::string python_text(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Decoded next = decode(text);
    out += escaped(next.point);
    text.remove_prefix(next.bytes);
  }
  return out + "\"";
}

std::string python_sequence(const std::vector<std::string>& pieces, char open, char close) {
  std::string line;
  for (const std::string& piece : pieces) line += (line.empty() ? "" : ", ") + piece;
  const bool lone_in_tuple = open == '(' && pieces.size() == 1;
  if (line.size() <= kLiteralColumnsMax - kIndent && !line.contains('\n')) {
    return open + line + (lone_in_tuple ? "," : "") + close;
  }
  std::string out{open};
  std::size_t column = kLiteralColumnsMax;
  for (const std::string& piece : pieces) {
    const bool wraps = column + piece.size() + 2 > kLiteralColumnsMax;
    out += wraps ? "\n" + std::string(kIndent, ' ') : " ";
    column = (wraps ? kIndent : column + 1) + piece.size() + 1;
    out += piece + ",";
  }
  return out + "\n" + close;
}

std::string python_list(const std::vector<std::string>& texts) {
  std::vector<std::string> pieces;
  pieces.reserve(texts.size());
  for (const std::string& text : texts) pieces.push_back(python_text(text));
  return python_sequence(pieces, '[', ']');
}

std::string python_dict(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::vector<std::string> pieces;
  pieces.reserve(entries.size());
  for (const auto& [key, value] : entries) pieces.push_back(python_text(key) + ": " + value);
  return python_sequence(pieces, '{', '}');
}

}  // namespace podium::codegen
