#include "services/codegen/replies/python_shape.hpp"

#include <algorithm>
#include <array>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/reply_blocks.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::array<std::string_view, 20> kForeignBegins{
    "library(", "require(", "const ",   "let ",     "var ", "function ", "#include",
    "public ",  "private ", "package ", "using ",   "fn ",  "func ",     "select ",
    "SELECT ",  "end",      "}",        "import {", "<",    "$ "};

bool is_identifier_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

// A dotted name at the front.
std::string_view leading_name(std::string_view text) {
  const auto* const end = std::ranges::find_if_not(text, is_identifier_byte);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string_view behind(std::string_view text, std::string_view begin) {
  return text.starts_with(begin) ? text.substr(begin.size()) : std::string_view{};
}

// "import numpy as np", "from a import b": names and commas only.
bool is_import(std::string_view line) {
  if (const std::string_view from = behind(line, "from "); !from.empty()) {
    const std::string_view name = leading_name(from);
    return !name.empty() && from.substr(name.size()).starts_with(" import ");
  }
  const std::string_view rest = behind(line, "import ");
  const std::string_view name = leading_name(rest);
  if (name.empty() || name.ends_with('.')) return false;
  const std::string_view tail = rest.substr(name.size());
  return tail.empty() || tail.starts_with(',') || tail.starts_with(" as ") ||
         competition::trim(tail).starts_with('#');
}

bool is_definition(std::string_view line) {
  const std::string_view function = behind(line, "def ");
  const std::string_view type = behind(line, "class ");
  const std::string_view named = function.empty() ? type : function;
  const std::string_view name = leading_name(named);
  if (name.empty()) return false;
  const std::string_view tail = named.substr(name.size());
  return tail.starts_with('(') || (!type.empty() && tail.starts_with(':'));
}

// "x = 1", "df["a"] = 2", "x.fit(y)", "print(x)".
bool is_assignment_or_call(std::string_view line) {
  const std::string_view name = leading_name(line);
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  const std::string_view tail = line.substr(name.size());
  return tail.starts_with(" = ") || tail.starts_with('(') || tail.starts_with(" += ") ||
         (tail.starts_with('[') && tail.find("] = ") != std::string_view::npos);
}

bool is_block_head(std::string_view line) {
  constexpr std::array<std::string_view, 8> kHeads{"if ",   "for ", "while ", "with ",
                                                   "elif ", "try:", "except", "else:"};
  return line.ends_with(':') &&
         std::ranges::any_of(kHeads, [&](std::string_view head) { return line.starts_with(head); });
}

bool is_python(std::string_view line) {
  return is_import(line) || is_definition(line) || is_block_head(line) ||
         is_assignment_or_call(line);
}

bool is_foreign(std::string_view line) {
  const bool begins = std::ranges::any_of(
      kForeignBegins, [&](std::string_view begin) { return line.starts_with(begin); });
  return begins || line.ends_with(';') || line.ends_with('{') ||
         line.find(" <- ") != std::string_view::npos;
}

// A sentence: at the margin, several words, nothing that prose does not have.
bool is_prose(std::string_view line) {
  if (line.empty() || line.front() == ' ' || line.front() == '\t' || line.front() == '#') {
    return false;
  }
  if (is_python(line) || line.find_first_of("=[]{}\\") != std::string_view::npos) return false;
  const char last = line.back();
  if (last == ',' || last == '(' || last == ')') return false;
  constexpr std::ptrdiff_t kBlanksMin = 3;
  return std::ranges::count(line, ' ') >= kBlanksMin;
}

// Lines that a program begins with; an assignment in prose is too weak a sign.
bool begins_program(std::string_view line) {
  return is_import(line) || is_definition(line) || line.starts_with("#!") ||
         line.starts_with("# -*-") || line.starts_with("\"\"\"") || line.starts_with("'''");
}

std::string_view without_prose_at_end(std::string_view text) {
  for (;;) {
    text = trim_right(text);
    const std::size_t begin = text.rfind('\n');
    if (begin == std::string_view::npos) return text;
    const std::string_view last = text.substr(begin + 1);
    const bool fence = last.starts_with("```") || last.starts_with("~~~");
    if (!is_prose(last) && !fence) return text;
    text = text.substr(0, begin);
  }
}

}  // namespace

bool looks_like_python(std::string_view text, WorkMeter& work) {
  work.spend(text.size());
  std::size_t python = 0;
  std::size_t foreign = 0;
  while (!text.empty()) {
    const std::string_view line = competition::trim(take_line(text));
    if (line.empty()) continue;
    if (is_foreign(line)) {
      ++foreign;
    } else if (is_python(line)) {
      ++python;
    }
  }
  return python > foreign;
}

bool looks_like_code(std::string_view text, WorkMeter& work) {
  work.spend(text.size());
  std::size_t code = 0;
  std::size_t other = 0;
  while (!text.empty()) {
    const std::string_view line = trim_right(take_line(text));
    if (line.empty()) continue;
    ++(is_foreign(competition::trim(line)) || is_python(competition::trim(line)) ? code : other);
  }
  return code > other;
}

PlainProgram find_plain_program(std::string_view text, WorkMeter& work) {
  work.spend(2 * text.size());
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view from_here = rest;
    if (!begins_program(trim_right(take_line(rest)))) continue;
    const std::string_view program = without_prose_at_end(from_here);
    if (!looks_like_python(program, work)) return {text, {}};
    return {text.substr(0, text.size() - from_here.size()), without_blank_edges(program)};
  }
  return {text, {}};
}

}  // namespace podium::codegen
