// The reason codes of the domain: why a job ended, why a competition could not be fetched, why a
// submission or a score was refused. Each stands here once; its sentence is the next step that a
// person is shown. Names never change once released. Values only.
#pragma once

#include <array>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::competition {

namespace reasons {

// Fetching and reading a competition.
inline constexpr ErrorCode kKaggleAuth{
    "KAGGLE_AUTH", Disposition::reject, 403,
    "Kaggle gives its data to accounts only: make a token on "
    "https://www.kaggle.com/settings, set KAGGLE_API_TOKEN (see .env.example) and run ./podium up; "
    "or run a folder of your own (`podium run ./folder`), or a bundled competition with "
    "PODIUM_OFFLINE=1."};
inline constexpr ErrorCode kKaggleNotEntered{
    "KAGGLE_NOT_ENTERED", Disposition::reject, 403,
    "Kaggle lets nobody join a competition by a program: open its page in a browser, press Join "
    "Competition, accept its rules, and start the job again."};
inline constexpr ErrorCode kKaggleRules{
    "KAGGLE_RULES", Disposition::reject, 403,
    "Kaggle lets nobody accept the rules of a competition by a program: open the page that the "
    "message names in a browser, accept them, and start the job again."};
inline constexpr ErrorCode kKaggleRateLimited{
    "KAGGLE_RATE_LIMITED", Disposition::reject, 429,
    "Kaggle allows no more requests for now, and downloads are counted strictly: wait half an hour "
    "and start the job again."};
inline constexpr ErrorCode kCompetitionNotFound{
    "COMPETITION_NOT_FOUND", Disposition::reject, 404,
    "No competition has this name: check its spelling in the address bar of the competition's "
    "page."};
inline constexpr ErrorCode kCompetitionUrlInvalid{
    "COMPETITION_URL_INVALID", Disposition::reject, 400,
    "This is not the address of a Kaggle competition: paste one such as "
    "https://www.kaggle.com/competitions/titanic, or its last part alone."};
inline constexpr ErrorCode kDataTooLarge{
    "DATA_TOO_LARGE", Disposition::reject, 413,
    "The data is larger than the limit that the message names: raise that setting or send less."};
inline constexpr ErrorCode kDiskTooSmall{
    "DISK_TOO_SMALL", Disposition::reject, 507,
    "The disk where data is fetched and unpacked is too small for it (in the stack, where Docker "
    "keeps its volumes): free as much as the message says and start the job again."};
inline constexpr ErrorCode kDataUnreadable{
    "DATA_UNREADABLE", Disposition::reject, 422,
    "A data file cannot be read: mend the file that the message names and start the job again."};
inline constexpr ErrorCode kArchiveUnsafe{
    "ARCHIVE_UNSAFE", Disposition::reject, 422,
    "The archive holds what Podium never unpacks (links, devices, paths that leave the folder, or "
    "far more than it seems): pack plain files and folders only."};
inline constexpr ErrorCode kSubmissionSchemaUnknown{
    "SUBMISSION_SCHEMA_UNKNOWN", Disposition::reject, 422,
    "It is not clear what to submit: add a sample_submission.csv with the id column, the columns "
    "to predict and a row for each id."};
/// Only ever a warning.
inline constexpr ErrorCode kDeadlinePassed{
    "DEADLINE_PASSED", Disposition::reject, 409,
    "The competition's deadline has passed: most competitions still score what is sent late, "
    "without a rank; the page that the message names says what this one does."};
inline constexpr ErrorCode kScrapeFailed{
    "SCRAPE_FAILED", Disposition::reject, 502,
    "The competition could not be fetched: try again in a while; the message says what answered."};

// Solving it.
inline constexpr ErrorCode kDraftFailed{
    "DRAFT_FAILED", Disposition::reject, 502,
    "No solution could be written for this competition: the message says what is missing."};
inline constexpr ErrorCode kNoValidSubmission{
    "NO_VALID_SUBMISSION", Disposition::reject, 422,
    "No candidate made a submission that passed the checks: give the job more time or candidates."};
inline constexpr ErrorCode kBudgetSpent{
    "BUDGET_SPENT", Disposition::reject, 200,
    "The budget is spent: give the job more time or more candidates for a better result."};
inline constexpr ErrorCode kExecutorsBusy{
    "EXECUTORS_BUSY", Disposition::reject, 503,
    "Runs of other jobs come first where there are few executors: wait for those jobs or cancel "
    "them, start the job again with a higher priority or more time, or run more at once "
    "(PODIUM_EXECUTOR_SLOTS)."};
inline constexpr ErrorCode kCancelled{"CANCELLED", Disposition::reject, 409,
                                      "The job was cancelled: start it again when you want it."};
inline constexpr ErrorCode kStageGaveUp{
    "STAGE_GAVE_UP", Disposition::reject, 500,
    "A step of the job failed again and again: look at the logs of the service that the message "
    "names, then start the job again."};
inline constexpr ErrorCode kSandboxUnavailable{
    "SANDBOX_UNAVAILABLE", Disposition::retry, 503,
    "No sandbox can be started: check that the Docker engine runs and that the sandbox image is "
    "built (podium doctor)."};

// The check of a submission.
inline constexpr ErrorCode kSubmissionMissing{
    "SUBMISSION_MISSING", Disposition::reject, 422,
    "The run left no submission.csv: the program must write it into its working folder."};
inline constexpr ErrorCode kSubmissionColumns{
    "SUBMISSION_COLUMNS", Disposition::reject, 422,
    "The columns are not those of the sample submission: write exactly those, with their names."};
inline constexpr ErrorCode kSubmissionIds{
    "SUBMISSION_IDS", Disposition::reject, 422,
    "The ids are not those of the sample submission: write each of its ids exactly once."};
inline constexpr ErrorCode kSubmissionRows{
    "SUBMISSION_ROWS", Disposition::reject, 422,
    "The number of rows is not that of the sample submission: write one row for each of its ids."};
inline constexpr ErrorCode kSubmissionMissingValues{
    "SUBMISSION_MISSING_VALUES", Disposition::reject, 422,
    "A prediction is missing: fill every cell of the predicted columns."};
inline constexpr ErrorCode kSubmissionTypes{
    "SUBMISSION_TYPES", Disposition::reject, 422,
    "A prediction is of the wrong kind: write what the sample submission's columns hold."};
inline constexpr ErrorCode kSubmissionRange{
    "SUBMISSION_RANGE", Disposition::reject, 422,
    "A prediction lies outside what the metric allows: clip it to the range in the message."};
inline constexpr ErrorCode kSubmissionConstant{
    "SUBMISSION_CONSTANT", Disposition::reject, 422,
    "Every row has the same prediction although the truth varies: predict from the row's values."};
inline constexpr ErrorCode kSubmissionCopiesSample{
    "SUBMISSION_COPIES_SAMPLE", Disposition::reject, 422,
    "The predictions are those of the sample submission, which is only a placeholder: predict from "
    "the row's values."};
inline constexpr ErrorCode kSubmissionEncoding{
    "SUBMISSION_ENCODING", Disposition::reject, 422,
    "The file is not a table in UTF-8 text: write it as plain comma-separated values."};
inline constexpr ErrorCode kSubmissionTooLarge{
    "SUBMISSION_TOO_LARGE", Disposition::reject, 422,
    "The submission is larger than the limit that the message names: write fewer digits."};

// The score that a run reports.
inline constexpr ErrorCode kScoreMissing{
    "SCORE_MISSING", Disposition::reject, 422,
    "The run printed no score: its last line must be JSON with metric, value, folds and spread."};
inline constexpr ErrorCode kScoreImpossible{
    "SCORE_IMPOSSIBLE", Disposition::reject, 422,
    "The reported score cannot be a value of this metric: compute it from held-out predictions."};

// Sending the submission to Kaggle.
inline constexpr ErrorCode kNotAtKaggle{
    "NOT_AT_KAGGLE", Disposition::reject, 409,
    "Only the submission of a competition that was fetched from Kaggle can be sent there: start a "
    "job with the competition's address, a Kaggle token set and PODIUM_OFFLINE unset."};
inline constexpr ErrorCode kKaggleCodeOnly{
    "KAGGLE_CODE_ONLY", Disposition::reject, 409,
    "Kaggle takes notebooks only for this competition: put the winning program (podium show JOB "
    "--only code) into a notebook there and submit that."};
inline constexpr ErrorCode kKaggleClosed{
    "KAGGLE_CLOSED", Disposition::reject, 409,
    "Kaggle takes no submissions for this competition any more: the file stays at podium result "
    "JOB."};
inline constexpr ErrorCode kKaggleDailyLimit{
    "KAGGLE_DAILY_LIMIT", Disposition::reject, 429,
    "The team has used its submissions of today: once the day has ended in UTC, podium submit JOB "
    "sends the file."};
inline constexpr ErrorCode kKaggleSubmissionsSpent{
    "KAGGLE_SUBMISSIONS_SPENT", Disposition::reject, 409,
    "The team has used all its submissions of this competition: Kaggle takes no more of it."};
inline constexpr ErrorCode kKaggleFileTooLarge{
    "KAGGLE_FILE_TOO_LARGE", Disposition::reject, 413,
    "Kaggle does not take a file of this size: write fewer digits, or submit it packed by hand."};
inline constexpr ErrorCode kKaggleScoringFailed{
    "KAGGLE_SCORING_FAILED", Disposition::reject, 422,
    "Kaggle could not score the file: the message says what it found; the competition's data page "
    "says what a submission must hold."};
inline constexpr ErrorCode kKaggleNoScore{
    "KAGGLE_NO_SCORE", Disposition::reject, 504,
    "Kaggle has the file and has not scored it for long: look at the competition's submissions, or "
    "look again with podium submit JOB, which sends nothing twice."};
inline constexpr ErrorCode kSubmitFailed{
    "SUBMIT_FAILED", Disposition::reject, 502,
    "The submission could not be sent: the message says what answered; podium submit JOB tries "
    "again and sends nothing twice."};

}  // namespace reasons

/// Every code above.
inline constexpr std::array kReasons{
    &reasons::kKaggleAuth,
    &reasons::kKaggleNotEntered,
    &reasons::kKaggleRules,
    &reasons::kKaggleRateLimited,
    &reasons::kCompetitionNotFound,
    &reasons::kCompetitionUrlInvalid,
    &reasons::kDataTooLarge,
    &reasons::kDiskTooSmall,
    &reasons::kDataUnreadable,
    &reasons::kArchiveUnsafe,
    &reasons::kSubmissionSchemaUnknown,
    &reasons::kDeadlinePassed,
    &reasons::kScrapeFailed,
    &reasons::kDraftFailed,
    &reasons::kNoValidSubmission,
    &reasons::kBudgetSpent,
    &reasons::kExecutorsBusy,
    &reasons::kCancelled,
    &reasons::kStageGaveUp,
    &reasons::kSandboxUnavailable,
    &reasons::kSubmissionMissing,
    &reasons::kSubmissionColumns,
    &reasons::kSubmissionIds,
    &reasons::kSubmissionRows,
    &reasons::kSubmissionMissingValues,
    &reasons::kSubmissionTypes,
    &reasons::kSubmissionRange,
    &reasons::kSubmissionConstant,
    &reasons::kSubmissionCopiesSample,
    &reasons::kSubmissionEncoding,
    &reasons::kSubmissionTooLarge,
    &reasons::kScoreMissing,
    &reasons::kScoreImpossible,
    &reasons::kNotAtKaggle,
    &reasons::kKaggleCodeOnly,
    &reasons::kKaggleClosed,
    &reasons::kKaggleDailyLimit,
    &reasons::kKaggleSubmissionsSpent,
    &reasons::kKaggleFileTooLarge,
    &reasons::kKaggleScoringFailed,
    &reasons::kKaggleNoScore,
    &reasons::kSubmitFailed,
};

/// The registered reason of this name; nullptr when there is none.
constexpr const ErrorCode* find_reason(std::string_view name) {
  for (const ErrorCode* reason : kReasons) {
    if (reason->name == name) return reason;
  }
  return nullptr;
}

}  // namespace podium::competition
