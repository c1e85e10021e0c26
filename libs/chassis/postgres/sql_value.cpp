#include <array>
#include <charconv>
#include <cmath>

#include "libs/chassis/postgres/postgres.hpp"

namespace podium {
namespace {

void append_quoted(std::string& literal, std::string_view item) {
  literal += '"';
  for (const char c : item) {
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  literal += '"';
}

std::string text_of(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

}  // namespace

SqlValue::SqlValue(double value) : text_{text_of(value)} {}

SqlValue SqlValue::bytes(std::string_view raw) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 + 2 * raw.size());
  text = "\\x";
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0FU];
  }
  return SqlValue{std::move(text)};
}

SqlValue SqlValue::array(const std::vector<std::optional<std::string>>& items) {
  std::string literal = "{";
  for (const auto& item : items) {
    if (literal.size() > 1) literal += ',';
    if (item) {
      append_quoted(literal, *item);
    } else {
      literal += "NULL";
    }
  }
  literal += '}';
  return SqlValue{std::move(literal)};
}

}  // namespace podium
