// Follows the layout of a Python text while it is split into tokens: indentation, blocks that need
// a body, try without except, statements that end in an operator. Tells problems; never fails.
// Belongs to one reading; not thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "services/codegen/replies/python_tokens.hpp"

namespace podium::codegen {

/// Keeps the problem unless there are kPythonProblemsMax already; one at the end is always kept.
void add_python_problem(std::vector<PythonProblem>& problems, PythonProblem problem);

class PythonLayout {
 public:
  /// `problems` must outlive it.
  explicit PythonLayout(std::vector<PythonProblem>& problems) : problems_{problems} {}

  /// A logical line begins, behind these blanks and tabs.
  void begin_line(std::string_view indent, std::size_t line);
  /// The first token of the logical line.
  void begin_statement(const Token& first);
  /// The logical line is over; `last` is its last token.
  void end_statement(const Token* last);
  void end_of_text();

  /// Columns of the logical line, a tab going to the next multiple of 8.
  std::size_t indent() const { return columns_; }

 private:
  // As Python does, an indentation is measured twice, with tabs of 8 and of 1: where the two orders
  // differ, tabs and blanks are mixed.
  struct Level {
    std::size_t columns;
    std::size_t bytes;
  };

  void problem(PythonProblemKind kind, std::size_t line, std::string_view sentence, bool at_end);
  void close_tries(const Token& first);
  void indent_deeper(Level level, std::size_t line);

  std::vector<PythonProblem>& problems_;
  std::vector<Level> levels_{{0, 0}};
  struct Try {
    std::size_t columns;
    std::size_t line;
  };
  std::vector<Try> tries_;
  std::size_t columns_ = 0;
  bool needs_block_ = false;
  bool decorates_ = false;
  bool ends_open_ = false;
  std::size_t last_line_ = 0;
};

}  // namespace podium::codegen
