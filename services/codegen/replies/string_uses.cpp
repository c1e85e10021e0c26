#include "services/codegen/replies/string_uses.hpp"

#include <algorithm>
#include <array>

namespace podium::codegen {
namespace {

constexpr std::array<std::string_view, 9> kReads{"open",       "load",     "loadtxt",
                                                 "genfromtxt", "fromfile", "imread",
                                                 "ZipFile",    "scan_csv", "scan_parquet"};
constexpr std::array<std::string_view, 13> kWrites{
    "dump",   "replace", "rename",   "copy",   "copyfile",  "move",       "unlink",
    "remove", "mkdir",   "makedirs", "writer", "with_name", "with_suffix"};
constexpr std::array<std::string_view, 15> kMentions{
    "exists", "isfile", "is_file", "isdir",   "glob",  "rglob",   "endswith",  "startswith",
    "print",  "log",    "info",    "warning", "error", "getsize", "ValueError"};
// Calls that only make a path of a string.
constexpr std::array<std::string_view, 8> kTransparent{"Path", "PurePath", "join",    "joinpath",
                                                       "str",  "fspath",   "abspath", "expanduser"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// open("a", "w") and open("a", mode="w"): the string behind the one at `at` names a mode to write.
bool opened_to_write(const std::vector<Token>& tokens, std::size_t at) {
  std::size_t next = at + 1;
  // Path("a") and the like close before the comma.
  while (next < tokens.size() && tokens[next].is(")") && next < at + 3) ++next;
  if (next + 1 >= tokens.size() || !tokens[next].is(",")) return false;
  ++next;
  if (tokens[next].is("mode") && next + 2 < tokens.size()) next += 2;
  if (tokens[next].kind != TokenKind::string) return false;
  return parts_of_string(tokens[next].text).body.find_first_of("wax+") != std::string_view::npos;
}

StringRole role_of(const std::vector<Token>& tokens, std::size_t at, std::string_view call) {
  if (call == "open" && opened_to_write(tokens, at)) return StringRole::write;
  if (is_one_of(kReads, call) || call.starts_with("read_")) return StringRole::read;
  if (writes_files(call)) return StringRole::write;
  return is_one_of(kMentions, call) ? StringRole::mention : StringRole::plain;
}

bool is_docstring(const std::vector<Token>& tokens, std::size_t at) {
  const bool ends = at + 1 >= tokens.size() || tokens[at + 1].kind == TokenKind::line_end;
  return ends && begins_statement(tokens, at);
}

}  // namespace

bool writes_files(std::string_view call) {
  return is_one_of(kWrites, call) || call.starts_with("to_") || call.starts_with("save") ||
         call.starts_with("write");
}

bool begins_statement(const std::vector<Token>& tokens, std::size_t at) {
  if (at == 0) return true;
  const Token& before = tokens[at - 1];
  return before.kind == TokenKind::line_end || before.is(";") || before.is(":");
}

std::vector<StringUse> string_uses(const std::vector<Token>& tokens) {
  std::vector<StringUse> uses;
  std::vector<std::string_view> calls;  // around the token, one for each open bracket
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const std::string_view around = calls.empty() ? std::string_view{} : calls.back();
    if (token.kind == TokenKind::string) {
      const bool docstring = calls.empty() && is_docstring(tokens, i);
      const StringRole role = docstring ? StringRole::docstring : role_of(tokens, i, around);
      uses.push_back({parts_of_string(token.text).body, token.line, around, role});
    } else if (token.is("(") || token.is("[") || token.is("{")) {
      const bool named = token.is("(") && i > 0 && tokens[i - 1].kind == TokenKind::name &&
                         !is_one_of(kTransparent, tokens[i - 1].text);
      calls.push_back(named ? tokens[i - 1].text : around);
    } else if ((token.is(")") || token.is("]") || token.is("}")) && !calls.empty()) {
      calls.pop_back();
    } else if (token.kind == TokenKind::line_end) {
      calls.clear();
    }
  }
  return uses;
}

}  // namespace podium::codegen
