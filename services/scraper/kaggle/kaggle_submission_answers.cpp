#include "services/scraper/kaggle/kaggle_submission_answers.hpp"

#include <charconv>
#include <cmath>
#include <format>

#include "libs/competition/cell.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;
namespace reasons = competition::reasons;

/// A score is a text, and in some answers a number.
std::optional<double> score_in(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return std::nullopt;
  if (at->is_number()) return at->get<double>();
  const auto score = competition::parse_number(competition::trim(text_in(object, key)));
  return score && std::isfinite(*score) ? score : std::nullopt;
}

/// COMPLETE, complete and SubmissionStatus.COMPLETE are the same.
Standing standing_in(const json& object) {
  const auto status = competition::lower(text_in(object, "status"));
  if (status.ends_with("complete")) return Standing::scored;
  if (status.ends_with("error")) return Standing::refused;
  return Standing::pending;
}

/// References are numbers, or texts that are.
std::string reference_in(const json& object) {
  const auto number = number_in(object, "ref");
  return number == 0 ? "" : std::to_string(number);
}

bool mentions_any(std::string_view message, std::initializer_list<std::string_view> words) {
  const auto text = competition::lower(message);
  return std::ranges::any_of(words, [&](auto word) { return text.contains(word); });
}

}  // namespace

SentSubmission read_submission(const json& answer) {
  if (!answer.is_object()) return {};
  return {.reference = reference_in(answer),
          .standing = standing_in(answer),
          .public_score = score_in(answer, "publicScore"),
          .problem =
              competition::clean_text(text_in(answer, "errorDescription"), kKaggleMessageBytesMax)};
}

KaggleSubmissionPage read_submissions(const json& answer) {
  KaggleSubmissionPage page;
  for (const auto& one : list_in(answer, "submissions")) {
    if (!one.is_object()) continue;
    page.entries.push_back(
        {.sent = read_submission(one), .description = text_in(one, "description")});
  }
  if (answer.is_object()) page.next = text_in(answer, "nextPageToken");
  return page;
}

KaggleUpload read_upload(const json& answer) {
  if (!answer.is_object()) return {};
  return {.token = text_in(answer, "token"), .url = text_in(answer, "createUrl")};
}

std::optional<Error> refusal_of_limits(const json& answer) {
  if (!answer.is_object() || number_in(answer, "numAllowedNow") > 0) return std::nullopt;
  if (flag_in(answer, "limitedByTotal")) {
    return Error{&reasons::kKaggleSubmissionsSpent,
                 std::format("{} submissions were made in all", number_in(answer, "numTotal"))};
  }
  const auto today = number_in(answer, "numToday");
  if (today == 0) return std::nullopt;
  return Error{&reasons::kKaggleDailyLimit, std::format("{} submissions were made today", today)};
}

KaggleBoardPage read_board(const json& answer) {
  KaggleBoardPage page;
  for (const auto& row : list_in(answer, "submissions")) {
    ++page.rows;
    if (!row.is_object()) continue;
    if (const auto score = score_in(row, "score")) page.scores.push_back(*score);
  }
  if (answer.is_object()) page.next = text_in(answer, "nextPageToken");
  return page;
}

std::uint64_t next_byte_of(std::string_view range) {
  constexpr std::string_view kFromStart = "bytes=0-";
  if (!range.starts_with(kFromStart)) return 0;
  range.remove_prefix(kFromStart.size());
  std::uint64_t last = 0;
  const auto [end, failed] = std::from_chars(range.data(), range.data() + range.size(), last);
  return failed == std::errc{} && end == range.data() + range.size() ? last + 1 : 0;
}

Error submit_reason_of(const KaggleProblem& problem, std::string_view slug) {
  const auto page = std::format("https://www.kaggle.com/competitions/{}", slug);
  const auto told = quoted(problem);
  const auto& words = problem.message;
  if (problem.status == 429) return {&errors::kFull, told};
  if (problem.status == 408 || problem.status >= 500) return {&errors::kUnavailable, told};
  if (problem.status == 413 ||
      mentions_any(words, {"too large", "file size", "exceeds the maximum"})) {
    return {&reasons::kKaggleFileTooLarge, std::format("{}. Open {}/data", told, page)};
  }
  if (problem.status != 400) return reason_of(problem, slug);
  if (mentions_any(words, {"daily submission", "submission allowance"})) {
    return {&reasons::kKaggleDailyLimit, told};
  }
  if (mentions_any(words, {"used all"})) return {&reasons::kKaggleSubmissionsSpent, told};
  if (mentions_any(words, {"notebook", "kernel", "code competition"})) {
    return {&reasons::kKaggleCodeOnly, std::format("{}. Open {}/code", told, page)};
  }
  if (mentions_any(words, {"closed", "deadline", "has ended", "no longer accept"})) {
    return {&reasons::kKaggleClosed, std::format("{}. Open {}", told, page)};
  }
  if (says_no_team(problem)) {
    return {&reasons::kKaggleNotEntered, std::format("{}. Open {}", told, page)};
  }
  return {&reasons::kSubmitFailed, std::format("{}. Open {}/submissions", told, page)};
}

bool says_no_team(const KaggleProblem& problem) {
  return problem.status == 400 && mentions_any(problem.message, {"do not have a team"});
}

}  // namespace podium::scraper
