// What a look at a program found: told to the model, shown to people. Values only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace podium::codegen {

enum class Severity {
  warn,    ///< Worth telling; the program may run.
  refuse,  ///< No sandbox is spent on it.
};

struct Finding {
  Severity severity = Severity::warn;
  /// Which rule, lower case: stable, for tests and metrics.
  std::string_view rule;
  /// Line of the program, from 1; 0 when it concerns the whole.
  std::size_t line = 0;
  /// A whole sentence for the model: what is wrong and what to write instead.
  std::string sentence;
};

using Findings = std::vector<Finding>;

/// True when no sandbox should be spent.
inline bool refuses(const Findings& findings) {
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::refuse) return true;
  }
  return false;
}

/// The findings as they are told back to a model: a line for each, with its line of the program.
inline std::string told(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    if (finding.line > 0) out += "Line " + std::to_string(finding.line) + ": ";
    out += finding.sentence + "\n";
  }
  return out;
}

}  // namespace podium::codegen
