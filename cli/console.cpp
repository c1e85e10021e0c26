#include "cli/console.hpp"

#include <algorithm>
#include <utility>

#include "libs/competition/text.hpp"

namespace podium::cli {
namespace {

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::plain:
      break;
  }
  return "";
}

bool begins_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

}  // namespace

void Console::say(std::string_view line) const {
  if (!quiet) talk << line << '\n' << std::flush;
}

void Console::complain(const Failure& failure) const {
  talk << toned("podium: ", Tone::bad, talk_has_color) << one_line(failure.what) << '\n';
  if (!failure.why.empty()) talk << "        " << one_line(failure.why, 1'000) << '\n';
  if (!failure.next.empty()) talk << "        " << one_line(failure.next) << '\n';
  if (!failure.trace_id.empty()) {
    talk << toned("        trace " + one_line(failure.trace_id), Tone::dim, talk_has_color) << '\n';
  }
  talk << std::flush;
}

bool wants_color(const ColorSettings& settings, bool is_terminal) {
  if (settings.flag == "always") return true;
  if (settings.flag == "never" || !settings.no_color.empty()) return false;
  if (!settings.force_color.empty() && settings.force_color != "0") return true;
  return is_terminal && settings.term != "dumb";
}

std::string toned(std::string_view text, Tone tone, bool color) {
  if (!color || tone == Tone::plain || text.empty()) return std::string{text};
  return std::string{code_of(tone)} + std::string{text} + "\x1b[0m";
}

std::string one_line(std::string_view text, std::size_t bytes_max) {
  std::string clean = competition::clean_text(text, bytes_max);
  std::ranges::replace_if(clean, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return clean;
}

std::string readable(const Console& console, std::string_view text) {
  if (!console.out_is_terminal) return std::string{text};
  return competition::clean_text(text, 2 * text.size());
}

std::string TerminalFilter::operator()(std::string_view piece) {
  if (!filters_) return std::string{piece};
  std::string clean;
  clean.reserve(piece.size() + 1);
  for (const char c : piece) {
    const auto byte = static_cast<unsigned char>(c);
    const bool was_after_c2 = std::exchange(after_c2_, byte == 0xC2);
    if (was_after_c2 && byte >= 0x80 && byte < 0xA0) continue;
    if (was_after_c2) clean += '\xC2';
    const bool is_control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
    if (!after_c2_ && !is_control) clean += c;
  }
  return clean;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_code_point));
}

std::string cut_to(std::string_view text, int columns) {
  if (columns <= 0 || columns_of(text) <= static_cast<std::size_t>(columns)) {
    return std::string{text};
  }
  std::size_t end = 0;
  for (int seen = 0; end < text.size(); ++end) {
    if (begins_code_point(text[end]) && ++seen == columns) break;
  }
  return std::string{text.substr(0, end)} + "…";
}

}  // namespace podium::cli
