// Kaggle's answers about submissions as values, read as leniently as those of kaggle_answers.hpp.
// Pure. Thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/scraper/kaggle/kaggle_answers.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

/// A status that is left out is pending; a score that is left out or empty is none.
SentSubmission read_submission(const nlohmann::json& answer);

struct KaggleSubmissionPage {
  struct Entry {
    SentSubmission sent;
    std::string description;
  };
  std::vector<Entry> entries;
  /// Empty on the last page.
  std::string next;
};
KaggleSubmissionPage read_submissions(const nlohmann::json& answer);

struct KaggleUpload {
  /// Names the bytes once they are there.
  std::string token;
  std::string url;
};
KaggleUpload read_upload(const nlohmann::json& answer);

/// The error when the answer says that the team may submit no more today, or at all. Answers leave
/// out what is zero, so one that says nothing at all is no such error.
std::optional<Error> refusal_of_limits(const nlohmann::json& answer);

/// The public scores of one page of a leaderboard, best first; rows without one are left out.
struct KaggleBoardPage {
  std::vector<double> scores;
  std::size_t rows = 0;
  std::string next;
};
KaggleBoardPage read_board(const nlohmann::json& answer);

/// The first byte that is missing, of a `Range` such as "bytes=0-41"; 0 when it is none.
std::uint64_t next_byte_of(std::string_view range);

/// As reason_of(), with what only submitting is refused for: KAGGLE_DAILY_LIMIT, KAGGLE_CODE_ONLY,
/// KAGGLE_CLOSED, KAGGLE_SUBMISSIONS_SPENT, KAGGLE_FILE_TOO_LARGE, SUBMIT_FAILED. Worth a repeat
/// are UNAVAILABLE and, where Kaggle counted too many calls and did nothing, FULL.
Error submit_reason_of(const KaggleProblem& problem, std::string_view slug);

/// Kaggle refuses the list of submissions of who has not made one yet.
bool says_no_team(const KaggleProblem& problem);

}  // namespace podium::scraper
