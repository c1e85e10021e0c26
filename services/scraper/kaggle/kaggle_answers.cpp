#include "services/scraper/kaggle/kaggle_answers.hpp"

#include <format>
#include <nlohmann/json.hpp>

#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;
namespace reasons = competition::reasons;

constexpr std::size_t kWordsBytesMax = 2'000;

/// `ref` and `url` are whole addresses; the name is the last part.
std::string slug_in(const json& object) {
  for (const auto* key : {"ref", "url"}) {
    if (const auto address = competition::parse_competition_url(text_in(object, key))) {
      return address->slug_as_written;
    }
  }
  return {};
}

/// An error of something between us and Kaggle; its words are not read.
bool is_page(std::string_view body) {
  const auto begin = competition::lower(competition::trim(body.substr(0, kKaggleMessageBytesMax)));
  return begin.starts_with('<');
}

std::string message_in(std::string_view body) {
  const auto answer = parse_answer(body);
  std::string message;
  if (answer.is_object()) {
    const auto error = answer.find("error");
    if (error != answer.end() && error->is_object()) message = text_in(*error, "message");
    if (message.empty()) message = text_in(answer, "message");
    if (message.empty()) message = text_in(answer, "error");
  } else if (!is_page(body)) {
    message = body;
  }
  return competition::clean_text(message, kKaggleMessageBytesMax);
}

/// The status that a body claims, 0 when it claims none.
int status_in(std::string_view body) {
  if (!body.starts_with('{')) return 0;
  const auto answer = parse_answer(body);
  if (!answer.is_object()) return 0;
  const auto error = answer.find("error");
  const auto& holder = error != answer.end() && error->is_object() ? *error : answer;
  const auto code = number_in(holder, "code");
  return code >= 400 && code < 600 ? static_cast<int>(code) : 0;
}

bool mentions(std::string_view message, std::string_view words) {
  return competition::lower(message).contains(words);
}

}  // namespace

std::string quoted(const KaggleProblem& problem) {
  // Who refuses a credential may repeat it.
  if (problem.message.empty() || problem.status == 401) {
    return std::format("Kaggle answered {}", problem.status);
  }
  return std::format("Kaggle answered {}: {}", problem.status, problem.message);
}

KaggleCompetition read_competition(const json& answer) {
  KaggleCompetition found;
  if (!answer.is_object()) return found;
  found.slug = slug_in(answer);
  found.title = competition::clean_text(text_in(answer, "title"), kWordsBytesMax);
  found.url = competition::competition_page(found.slug);
  found.description = competition::clean_text(text_in(answer, "description"), kWordsBytesMax);
  found.metric = competition::clean_text(text_in(answer, "evaluationMetric"), kWordsBytesMax);
  found.deadline = competition::parse_rfc3339(text_in(answer, "deadline"));
  found.entered = flag_in(answer, "userHasEntered");
  found.code_only = flag_in(answer, "isKernelsSubmissionsOnly");
  found.submissions_disabled = flag_in(answer, "submissionsDisabled");
  found.teams = number_in(answer, "teamCount");
  return found;
}

std::vector<KaggleCompetition> read_competitions(const json& answer) {
  std::vector<KaggleCompetition> found;
  for (const auto& one : list_in(answer, "competitions")) found.push_back(read_competition(one));
  return found;
}

std::vector<Error> submission_obstacles(const KaggleCompetition& competition) {
  const auto& slug = competition.slug;
  const auto page = competition::competition_page(slug);
  std::vector<Error> obstacles;
  if (!competition.entered) {
    obstacles.push_back({&reasons::kKaggleNotEntered,
                         std::format("The account has not joined {}. Open {}/rules", slug, page)});
  }
  if (competition.code_only) {
    obstacles.push_back(
        {&reasons::kKaggleCodeOnly,
         std::format("{} takes notebooks only, no submission.csv. Open {}/code", slug, page)});
  }
  if (competition.submissions_disabled) {
    obstacles.push_back({&reasons::kKaggleClosed,
                         std::format("{} takes no submissions any more. Open {}", slug, page)});
  }
  return obstacles;
}

std::vector<v1::ForeignPage> read_pages(const json& answer) {
  std::vector<v1::ForeignPage> pages;
  for (const auto& one : list_in(answer, "pages")) {
    if (pages.size() == kKagglePagesMax) break;
    if (!one.is_object()) continue;
    auto& page = pages.emplace_back();
    page.set_name(text_in(one, "name"));
    page.set_content(text_in(one, "content"));
    page.set_media_type(text_in(one, "mimeType"));
  }
  return pages;
}

KaggleFilePage read_files(const json& answer) {
  KaggleFilePage page;
  for (const auto& one : list_in(answer, "files")) {
    if (!one.is_object()) continue;
    page.files.push_back({.name = text_in(one, "name"),
                          .bytes = number_in(one, "totalBytes"),
                          .date = text_in(one, "creationDate")});
  }
  if (answer.is_object()) page.next = text_in(answer, "nextPageToken");
  return page;
}

std::uint64_t read_total_bytes(const json& answer) {
  std::uint64_t bytes = 0;
  const auto info = answer.is_object() ? answer.find("fileSummaryInfo") : answer.end();
  if (!answer.is_object() || info == answer.end()) return 0;
  for (const auto& type : list_in(*info, "fileTypes")) {
    if (type.is_object()) bytes += number_in(type, "totalSize");
  }
  return bytes;
}

std::optional<KaggleProblem> problem_in(int status, std::string_view body) {
  const int claimed = status_in(body);
  if (claimed == 0 && status >= 200 && status < 400) return std::nullopt;
  return KaggleProblem{.status = claimed == 0 ? status : claimed, .message = message_in(body)};
}

Error reason_of(const KaggleProblem& problem, std::string_view slug) {
  const auto page = competition::competition_page(slug);
  const auto told = quoted(problem);
  if (problem.status == 401) {
    return {&reasons::kKaggleAuth, told + ". The credentials are wrong or no longer valid."};
  }
  if (problem.status == 403 && mentions(problem.message, "rules")) {
    return {&reasons::kKaggleRules, std::format("{}. Open {}/rules", told, page)};
  }
  if (problem.status == 403) {
    return {&reasons::kKaggleNotEntered, std::format("{}. Open {}", told, page)};
  }
  if (problem.status == 404) {
    return {&reasons::kCompetitionNotFound, std::format("{} for {}", told, page)};
  }
  if (problem.status == 429) return {&reasons::kKaggleRateLimited, told};
  return {&reasons::kScrapeFailed, told};
}

}  // namespace podium::scraper
