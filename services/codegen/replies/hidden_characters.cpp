#include "services/codegen/replies/hidden_characters.hpp"

#include <algorithm>
#include <array>
#include <format>

#include "libs/chassis/utf8.hpp"
#include "services/codegen/replies/reply_errors.hpp"
#include "services/codegen/replies/reply_limits.hpp"

namespace podium::codegen {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr std::array kHidden{
    Range{0x00, 0x08},       Range{0x0B, 0x1F},      // controls but tab and line feed
    Range{0x7F, 0x9F},                               // delete and further controls
    Range{0xAD, 0xAD},                               // soft hyphen
    Range{0x34F, 0x34F},     Range{0x61C, 0x61C},    // grapheme joiner, Arabic letter mark
    Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},  // fillers
    Range{0x180B, 0x180F},                           // Mongolian selectors and separator
    Range{0x200B, 0x200F},   Range{0x2028, 0x202E},  // no width, separators, embeddings, overrides
    Range{0x2060, 0x206F},                           // word joiner, isolates
    Range{0x3164, 0x3164},   Range{0xFE00, 0xFE0D},  // filler, variation selectors
    Range{0xFEFF, 0xFEFF},   Range{0xFFA0, 0xFFA0},  // byte-order mark, filler
    Range{0xFFF9, 0xFFFB},   Range{0xFFFE, 0xFFFF},  // annotations, no characters
    Range{0xE0000, 0xE01EF},                         // tags, further variation selectors
};

constexpr std::uint32_t kJoiner = 0x200D;
constexpr std::uint32_t kEmojiSelector = 0xFE0F;
constexpr std::uint32_t kFirstPictograph = 0x1F000;

// A joiner inside of an emoji is harmless, and models like emoji in what they print.
bool joins_emoji(std::uint32_t point, std::uint32_t previous) {
  return point == kJoiner && (previous == kEmojiSelector ||
                              (previous >= kFirstPictograph && previous < kHidden.back().first));
}

bool is_hidden(std::uint32_t point, std::uint32_t previous) {
  if (joins_emoji(point, previous)) return false;
  return std::ranges::any_of(
      kHidden, [&](const Range& range) { return point >= range.first && point <= range.last; });
}

std::size_t expected_bytes(unsigned char first) {
  if (first < 0x80U) return 1;
  if (first < 0xE0U) return 2;
  return first < 0xF0U ? 3 : 4;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80U) return {first, 1, true};
  const std::size_t bytes = expected_bytes(first);
  const std::string_view sequence = text.substr(0, bytes);
  if (sequence.size() < bytes || !is_utf8(sequence)) return {first, 1, false};
  std::uint32_t value = first & (0xFFU >> (bytes + 1));
  for (const char c : sequence.substr(1)) {
    value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return {value, bytes, true};
}

std::string code_point_name(std::uint32_t value) {
  return std::format("U+{:04X}", value);
}

std::vector<HiddenCharacter> find_hidden(std::string_view code, std::size_t places_max,
                                         WorkMeter& work) {
  std::vector<HiddenCharacter> found;
  std::size_t line = 1;
  std::size_t column = 1;
  std::uint32_t previous = 0;
  while (!code.empty() && found.size() < places_max) {
    const CodePoint point = first_code_point(code);
    work.spend(point.bytes);
    code.remove_prefix(point.bytes);
    if (!point.valid) {
      found.push_back({line, column, std::format("byte 0x{:02X}", point.value)});
    } else if (is_hidden(point.value, previous)) {
      found.push_back({line, column, code_point_name(point.value)});
    }
    previous = point.value;
    column = point.value == '\n' ? 1 : column + 1;
    line += point.value == '\n' ? 1 : 0;
  }
  return found;
}

Result<void> refuse_hidden(std::string_view code, WorkMeter& work) {
  const auto found = find_hidden(code, kHiddenNamedMax + 1, work);
  if (found.empty()) return {};
  std::string places;
  for (std::size_t i = 0; i < std::min(found.size(), kHiddenNamedMax); ++i) {
    if (i > 0) places += ", ";
    places += std::format("{} in line {} column {}", found[i].name, found[i].line, found[i].column);
  }
  if (found.size() > kHiddenNamedMax) places += " and more";
  return fail(reply_errors::kReplyHiddenCharacters, places);
}

}  // namespace podium::codegen
