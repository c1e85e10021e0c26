#include "libs/competition/text.hpp"

#include <cstdint>

namespace podium::competition {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower_letter(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::uint32_t decode(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first;
  std::uint32_t point = first & (0xFFU >> (sequence.size() + 1));
  for (const char c : sequence.substr(1)) {
    point = (point << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return point;
}

bool is_hidden(std::uint32_t point) {
  if (point < 0x20U) return point != '\n' && point != '\t';
  if (point >= 0x7FU && point <= 0x9FU) return true;
  if (point >= 0x200BU && point <= 0x200FU) return true;  // no width, direction marks
  if (point >= 0x2028U && point <= 0x202EU) return true;  // line separators, embeddings, overrides
  if (point >= 0x2060U && point <= 0x206FU) return true;  // word joiner, isolates
  if (point >= 0xE0000U && point <= 0xE007FU) return true;  // tags
  return point == 0x061CU || point == 0xFEFFU || point == 0xFFFEU || point == 0xFFFFU;
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) out.push_back(lower_letter(c));
  return out;
}

std::string words_of(std::string_view text) {
  std::string out;
  char previous = ' ';
  for (const char c : text) {
    const bool word = is_lower(c) || is_upper(c) || is_digit(c);
    const bool starts = !is_lower(previous) && !is_upper(previous) && !is_digit(previous);
    const bool hump = is_lower(previous) && is_upper(c);
    if (word && (starts || hump) && !out.empty()) out.push_back(' ');
    if (word) out.push_back(lower_letter(c));
    previous = c;
  }
  return out;
}

std::string from_latin1_or_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string{text};
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80U) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xC0U | (byte >> 6U)));
      out.push_back(static_cast<char>(0x80U | (byte & 0x3FU)));
    }
  }
  return out;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += is_continuation(c) ? 0 : 1;
  return count;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && is_continuation(text[bytes_max])) --bytes_max;
  return text.substr(0, bytes_max);
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  const std::string utf8 = from_latin1_or_utf8(text);
  std::string_view rest = utf8;
  std::string out;
  while (!rest.empty()) {
    const std::string_view sequence = rest.substr(0, character_length(rest));
    rest.remove_prefix(sequence.size());
    const bool line_end = sequence == "\r" && !rest.starts_with('\n');
    if (line_end) out.push_back('\n');
    if (!line_end && !is_hidden(decode(sequence))) out.append(sequence);
    if (out.size() > bytes_max) break;
  }
  out.resize(cut_utf8(out, bytes_max).size());
  return out;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kShownBytesMax = 60;
  return clean_text(text, kShownBytesMax);
}

}  // namespace podium::competition
