#include "services/codegen/replies/json_strings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "libs/competition/text.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kHexDigits = 4;

std::optional<std::uint32_t> hex_unit(std::string_view text) {
  if (text.size() < kHexDigits) return {};
  std::uint32_t unit = 0;
  const char* end = text.data() + kHexDigits;
  const auto read = std::from_chars(text.data(), end, unit, 16);
  if (read.ec != std::errc{} || read.ptr != end) return {};
  return unit;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) {
    out.push_back(static_cast<char>(0x80U | ((point >> shift) & 0x3FU)));
  };
  if (point < 0x80U) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800U) {
    out.push_back(static_cast<char>(0xC0U | (point >> 6U)));
    tail(0);
  } else if (point < 0x10000U) {
    out.push_back(static_cast<char>(0xE0U | (point >> 12U)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0U | (point >> 18U)));
    tail(12);
    tail(6);
    tail(0);
  }
}

char plain_escape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return c;
  }
}

// \uXXXX behind the backslash at the front, as a pair where it is one; bytes read, 0 for none.
std::size_t append_unicode_escape(std::string& out, std::string_view text) {
  constexpr std::size_t kUnit = 2 + kHexDigits;
  const auto high = hex_unit(text.substr(std::min<std::size_t>(2, text.size())));
  if (!high) return 0;
  if (*high >= 0xD800U && *high <= 0xDBFFU && text.substr(kUnit).starts_with("\\u")) {
    const auto low = hex_unit(text.substr(kUnit + 2));
    if (low && *low >= 0xDC00U && *low <= 0xDFFFU) {
      append_utf8(out, 0x10000U + ((*high - 0xD800U) << 10U) + (*low - 0xDC00U));
      return 2 * kUnit;
    }
  }
  const bool surrogate = *high >= 0xD800U && *high <= 0xDFFFU;
  append_utf8(out, surrogate ? 0xFFFDU : *high);
  return kUnit;
}

// Takes a string, whose first quote is at the front, off `rest`.
JsonString take_string(std::string_view& rest, WorkMeter& work) {
  JsonString out;
  std::size_t at = 1;
  while (at < rest.size() && !out.closed) {
    const char c = rest[at];
    if (c == '"') {
      out.closed = true;
      ++at;
    } else if (c != '\\') {
      out.value.push_back(c);
      ++at;
    } else if (rest.substr(at).starts_with("\\u")) {
      const std::size_t read = append_unicode_escape(out.value, rest.substr(at));
      if (read == 0) out.value += "\\u";
      at += read == 0 ? 2 : read;
    } else {
      if (at + 1 < rest.size()) out.value.push_back(plain_escape(rest[at + 1]));
      at += 2;
    }
  }
  at = std::min(at, rest.size());
  work.spend(at);
  rest.remove_prefix(at);
  return out;
}

}  // namespace

std::vector<JsonString> json_strings(std::string_view text, WorkMeter& work) {
  std::vector<JsonString> strings;
  std::string key;
  while (!text.empty()) {
    const std::size_t quote = std::min(text.find('"'), text.size());
    work.spend(quote);
    text.remove_prefix(quote);
    if (text.empty()) break;
    JsonString string = take_string(text, work);
    const std::size_t blanks = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    work.spend(blanks);
    text.remove_prefix(blanks);
    if (text.starts_with(':')) {
      key = competition::lower(string.value);
    } else {
      string.key = key;
      strings.push_back(std::move(string));
    }
  }
  return strings;
}

}  // namespace podium::codegen
