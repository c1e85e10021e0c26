#include "services/codegen/replies/plan_text.hpp"

#include <algorithm>
#include <array>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kEllipsis = "…";

// Beginnings, in lower case, of lines that lead to something else.
constexpr std::array<std::string_view, 12> kLeadIns{
    "here is",   "here's", "here’s", "below is", "sure",  "certainly",
    "of course", "okay",   "ok,",    "i'll",     "great", "the following"};

bool is_mark(char c) {
  return c == '#' || c == '*' || c == '-' || c == '>' || c == '+' || c == ' ' || c == '\t';
}

// "2. " or "3) " at the front.
std::size_t enumeration_bytes(std::string_view line) {
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits == 0 || digits > 2) return 0;
  const std::string_view mark = line.substr(digits, 2);
  return mark == ". " || mark == ") " ? digits + 2 : 0;
}

std::string without_markdown(std::string_view line) {
  const auto* const begin = std::ranges::find_if_not(line, is_mark);
  line.remove_prefix(static_cast<std::size_t>(begin - line.begin()));
  line.remove_prefix(enumeration_bytes(line));
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool bold = line.substr(i, 2) == "**" || line.substr(i, 2) == "__";
    if (bold) {
      ++i;
    } else if (line[i] != '`') {
      out.push_back(line[i]);
    }
  }
  return std::string{competition::trim(out)};
}

bool says_something(std::string_view line, const std::string& plain) {
  if (plain.empty() || line.starts_with('#')) return false;
  const std::string words = competition::lower(plain);
  const bool leads_in = std::ranges::any_of(
      kLeadIns, [&](std::string_view begin) { return words.starts_with(begin); });
  const bool heading = plain.ends_with(':') || plain.find(' ') == std::string::npos;
  return !leads_in && !heading;
}

}  // namespace

std::string plan_of(std::string_view prose) {
  const std::string_view text = competition::trim(prose);
  std::string plan =
      competition::clean_text(competition::cut_utf8(text, 2 * kPlanBytesMax), kPlanBytesMax);
  if (plan.size() < kPlanBytesMax && text.size() <= 2 * kPlanBytesMax) {
    return std::string{trim_right(plan)};
  }
  plan.resize(competition::cut_utf8(plan, kPlanBytesMax - kEllipsis.size()).size());
  return std::string{trim_right(plan)}.append(kEllipsis);
}

std::string plan_line_of(std::string_view plan) {
  std::string fallback;
  while (!plan.empty()) {
    const std::string_view line = competition::trim(take_line(plan));
    std::string plain = without_markdown(line);
    const bool chosen = says_something(line, plain);
    if (!chosen && !fallback.empty()) continue;
    if (plain.size() > kPlanLineBytesMax) {
      const std::size_t room = kPlanLineBytesMax - kEllipsis.size();
      plain = std::string{competition::cut_utf8(plain, room)}.append(kEllipsis);
    }
    if (chosen) return plain;
    fallback = plain;
  }
  return fallback;
}

}  // namespace podium::codegen
