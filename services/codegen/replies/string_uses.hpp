// What the strings of a program are for, as far as the call around them tells: read from, written
// to, asked about. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "services/codegen/replies/python_tokens.hpp"

namespace podium::codegen {

enum class StringRole {
  plain,      ///< A constant, or an argument of a call that says nothing.
  read,       ///< read_csv("a.csv"), open("a.csv").
  write,      ///< to_csv("a.csv"), open("a.csv", "w").
  mention,    ///< exists("a.csv"), print("a.csv").
  docstring,  ///< A statement of its own.
};

struct StringUse {
  std::string_view body;
  std::size_t line = 0;
  /// Last name before the bracket around it; empty when there is none.
  std::string_view call;
  StringRole role = StringRole::plain;
};

/// All strings in order. A string within Path(...) or brackets has the role of what is around
/// those.
std::vector<StringUse> string_uses(const std::vector<Token>& tokens);

/// True for names of calls that write files.
bool writes_files(std::string_view call);

/// True when a statement begins at this token.
bool begins_statement(const std::vector<Token>& tokens, std::size_t at);

}  // namespace podium::codegen
