// Splits text that is meant to be Python into tokens, whatever it is: nothing makes it fail, each
// byte is looked at a bounded number of times, and what does not fit is told as a problem. It knows
// strings, comments, brackets, line joins and indentation, not the grammar; Python itself parses in
// the sandbox. Pure and thread-safe; tokens are views of the text.
//
// Follows "Lexical analysis" of the Python 3.13 reference.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

enum class TokenKind {
  name,  ///< Identifiers and keywords.
  number,
  string,    ///< With prefix and quotes; an f-string is one token with all that stands in it.
  op,        ///< Operators, brackets, commas.
  line_end,  ///< End of a logical line: not within brackets, not after a backslash.
};

struct Token {
  TokenKind kind = TokenKind::op;
  std::string_view text;
  std::size_t line = 0;    ///< From 1.
  std::size_t indent = 0;  ///< Columns that its logical line is indented by; a tab goes to 8.

  bool is(std::string_view other) const { return text == other && kind != TokenKind::string; }
};

enum class PythonProblemKind {
  open_string,     ///< A string without its end.
  open_bracket,    ///< A bracket without its partner.
  open_block,      ///< A line with a colon, or a try, without what must follow.
  open_statement,  ///< An operator at the end of the text.
  stray_bracket,   ///< A closing bracket that closes nothing, or another kind.
  indentation,     ///< Does not fit the lines around, or mixes tabs and blanks.
  character,       ///< What Python has no use for, such as curly quotes.
  notebook,        ///< A command of notebooks: !pip install, %matplotlib.
};

struct PythonProblem {
  PythonProblemKind kind = PythonProblemKind::character;
  std::size_t line = 0;  ///< Where it began, from 1.
  /// A whole sentence, without the line.
  std::string sentence;
  /// True when the text ends within it: more text could mend it.
  bool at_end = false;
};

struct PythonText {
  std::vector<Token> tokens;
  /// Comments with their `#`, in order.
  std::vector<Token> comments;
  std::vector<PythonProblem> problems;

  /// True when the text breaks off: an open string, bracket, block or statement at its end.
  bool unfinished() const;
};

/// The tokens of `code`, whose line ends are LF. Always succeeds; at most kPythonProblemsMax
/// problems.
PythonText read_python(std::string_view code, WorkMeter& work);

/// The parts of a string token: `rf"""a"""` is prefix `rf`, body `a`.
struct StringParts {
  std::string_view prefix;
  std::string_view body;
  bool is_format() const;
};
StringParts parts_of_string(std::string_view token);

/// Follows strings and comments line by line, so that it can be asked whether the next line begins
/// within a triple-quoted string. Coarser than the tokens: fields of f-strings are plain text.
class TripleStringTracker {
 public:
  void line(std::string_view text);
  bool inside() const { return quote_ != '\0'; }

 private:
  char quote_ = '\0';
};

}  // namespace podium::codegen
