#include "cli/problem_words.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/json_fields.hpp"

namespace podium::cli {
namespace {

/// "/max_cost" and "?max_cost" are --max-cost. What a person does not type as a flag is named.
std::string flag_of(const std::string& pointer) {
  if (pointer.size() < 2) return {};
  std::string name = pointer.substr(pointer.find_last_of("/?") + 1);
  if (name == "kaggle_url" || name == "folder_sha256") return "the competition";
  if (name == "text") return "the text";
  std::ranges::replace(name, '_', '-');
  return "--" + name;
}

struct Advice {
  std::string_view code;
  /// Behind the name of this program.
  std::string_view verb;
  std::string_view what;
};

constexpr std::array kAdvice{
    Advice{"REQUEST_INVALID", "run --help", "says what each flag may be"},
    Advice{"JOB_UNKNOWN", "jobs", "lists all jobs"},
    Advice{"ARTIFACT_UNKNOWN", "artifact ls JOB", "lists the files of a job"},
    Advice{"JOB_NOT_FINISHED", "watch JOB", "looks on until it has ended"},
    Advice{"JOB_WITHOUT_RESULT", "status JOB", "says why and what to do next"},
    Advice{"JOB_ENDED", "retry JOB", "starts it anew"},
};

}  // namespace

std::string what_is_wrong(const nlohmann::json& problem) {
  std::string text;
  for (const auto& error : list_at(problem, "/errors")) {
    const auto flag = flag_of(text_at(error, "/pointer"));
    if (!text.empty()) text += "; ";
    const auto* const after = flag.starts_with("--") ? " " : ": ";
    text += (flag.empty() ? "" : flag + after) + text_at(error, "/detail");
  }
  return text.empty() ? text_at(problem, "/detail") : text;
}

std::string next_of(const nlohmann::json& problem, std::string_view command) {
  const auto code = text_at(problem, "/code");
  const auto* const known = std::ranges::find(kAdvice, code, &Advice::code);
  if (known == kAdvice.end()) return text_at(problem, "/title");
  return std::format("{} {} {}", command, known->verb, known->what);
}

}  // namespace podium::cli
