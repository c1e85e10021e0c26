#include "services/codegen/replies/program_choice.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/codegen/replies/python_tokens.hpp"
#include "services/codegen/replies/reply_errors.hpp"

namespace podium::codegen {
namespace {

// A later block is a new version when it defines at least three quarters of the same names.
constexpr std::size_t kSharedMin = 3;
constexpr std::size_t kSharedOf = 4;

void read_statement(FoundProgram& program, const std::vector<Token>& tokens, std::size_t at) {
  const Token& first = tokens[at];
  if (first.kind != TokenKind::name) return;
  if (first.is("import") || first.is("from")) program.has_imports = true;
  if (first.indent > 0 || at + 1 >= tokens.size()) return;
  const bool async = first.is("async") && at + 2 < tokens.size();
  const Token& keyword = async ? tokens[at + 1] : first;
  const Token& next = async ? tokens[at + 2] : tokens[at + 1];
  if (keyword.is("def") || keyword.is("class")) program.definitions.emplace(next.text);
  if (next.is("=")) program.definitions.emplace(first.text);
}

bool defines_again(const FoundProgram& later, const FoundProgram& earlier, WorkMeter& work) {
  work.spend(later.definitions.size() + 1);
  if (earlier.definitions.empty()) return false;
  const auto shared = static_cast<std::size_t>(std::ranges::count_if(
      later.definitions,
      [&](const std::string& name) { return earlier.definitions.contains(name); }));
  return shared * kSharedOf >= earlier.definitions.size() * kSharedMin &&
         (later.has_imports || !earlier.has_imports);
}

std::optional<std::size_t> largest(const std::vector<FoundProgram>& programs, bool unfinished) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (programs[i].unfinished != unfinished) continue;
    if (!best || programs[i].code.size() > programs[*best].code.size()) best = i;
  }
  return best;
}

std::size_t latest_version(const std::vector<FoundProgram>& programs, std::size_t best,
                           WorkMeter& work) {
  std::size_t latest = best;
  for (std::size_t i = best + 1; i < programs.size(); ++i) {
    if (!programs[i].unfinished && defines_again(programs[i], programs[best], work)) latest = i;
  }
  return latest;
}

// Imports here and the submission there: none of the blocks is the program.
bool in_parts(const std::vector<FoundProgram>& programs, const FoundProgram& chosen) {
  const auto others_have = [&](bool FoundProgram::* part) {
    return !(chosen.*part) && std::ranges::any_of(programs, part);
  };
  return others_have(&FoundProgram::has_imports) || others_have(&FoundProgram::names_submission);
}

}  // namespace

FoundProgram describe_program(std::string code, std::size_t begin, std::size_t end, bool closed,
                              WorkMeter& work) {
  FoundProgram program;
  program.code = std::move(code);
  program.begin = begin;
  program.end = end;
  program.closed = closed;
  const PythonText text = read_python(program.code, work);
  bool statement_begins = true;
  for (std::size_t i = 0; i < text.tokens.size(); ++i) {
    if (statement_begins) read_statement(program, text.tokens, i);
    statement_begins = text.tokens[i].kind == TokenKind::line_end;
  }
  work.spend(text.tokens.size());
  program.names_submission = program.code.find("submission") != std::string::npos;
  const auto broken = std::ranges::find_if(text.problems, &PythonProblem::at_end);
  if (broken != text.problems.end()) {
    program.unfinished = true;
    program.broken_off = "line " + std::to_string(broken->line) + ": " + broken->sentence;
  }
  return program;
}

Result<std::size_t> choose_program(const std::vector<FoundProgram>& programs, bool whole_program,
                                   WorkMeter& work) {
  const auto broken = largest(programs, true);
  const auto complete = largest(programs, false);
  if (!complete) return fail(reply_errors::kReplyTruncated, programs[*broken].broken_off);
  const std::size_t chosen = latest_version(programs, *complete, work);
  // A snippet that is complete does not stand for a program that is not.
  if (broken && !programs[chosen].names_submission &&
      programs[*broken].code.size() > programs[chosen].code.size()) {
    return fail(reply_errors::kReplyTruncated, programs[*broken].broken_off);
  }
  if (whole_program && in_parts(programs, programs[chosen])) {
    return fail(reply_errors::kReplyInParts,
                std::to_string(programs.size()) + " blocks hold Python, none of them all of it");
  }
  return chosen;
}

}  // namespace podium::codegen
