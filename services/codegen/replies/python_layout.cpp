#include "services/codegen/replies/python_layout.hpp"

#include <algorithm>
#include <array>

namespace podium::codegen {
namespace {

constexpr std::size_t kTabColumns = 8;

// A statement cannot end in one of these; in `*` it can: from x import *.
constexpr std::array<std::string_view, 39> kOpenEnds{
    "=",  "+",  "-",  "/",  "%",  "@",  "&",   "|",  "^",   "~",  "<",  ">",      ".",
    "==", "!=", "<=", ">=", ":=", "->", "**",  "//", "+=",  "-=", "*=", "/=",     "%=",
    "<<", ">>", "|=", "&=", "^=", "@=", "and", "or", "not", "in", "is", "import", "from"};

std::size_t columns_of(std::string_view indent) {
  std::size_t columns = 0;
  for (const char c : indent) {
    columns = c == '\t' ? (columns / kTabColumns + 1) * kTabColumns : columns + 1;
  }
  return columns;
}

}  // namespace

void PythonLayout::problem(PythonProblemKind kind, std::size_t line, std::string_view sentence,
                           bool at_end) {
  add_python_problem(problems_, {kind, line, std::string{sentence}, at_end});
}

void PythonLayout::begin_line(std::string_view indent, std::size_t line) {
  const Level level{columns_of(indent), indent.size()};
  columns_ = level.columns;
  const bool mixed =
      (level.columns == levels_.back().columns && level.bytes != levels_.back().bytes) ||
      (level.columns > levels_.back().columns && level.bytes <= levels_.back().bytes);
  if (mixed) {
    problem(PythonProblemKind::indentation, line,
            "The indentation mixes tabs and blanks; indent with four blanks.", false);
  }
  if (level.columns > levels_.back().columns) {
    indent_deeper(level, line);
    return;
  }
  if (needs_block_) {
    problem(PythonProblemKind::indentation, line,
            "An indented block must follow the line that ends in a colon.", false);
    needs_block_ = false;
  }
  while (levels_.back().columns > level.columns) levels_.pop_back();
  if (levels_.back().columns != level.columns) {
    problem(PythonProblemKind::indentation, line, "The indentation does not fit any line above.",
            false);
    levels_.push_back(level);
  }
}

void PythonLayout::indent_deeper(Level level, std::size_t line) {
  if (!needs_block_) {
    problem(PythonProblemKind::indentation, line,
            "The line is indented although no block begins here.", false);
  }
  needs_block_ = false;
  levels_.push_back(level);
}

void PythonLayout::begin_statement(const Token& first) {
  decorates_ = first.is("@");
  close_tries(first);
  if (first.is("try")) tries_.push_back({columns_, first.line});
}

void PythonLayout::close_tries(const Token& first) {
  while (!tries_.empty() && tries_.back().columns >= columns_) {
    const Try open = tries_.back();
    tries_.pop_back();
    const bool answered = first.is("except") || first.is("finally");
    if (open.columns == columns_ && answered) return;
    problem(PythonProblemKind::open_block, open.line, "The try has neither except nor finally.",
            false);
  }
}

void PythonLayout::end_statement(const Token* last) {
  if (last == nullptr) return;
  needs_block_ = last->is(":");
  ends_open_ = std::ranges::any_of(kOpenEnds, [&](std::string_view end) { return last->is(end); });
  last_line_ = last->line;
}

void PythonLayout::end_of_text() {
  if (needs_block_ || decorates_) {
    problem(PythonProblemKind::open_block, last_line_,
            "The text ends where an indented block or a definition must follow.", true);
  }
  if (!tries_.empty()) {
    problem(PythonProblemKind::open_block, tries_.back().line,
            "The text ends before the except of this try.", true);
  }
  if (ends_open_) {
    problem(PythonProblemKind::open_statement, last_line_,
            "The text ends in the middle of a statement.", true);
  }
}

}  // namespace podium::codegen
