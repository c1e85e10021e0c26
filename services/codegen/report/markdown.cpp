#include "services/codegen/report/markdown.hpp"

#include <algorithm>
#include <cctype>

#include "libs/chassis/utf8.hpp"
#include "libs/competition/text.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kActive = "\\`*_[]<>|~&#$!";

bool is_name_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x80U && std::isalnum(byte) != 0) || std::string_view{"._/:-"}.contains(c);
}

std::size_t longest_run(std::string_view text, char c) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char one : text) {
    run = one == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string shown_text(std::string_view bytes, std::size_t bytes_max) {
  return competition::clean_text(with_replacements(bytes), bytes_max);
}

std::string markdown_line(std::string_view text, std::size_t bytes_max) {
  const std::string shown = shown_text(text, bytes_max);
  const std::string_view line = competition::trim(shown);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\n' || c == '\t') {
      out += ' ';
      continue;
    }
    const std::string_view rest = line.substr(i);
    // Bare addresses become links by themselves.
    const bool link = rest.starts_with("://") || rest.starts_with('@') ||
                      (rest.starts_with('.') && out.ends_with("www"));
    if (link || kActive.contains(c)) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_name(std::string_view name) {
  if (name.empty() || !std::ranges::all_of(name, is_name_byte)) {
    constexpr std::size_t kNameBytesMax = 200;
    return markdown_line(name, kNameBytesMax);
  }
  return "`" + std::string{name} + "`";
}

std::string fenced(std::string_view text, std::string_view tag) {
  constexpr std::size_t kFenceMin = 3;
  const std::string fence(std::max(kFenceMin, longest_run(text, '`') + 1), '`');
  std::string out = fence;
  out.append(tag).append("\n").append(text);
  if (!out.ends_with('\n')) out += '\n';
  return out.append(fence).append("\n");
}

}  // namespace podium::codegen
