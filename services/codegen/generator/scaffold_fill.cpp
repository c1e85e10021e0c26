// How a function gets into a scaffold: found, indented anew, freed of what would act on its own.
#include <algorithm>
#include <format>
#include <span>
#include <vector>

#include "libs/competition/text.hpp"
#include "services/codegen/generator/scaffold.hpp"
#include "services/codegen/replies/hidden_characters.hpp"
#include "services/codegen/replies/python_tokens.hpp"
#include "services/codegen/replies/reply_errors.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kStep = "    ";

/// A logical line and the lines of text that it covers, from 1.
struct Statement {
  std::span<const Token> tokens;
  std::size_t first_line = 0;
  std::size_t last_line = 0;

  bool begins(std::string_view first, std::string_view second) const {
    return tokens.size() > 1 && tokens[0].is(first) && tokens[1].is(second);
  }
  bool at_margin() const { return tokens[0].indent == 0; }
  bool is_definition() const {
    return tokens[0].is("def") || tokens[0].is("class") || begins("async", "def");
  }
};

std::vector<Statement> statements_of(const PythonText& text) {
  std::vector<Statement> statements;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.tokens.size(); ++i) {
    if (text.tokens[i].kind != TokenKind::line_end) continue;
    const auto tokens = std::span{text.tokens}.subspan(begin, i - begin);
    if (!tokens.empty()) {
      statements.push_back({tokens, tokens.front().line, text.tokens[i].line});
    }
    begin = i + 1;
  }
  return statements;
}

/// The lines of a piece of Python, which can be moved to the right and to the left: what begins
/// within a string is left as it is.
class PythonLines {
 public:
  PythonLines(std::string_view code, const PythonText& text)
      : lines_(lines_of(code)), in_string_(lines_.size() + 1) {
    for (const Token& token : text.tokens) {
      if (token.kind != TokenKind::string) continue;
      const auto ends = static_cast<std::size_t>(std::ranges::count(token.text, '\n'));
      for (std::size_t i = 0; i < ends; ++i) in_string_.at(token.line + i) = true;
    }
  }

  std::string_view indent(const Statement& statement) const {
    return indent_of(lines_.at(statement.first_line - 1));
  }

  /// The code with `removed` taken off each line as far as it begins so, and `added` before it.
  std::string moved(std::string_view removed, std::string_view added) const {
    std::string out;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      std::string_view line = lines_[i];
      if (!in_string_[i]) {
        const std::string_view own = indent_of(line);
        const auto same = std::ranges::mismatch(own, removed).in1 - own.begin();
        line = trim_right(line.substr(static_cast<std::size_t>(same)));
        if (!line.empty()) out += added;
      }
      out.append(line).append("\n");
    }
    return out;
  }

  /// The code without the lines of `statements`.
  std::string without(std::span<const Statement> statements) const {
    std::vector<bool> dropped(lines_.size() + 1);
    for (const Statement& statement : statements) {
      const std::size_t end = std::min(statement.last_line, lines_.size());
      for (std::size_t i = statement.first_line - 1; i < end; ++i) dropped[i] = true;
    }
    std::string out;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!dropped[i]) out.append(lines_[i]).append("\n");
    }
    return out;
  }

 private:
  std::vector<std::string_view> lines_;
  std::vector<bool> in_string_;
};

std::string_view common(std::string_view one, std::string_view other) {
  return one.substr(0,
                    static_cast<std::size_t>(std::ranges::mismatch(one, other).in1 - one.begin()));
}

// The code at the margin. A first line that lost the indentation of the lines after it, as it does
// when an answer is trimmed, gets it back.
std::string at_margin(std::string_view code, WorkMeter& work) {
  const PythonText text = read_python(code, work);
  const auto statements = statements_of(text);
  const PythonLines lines{code, text};
  if (statements.empty()) return std::string{code};
  const std::string_view first = lines.indent(statements.front());
  std::string_view rest = statements.size() > 1 ? lines.indent(statements[1]) : first;
  for (const Statement& statement : std::span{statements}.subspan(1)) {
    rest = common(rest, lines.indent(statement));
  }
  const bool opens_block = statements.front().tokens.back().is(":");
  if (rest.size() > first.size() && !opens_block) return lines.moved(rest, "");
  return lines.moved(common(first, rest), "");
}

Result<void> refuse_unusable(std::string_view code, WorkMeter& work) {
  PODIUM_TRY(refuse_hidden(code, work));
  const PythonText text = read_python(code, work);
  const auto open = std::ranges::find(text.problems, true, &PythonProblem::at_end);
  if (open == text.problems.end()) return {};
  return fail(reply_errors::kReplyTruncated,
              std::format("line {}: {}", open->line, open->sentence));
}

bool defines_function(std::span<const Statement> statements) {
  return std::ranges::any_of(statements, [](const Statement& statement) {
    const bool defines =
        statement.begins("def", kScaffoldFunction) || statement.begins(kScaffoldFunction, "=");
    return defines && statement.at_margin();
  });
}

// Whether the code is the body of a function: it returns, and not only within helpers.
bool returns(std::span<const Statement> statements) {
  std::vector<std::size_t> helpers;
  for (const Statement& statement : statements) {
    const std::size_t indent = statement.tokens[0].indent;
    while (!helpers.empty() && indent <= helpers.back()) helpers.pop_back();
    const bool returns = std::ranges::any_of(statement.tokens,
                                             [](const Token& token) { return token.is("return"); });
    if (statement.is_definition()) {
      helpers.push_back(indent);
    } else if (returns && helpers.empty()) {
      return true;
    }
  }
  return false;
}

// Imports of __future__, which belong to the top of a file, and what runs as a program of its own.
std::vector<Statement> foreign_to_a_function(std::span<const Statement> statements) {
  std::vector<Statement> foreign;
  bool inside = false;
  for (const Statement& statement : statements) {
    if (statement.at_margin()) inside = statement.begins("if", "__name__");
    if (inside || statement.begins("from", "__future__")) foreign.push_back(statement);
  }
  return foreign;
}

std::string moved_right(std::string_view code, std::string_view step, WorkMeter& work) {
  return PythonLines{code, read_python(code, work)}.moved("", step);
}

}  // namespace

Result<std::string> fill_scaffold(const Scaffold& scaffold, std::string_view function_source) {
  if (function_source.size() > kProgramBytesMax) {
    return fail(reply_errors::kReplyTooLarge,
                std::format("a function may have {} bytes", kProgramBytesMax));
  }
  WorkMeter work;
  std::string code = at_margin(with_plain_line_ends(function_source), work);
  PODIUM_TRY(refuse_unusable(code, work));
  const PythonText text = read_python(code, work);
  const auto statements = statements_of(text);
  const bool whole = defines_function(statements);
  if (!whole && !returns(statements)) {
    return fail(reply_errors::kReplyNoFunction,
                std::format("it must begin with {}", scaffold.signature));
  }
  code = PythonLines{code, text}.without(foreign_to_a_function(statements));
  if (!whole) code = scaffold.signature + "\n" + moved_right(code, kStep, work);
  return std::format("{}\n{}\n{}", scaffold.before, moved_right(code, kStep, work), scaffold.after);
}

std::optional<std::string> function_in(const Scaffold& scaffold, std::string_view program) {
  const bool around = program.size() >= scaffold.before.size() + scaffold.after.size() &&
                      program.starts_with(scaffold.before) && program.ends_with(scaffold.after);
  if (!around) return std::nullopt;
  program.remove_prefix(scaffold.before.size());
  program.remove_suffix(scaffold.after.size());
  WorkMeter work;
  return std::string{competition::trim(at_margin(program, work))} + "\n";
}

}  // namespace podium::codegen
