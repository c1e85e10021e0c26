#include "services/codegen/replies/static_check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/check_calls.hpp"
#include "services/codegen/replies/check_files.hpp"
#include "services/codegen/replies/python_tokens.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/string_uses.hpp"

namespace podium::codegen {
namespace {

// Words that, beside three dots in a comment, stand for code that was left out.
constexpr std::array<std::string_view, 11> kLeftOut{
    "rest of",   "existing", "previous",  "unchanged",  "remaining", "same as",
    "as before", "omitted",  "same code", "other code", "keep the"};

void check_syntax(const PythonText& text, Findings& findings) {
  for (const PythonProblem& problem : text.problems) {
    const bool notebook = problem.kind == PythonProblemKind::notebook;
    findings.push_back(
        {Severity::refuse, notebook ? "notebook" : "syntax", problem.line, problem.sentence});
  }
}

bool stands_for_code(std::string_view comment) {
  const std::string words = competition::lower(comment);
  if (words.find("your code here") != std::string::npos) return true;
  const bool dots = words.find("...") != std::string::npos || words.find("…") != std::string::npos;
  return dots && std::ranges::any_of(kLeftOut, [&](std::string_view phrase) {
           return words.find(phrase) != std::string::npos;
         });
}

void check_placeholders(const PythonText& text, Findings& findings) {
  for (const Token& comment : text.comments) {
    if (!stands_for_code(comment.text)) continue;
    findings.push_back({Severity::refuse, "placeholder", comment.line,
                        "A comment stands where code was left out; write the program whole."});
  }
}

// In the order of lines; when there are too many, refusals are kept rather than warnings.
void bound(Findings& findings) {
  const auto by_line = [](const Finding& a, const Finding& b) { return a.line < b.line; };
  if (findings.size() > kFindingsMax) {
    std::ranges::stable_partition(
        findings, [](const Finding& finding) { return finding.severity == Severity::refuse; });
    findings.resize(kFindingsMax);
  }
  std::ranges::stable_sort(findings, by_line);
}

}  // namespace

Findings check_program(std::string_view code, const CheckOptions& options, WorkMeter& work) {
  const PythonText text = read_python(code, work);
  const std::vector<StringUse> uses = string_uses(text.tokens);
  Findings findings;
  check_syntax(text, findings);
  check_placeholders(text, findings);
  check_imports(text.tokens, uses, findings);
  check_calls(text.tokens, uses, findings);
  check_data_files(uses, options, findings);
  check_submission(text.tokens, uses, options, findings);
  bound(findings);
  work.spend(text.tokens.size() + code.size());
  return findings;
}

}  // namespace podium::codegen
