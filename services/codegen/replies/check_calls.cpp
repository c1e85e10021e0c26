#include "services/codegen/replies/check_calls.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::array<std::string_view, 24> kNetworkModules{
    "requests",  "urllib",    "urllib2",    "urllib3",      "http",      "httpx",
    "httplib",   "aiohttp",   "socket",     "socketserver", "ftplib",    "smtplib",
    "telnetlib", "websocket", "websockets", "paramiko",     "boto3",     "kaggle",
    "kagglehub", "wget",      "gdown",      "openai",       "anthropic", "xmlrpc"};
constexpr std::array<std::string_view, 6> kProcessModules{"subprocess", "pip",      "pty",
                                                          "pexpect",    "commands", "ensurepip"};
constexpr std::array<std::string_view, 5> kProcessCalls{"system", "popen", "fork", "forkpty",
                                                        "startfile"};
constexpr std::array<std::string_view, 6> kDownloads{
    "from_pretrained", "fetch_openml",      "load_dataset",
    "hf_hub_download", "snapshot_download", "load_state_dict_from_url"};
constexpr std::array<std::string_view, 5> kSchemes{"http://", "https://", "ftp://", "s3://",
                                                   "gs://"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// os.system, os.execv, os.spawnl and their kin.
bool starts_programs(std::string_view function) {
  return is_one_of(kProcessCalls, function) || function.starts_with("exec") ||
         function.starts_with("spawn") || function.starts_with("posix_spawn");
}

void refuse_network(std::string_view what, std::size_t line, Findings& findings) {
  findings.push_back({Severity::refuse, "network", line,
                      in_quotes(what) + " needs the network, and there is none where the program "
                                        "runs; use only the files of the competition."});
}

void refuse_process(std::string_view what, std::size_t line, Findings& findings) {
  findings.push_back({Severity::refuse, "process", line,
                      in_quotes(what) + " starts other programs or installs packages, which is not "
                                        "possible where the program runs; leave it out."});
}

// Judges a dotted module: "urllib.parse" only takes addresses apart and is harmless.
void check_module(std::string_view module, std::size_t line, Findings& findings) {
  const std::string_view root = module.substr(0, module.find('.'));
  if (module == "urllib.parse") return;
  if (is_one_of(kNetworkModules, root)) refuse_network(module, line, findings);
  if (is_one_of(kProcessModules, root)) refuse_process(module, line, findings);
}

// The dotted name that begins at `at`, which moves behind it.
std::string dotted_name(const std::vector<Token>& tokens, std::size_t& at) {
  std::string name;
  while (at < tokens.size() && (tokens[at].kind == TokenKind::name || tokens[at].is("."))) {
    if (tokens[at].is("import") || tokens[at].is("as")) break;
    name += tokens[at].text;
    ++at;
  }
  return name;
}

// "import a.b as c, d" behind its first word.
void check_import(const std::vector<Token>& tokens, std::size_t at, Findings& findings) {
  for (;;) {
    const std::size_t line = at < tokens.size() ? tokens[at].line : 0;
    check_module(dotted_name(tokens, at), line, findings);
    if (at + 1 < tokens.size() && tokens[at].is("as")) at += 2;
    if (at >= tokens.size() || !tokens[at].is(",")) return;
    ++at;
  }
}

// "from a.b import c, d" behind its first word.
void check_from_import(const std::vector<Token>& tokens, std::size_t at, Findings& findings) {
  const std::string module = dotted_name(tokens, at);
  const std::size_t line = at < tokens.size() ? tokens[at].line : 0;
  const bool names_follow = at + 1 < tokens.size() && tokens[at].is("import");
  if (module == "urllib" && names_follow && tokens[at + 1].is("parse")) return;
  check_module(module, line, findings);
  if (module != "os" || !names_follow) return;
  for (++at; at < tokens.size() && tokens[at].kind != TokenKind::line_end; ++at) {
    if (starts_programs(tokens[at].text)) {
      refuse_process("os." + std::string{tokens[at].text}, tokens[at].line, findings);
    }
  }
}

bool is_call(const std::vector<Token>& tokens, std::size_t at) {
  return at + 1 < tokens.size() && tokens[at + 1].is("(") && (at == 0 || !tokens[at - 1].is("def"));
}

// The token is an attribute: x.name.
bool is_attribute(const std::vector<Token>& tokens, std::size_t at) {
  return at > 0 && tokens[at - 1].is(".");
}

bool is_attribute_of_os(const std::vector<Token>& tokens, std::size_t at) {
  return at > 1 && is_attribute(tokens, at) && tokens[at - 2].is("os");
}

std::optional<double> number_of(std::string_view text) {
  std::string digits{text};
  std::erase(digits, '_');
  double value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return {};
  return value;
}

// The product of numbers that stands between the brackets behind `at`: sleep(60 * 60).
std::optional<double> constant_argument(const std::vector<Token>& tokens, std::size_t at) {
  double product = 1;
  for (at += 2; at + 1 < tokens.size(); at += 2) {
    if (tokens[at].kind != TokenKind::number) return {};
    const auto factor = number_of(tokens[at].text);
    if (!factor) return {};
    product *= *factor;
    if (tokens[at + 1].is(")")) return product;
    if (!tokens[at + 1].is("*")) return {};
  }
  return {};
}

void check_sleep(const std::vector<Token>& tokens, std::size_t at, Findings& findings) {
  const auto seconds = constant_argument(tokens, at);
  if (seconds && *seconds <= kSleepSecondsMax) return;
  findings.push_back({seconds ? Severity::refuse : Severity::warn, "sleep", tokens[at].line,
                      "The program sleeps although its time is limited; leave sleep out."});
}

void check_name(const std::vector<Token>& tokens, std::size_t at, Findings& findings) {
  const Token& token = tokens[at];
  if (token.text == "stdin" && is_attribute(tokens, at)) {
    findings.push_back({Severity::refuse, "input", token.line,
                        "Nobody types while the program runs; do not read from stdin."});
  }
  if (token.text == "pip" && begins_statement(tokens, at) && at + 1 < tokens.size() &&
      tokens[at + 1].is("install")) {
    refuse_process("pip install", token.line, findings);
  }
  if (!is_call(tokens, at)) return;
  const bool free_function = !is_attribute(tokens, at);
  if (is_attribute_of_os(tokens, at) && starts_programs(token.text)) {
    refuse_process("os." + std::string{token.text}, token.line, findings);
  } else if (token.text == "sleep") {
    check_sleep(tokens, at, findings);
  } else if ((token.text == "input" || token.text == "breakpoint") && free_function) {
    findings.push_back({Severity::refuse, "input", token.line,
                        in_quotes(token.text) + " waits for somebody to type, and nobody does; "
                                                "leave it out."});
  } else if (token.text == "set_trace") {
    findings.push_back({Severity::refuse, "input", token.line,
                        "A debugger waits for somebody to type, and nobody does; leave it out."});
  } else if (token.text == "get_ipython") {
    findings.push_back({Severity::refuse, "notebook", token.line,
                        "The program is not run in a notebook; leave get_ipython() out."});
  } else if (is_one_of(kDownloads, token.text)) {
    findings.push_back({Severity::warn, "network", token.line,
                        in_quotes(token.text) + " may want to download something, and there is no "
                                                "network where the program runs."});
  }
}

}  // namespace

void check_imports(const std::vector<Token>& tokens, const std::vector<StringUse>& uses,
                   Findings& findings) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::name || !begins_statement(tokens, i)) continue;
    if (tokens[i].is("import")) check_import(tokens, i + 1, findings);
    if (tokens[i].is("from")) check_from_import(tokens, i + 1, findings);
  }
  for (const StringUse& use : uses) {
    if (use.call == "__import__" || use.call == "import_module") {
      check_module(use.body, use.line, findings);
    }
  }
}

void check_calls(const std::vector<Token>& tokens, const std::vector<StringUse>& uses,
                 Findings& findings) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::name) check_name(tokens, i, findings);
  }
  for (const StringUse& use : uses) {
    const bool address = std::ranges::any_of(
        kSchemes, [&](std::string_view scheme) { return use.body.starts_with(scheme); });
    if (address && use.role == StringRole::read) refuse_network(use.body, use.line, findings);
  }
}

}  // namespace podium::codegen
