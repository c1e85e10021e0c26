#include "services/scraper/adapters/kaggle_submission_desk.hpp"

#include <algorithm>
#include <charconv>
#include <format>
#include <nlohmann/json.hpp>

#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/kaggle/kaggle_lookup.hpp"
#include "services/scraper/kaggle/kaggle_submission_answers.hpp"
#include "services/scraper/kaggle/kaggle_upload.hpp"

namespace podium::scraper {
namespace {

namespace reasons = competition::reasons;
using nlohmann::json;

/// Counts the scores of a leaderboard that are better than ours, page by page.
class RankCount {
 public:
  RankCount(double score, bool higher_is_better)
      : score_{score}, higher_is_better_{higher_is_better} {}

  /// False when the rest of the board is not better.
  bool add(const std::vector<double>& scores) {
    if (scores.empty()) return true;
    // The best stands first, whatever the metric is thought to be.
    if (scores.front() != scores.back()) higher_is_better_ = scores.front() > scores.back();
    const auto better = std::ranges::count_if(scores, [this](double other) {
      return higher_is_better_ ? other > score_ : other < score_;
    });
    better_ += static_cast<std::uint32_t>(better);
    return static_cast<std::size_t>(better) == scores.size();
  }
  std::uint32_t rank() const { return better_ + 1; }

 private:
  double score_;
  bool higher_is_better_;
  std::uint32_t better_ = 0;
};

}  // namespace

KaggleSubmissionDesk::KaggleSubmissionDesk(const KaggleOptions& options, KaggleSleep sleep)
    : storage_hosts_{options.storage_hosts}, kaggle_{options.endpoint, std::move(sleep)} {}

Result<SubmissionPlace> KaggleSubmissionDesk::open(const v1::CompetitionRequest& competition,
                                                   const std::stop_token& stop) {
  const auto found = PODIUM_TRY(find_kaggle_competition(
      competition, [&](std::string_view method, const std::string& slug, const json& question) {
        return ask(method, slug, question, stop);
      }));
  SubmissionPlace place{.name = found.slug, .refusal = {}, .teams = found.teams};
  if (const auto obstacles = submission_obstacles(found); !obstacles.empty()) {
    place.refusal = obstacles.front();
  }
  return place;
}

Result<std::optional<SentSubmission>> KaggleSubmissionDesk::find(const SubmissionPlace& place,
                                                                 std::string_view description,
                                                                 const std::stop_token& stop) {
  json question = {{"competitionName", place.name},
                   {"sortBy", "SUBMISSION_SORT_BY_DATE"},
                   {"group", "SUBMISSION_GROUP_ALL"},
                   {"pageSize", kKagglePageSize}};
  for (int number = 0; number < kKaggleSubmissionPagesMax; ++number) {
    const auto reply = PODIUM_TRY(kaggle_.ask_once("ListSubmissions", question, stop));
    if (reply.problem && says_no_team(*reply.problem)) return std::nullopt;
    if (reply.problem) return std::unexpected{submit_reason_of(*reply.problem, place.name)};
    const auto told = parse_answer(reply.body);
    // An answer that cannot be read is no sign that there is none.
    if (told.is_discarded()) return fail(errors::kUnavailable, "Kaggle's list is no JSON");
    auto page = read_submissions(told);
    const auto at =
        std::ranges::find(page.entries, description, &KaggleSubmissionPage::Entry::description);
    if (at != page.entries.end()) return std::move(at->sent);
    if (page.next.empty()) break;
    question["pageToken"] = page.next;
  }
  return std::nullopt;
}

Result<void> KaggleSubmissionDesk::check_allowance(const SubmissionPlace& place,
                                                   const std::stop_token& stop) {
  const auto answer =
      ask("GetSubmissionLimits", place.name, {{"competitionName", place.name}}, stop);
  // Kaggle tells this since July 2026 only, and refuses a submission itself when it must.
  if (!answer && answer.error().is(errors::kStopped)) return std::unexpected{answer.error()};
  if (!answer) return {};
  if (const auto refused = refusal_of_limits(*answer)) return std::unexpected{*refused};
  return {};
}

Result<std::string> KaggleSubmissionDesk::upload(const SubmissionPlace& place,
                                                 const SubmissionFile& file,
                                                 const std::stop_token& stop) {
  return upload_file(kaggle_, {.slug = place.name, .storage_hosts = storage_hosts_}, file, stop);
}

Result<std::string> KaggleSubmissionDesk::submit(const SubmissionPlace& place,
                                                 const std::string& token,
                                                 const std::string& description,
                                                 const std::stop_token& stop) {
  const auto answer = PODIUM_TRY(ask("CreateSubmission", place.name,
                                     {{"competitionName", place.name},
                                      {"blobFileTokens", token},
                                      {"submissionDescription", description}},
                                     stop));
  auto reference = read_submission(answer).reference;
  if (!reference.empty()) return reference;
  return fail(errors::kUnavailable, "Kaggle took the submission and named no reference");
}

Result<SentSubmission> KaggleSubmissionDesk::look(const std::string& competition,
                                                  const std::string& reference,
                                                  const std::stop_token& stop) {
  std::uint64_t number = 0;
  std::from_chars(reference.data(), reference.data() + reference.size(), number);
  const auto told = ask("GetSubmission", competition, {{"ref", number}}, stop);
  // Kaggle named it to us: where it is read, it is not there yet.
  const bool is_late = !told && told.error().is(reasons::kCompetitionNotFound);
  if (!told && !is_late) return std::unexpected{told.error()};
  auto sent = told ? read_submission(*told) : SentSubmission{};
  sent.reference = reference;
  return sent;
}

Result<BoardPlace> KaggleSubmissionDesk::place_of(const SubmissionPlace& place, double public_score,
                                                  bool higher_is_better,
                                                  const std::stop_token& stop) {
  RankCount count{public_score, higher_is_better};
  // Without this the board of an ended competition is the private one, of other scores.
  json question = {
      {"competitionName", place.name}, {"overridePublic", true}, {"pageSize", kKagglePageSize}};
  std::size_t rows = 0;
  for (int number = 0; number < kKaggleBoardPagesMax; ++number) {
    const auto page = read_board(PODIUM_TRY(ask("GetLeaderboard", place.name, question, stop)));
    rows += page.rows;
    const bool goes_on = count.add(page.scores) && page.rows > 0 && !page.next.empty();
    if (!goes_on) {
      if (rows == 0) return BoardPlace{.rank = 0, .teams = static_cast<std::uint32_t>(place.teams)};
      const auto teams = std::max<std::uint64_t>({rows, place.teams, count.rank()});
      return BoardPlace{.rank = count.rank(), .teams = static_cast<std::uint32_t>(teams)};
    }
    question["pageToken"] = page.next;
  }
  return BoardPlace{.rank = 0, .teams = static_cast<std::uint32_t>(place.teams)};
}

Result<json> KaggleSubmissionDesk::ask(std::string_view method, std::string_view slug,
                                       const json& question, const std::stop_token& stop) {
  const auto reply = PODIUM_TRY(kaggle_.ask_once(method, question, stop));
  if (reply.problem) return std::unexpected{submit_reason_of(*reply.problem, slug)};
  auto told = parse_answer(reply.body);
  if (!told.is_discarded()) return told;
  return fail(errors::kUnavailable, std::format("Kaggle's answer to {} is no JSON", method));
}

}  // namespace podium::scraper
