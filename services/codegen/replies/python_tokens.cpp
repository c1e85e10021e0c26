#include "services/codegen/replies/python_tokens.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "services/codegen/replies/hidden_characters.hpp"
#include "services/codegen/replies/python_layout.hpp"
#include "services/codegen/replies/python_strings.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::array<std::string_view, 24> kLongOperators{
    "...", "**=", "//=", ">>=", "<<=", "==", "!=", "<=", ">=", ":=", "->", "**",
    "//",  "+=",  "-=",  "*=",  "/=",  "%=", "<<", ">>", "|=", "&=", "^=", "@="};
// Statements that cannot stand within brackets.
constexpr std::array<std::string_view, 5> kMarginWords{"def ", "class ", "import ", "while ",
                                                       "if __name__"};
constexpr std::string_view kOperators = "+-*/%@&|^~<>()[]{},:.;=";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name_byte(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

char partner_of(char closing) {
  if (closing == ')') return '(';
  return closing == ']' ? '[' : '{';
}

// Symbols, punctuation and blanks beyond ASCII; what is left is taken for letters.
bool is_foreign_symbol(std::uint32_t point) {
  if (point >= 0x80 && point <= 0xBF) return point != 0xAA && point != 0xB5 && point != 0xBA;
  if (point == 0xD7 || point == 0xF7) return true;
  if (point >= 0x2000 && point <= 0x206F) return true;
  if (point >= 0x2190 && point <= 0x2BFF) return true;
  if (point >= 0x3000 && point <= 0x3003) return true;
  if (point >= 0xFF01 && point <= 0xFF0F) return true;
  return (point >= 0x1F000 && point <= 0x1FAFF) || (point >= 0xFE00 && point <= 0xFE0F);
}

std::string open_bracket_sentence(char bracket) {
  return std::string{"The bracket "} + bracket + " is never closed.";
}

class Tokenizer {
 public:
  Tokenizer(std::string_view code, WorkMeter& work)
      : code_{code}, text_end_{trim_right(code).size()}, work_{work}, layout_{out_.problems} {}

  PythonText run() && {
    while (at_ < code_.size()) {
      if (line_begins_) {
        begin_line();
      } else {
        read_token();
      }
    }
    end_logical_line();
    if (!brackets_.empty()) {
      add_python_problem(out_.problems, {PythonProblemKind::open_bracket, brackets_.back().line,
                                         open_bracket_sentence(brackets_.back().bracket), true});
    } else {
      layout_.end_of_text();
    }
    return std::move(out_);
  }

 private:
  struct Bracket {
    char bracket;
    std::size_t line;
  };

  const Token* last_token() const { return out_.tokens.empty() ? nullptr : &out_.tokens.back(); }

  void advance(std::size_t bytes) {
    at_ += bytes;
    work_.spend(bytes);
  }

  void problem(PythonProblemKind kind, std::string sentence, bool at_end = false) {
    add_python_problem(out_.problems, {kind, line_, std::move(sentence), at_end});
  }

  void add(TokenKind kind, std::size_t bytes) {
    const Token token{kind, code_.substr(at_, bytes), line_, layout_.indent()};
    if (kind != TokenKind::line_end && logical_line_begins_) {
      layout_.begin_statement(token);
      logical_line_begins_ = false;
    }
    out_.tokens.push_back(token);
    advance(bytes);
  }

  // The blanks that a line begins with mean something only where a logical line begins.
  void begin_line() {
    line_begins_ = false;
    const std::string_view indent = indent_of(code_.substr(at_));
    advance(indent.size());
    if (indent.empty() && !brackets_.empty()) close_forgotten_brackets();
    if (at_ == code_.size() || !brackets_.empty() || !logical_line_begins_) return;
    const char c = code_[at_];
    if (c == '\n' || c == '#') return;
    layout_.begin_line(indent, line_);
    if (c != '!' && c != '%') return;
    problem(PythonProblemKind::notebook,
            "This is a command of notebooks, not Python; everything that can be installed is "
            "installed already, so leave it out.");
    skip_line();
  }

  // Where a definition begins at the margin, no bracket can be meant to be open any more.
  void close_forgotten_brackets() {
    const std::string_view rest = code_.substr(at_);
    const bool defines = std::ranges::any_of(
        kMarginWords, [&](std::string_view word) { return rest.starts_with(word); });
    if (!defines) return;
    add_python_problem(out_.problems, {PythonProblemKind::open_bracket, brackets_.back().line,
                                       open_bracket_sentence(brackets_.back().bracket), false});
    brackets_.clear();
    end_logical_line();
  }

  void skip_line() { advance(std::min(code_.find('\n', at_), code_.size()) - at_); }

  void end_logical_line() {
    if (logical_line_begins_ || !brackets_.empty()) return;
    layout_.end_statement(last_token());
    out_.tokens.push_back({TokenKind::line_end, {}, line_, layout_.indent()});
    logical_line_begins_ = true;
  }

  void read_token() {
    const char c = code_[at_];
    if (c == '\n') {
      end_logical_line();
      advance(1);
      ++line_;
      line_begins_ = true;
    } else if (c == ' ' || c == '\t' || c == '\f') {
      advance(1);
    } else if (c == '#') {
      const std::size_t end = std::min(code_.find('\n', at_), code_.size());
      out_.comments.push_back(
          {TokenKind::op, code_.substr(at_, end - at_), line_, layout_.indent()});
      advance(end - at_);
    } else if (c == '\\') {
      join_lines();
    } else if (string_prefix_bytes(code_.substr(at_)) != std::string_view::npos) {
      read_string();
    } else if (is_digit(c) || (c == '.' && at_ + 1 < code_.size() && is_digit(code_[at_ + 1]))) {
      read_number();
    } else if (is_name_byte(c) || static_cast<unsigned char>(c) >= 0x80U) {
      read_name();
    } else {
      read_operator();
    }
  }

  void join_lines() {
    advance(1);
    if (at_ == code_.size() || at_ + 1 == code_.size()) {
      problem(PythonProblemKind::open_statement, "The line goes on behind a backslash.", true);
    } else if (code_[at_] != '\n') {
      problem(PythonProblemKind::character, "A backslash must be the last character of its line.");
      return;
    }
    if (at_ == code_.size()) return;
    advance(1);
    ++line_;
    line_begins_ = true;
  }

  void read_string() {
    const StringEnd end = end_of_string(code_.substr(at_), work_);
    const std::string_view text = code_.substr(at_, end.bytes);
    if (!end.closed) {
      problem(PythonProblemKind::open_string, "The string is never closed.",
              at_ + end.bytes >= text_end_);
    }
    const auto line_ends = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    add(TokenKind::string, end.bytes);
    line_ += line_ends;
  }

  void read_number() {
    std::size_t end = at_;
    const bool hex = code_.substr(at_).starts_with("0x") || code_.substr(at_).starts_with("0X");
    while (end < code_.size()) {
      const char c = code_[end];
      const bool exponent = !hex && end > at_ && (code_[end - 1] == 'e' || code_[end - 1] == 'E');
      const bool sign = exponent && (c == '+' || c == '-');
      if (!is_name_byte(c) && c != '.' && !sign) break;
      ++end;
    }
    add(TokenKind::number, end - at_);
  }

  void read_name() {
    std::size_t end = at_;
    while (end < code_.size()) {
      if (is_name_byte(code_[end])) {
        ++end;
        continue;
      }
      if (static_cast<unsigned char>(code_[end]) < 0x80U) break;
      const CodePoint point = first_code_point(code_.substr(end));
      if (!point.valid || is_foreign_symbol(point.value)) break;
      end += point.bytes;
    }
    if (end > at_) {
      add(TokenKind::name, end - at_);
      return;
    }
    const CodePoint point = first_code_point(code_.substr(at_));
    foreign_character(code_point_name(point.value), point.bytes);
  }

  void foreign_character(const std::string& name, std::size_t bytes) {
    problem(PythonProblemKind::character,
            "The character " + name + " (" + in_quotes(code_.substr(at_, bytes)) +
                ") is not Python outside of strings; use plain blanks, quotes and operators.");
    advance(bytes);
  }

  void read_operator() {
    const std::string_view rest = code_.substr(at_);
    for (const std::string_view op : kLongOperators) {
      if (rest.starts_with(op)) return add(TokenKind::op, op.size());
    }
    const char c = rest.front();
    if (kOperators.find(c) == std::string_view::npos) {
      return foreign_character(code_point_name(static_cast<unsigned char>(c)), 1);
    }
    if (c == '(' || c == '[' || c == '{') brackets_.push_back({c, line_});
    if (c == ')' || c == ']' || c == '}') close_bracket(c);
    add(TokenKind::op, 1);
  }

  void close_bracket(char c) {
    if (!brackets_.empty() && brackets_.back().bracket == partner_of(c)) {
      brackets_.pop_back();
      return;
    }
    problem(PythonProblemKind::stray_bracket,
            std::string{"The bracket "} + c + " does not close the last one that was opened.");
    if (!brackets_.empty()) brackets_.pop_back();
  }

  std::string_view code_;
  std::size_t text_end_;  // behind the last character that is not blank
  WorkMeter& work_;
  PythonText out_;
  PythonLayout layout_;
  std::vector<Bracket> brackets_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  bool line_begins_ = true;
  bool logical_line_begins_ = true;
};

}  // namespace

void add_python_problem(std::vector<PythonProblem>& problems, PythonProblem problem) {
  // What breaks off at the end is always told: it is how truncation is noticed.
  if (problems.size() < kPythonProblemsMax || problem.at_end) {
    problems.push_back(std::move(problem));
  }
}

bool PythonText::unfinished() const {
  return std::ranges::any_of(problems, &PythonProblem::at_end);
}

PythonText read_python(std::string_view code, WorkMeter& work) {
  return Tokenizer{code, work}.run();
}

}  // namespace podium::codegen
