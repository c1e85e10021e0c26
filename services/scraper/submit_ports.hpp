// What sending a submission to Kaggle needs from outside. Adapters stand in adapters/. Every port
// is called from several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"

namespace podium::scraper {

/// A file to be uploaded, read in pieces and perhaps again from the middle.
struct SubmissionFile {
  std::string name;
  std::uint64_t bytes = 0;
  /// `length` bytes from `offset` on, fewer only at the end.
  std::function<Result<std::string>(std::uint64_t offset, std::uint64_t length)> read;
};

/// A competition as it takes submissions.
struct SubmissionPlace {
  /// As Kaggle spells it.
  std::string name;
  /// Why it takes none of ours, when that is known beforehand.
  std::optional<Error> refusal;
  /// On the leaderboard; 0 when not told.
  std::uint64_t teams = 0;
};

enum class Standing { pending, scored, refused };

/// A submission that Kaggle has.
struct SentSubmission {
  std::string reference;
  Standing standing = Standing::pending;
  /// nullopt also when it is scored and the score is not shown.
  std::optional<double> public_score;
  /// What Kaggle says of one that it refused to score.
  std::string problem;
};

struct BoardPlace {
  /// 0 when not known.
  std::uint32_t rank = 0;
  std::uint32_t teams = 0;
};

/// Where submissions are handed in. No call repeats itself but upload(). Of the errors those of
/// disposition reject are for a person (KAGGLE_RULES, KAGGLE_DAILY_LIMIT ...), and UNAVAILABLE or
/// TIMEOUT say that it may be asked again later.
class SubmissionDesk {
 public:
  virtual ~SubmissionDesk() = default;
  virtual Result<SubmissionPlace> open(const v1::CompetitionRequest& competition,
                                       const std::stop_token& stop) = 0;
  /// Our own submission of this description; nullopt when there is none.
  virtual Result<std::optional<SentSubmission>> find(const SubmissionPlace& place,
                                                     std::string_view description,
                                                     const std::stop_token& stop) = 0;
  /// Success while another submission is allowed, or when that is not known.
  virtual Result<void> check_allowance(const SubmissionPlace& place,
                                       const std::stop_token& stop) = 0;
  /// The token of the uploaded bytes, which are no submission yet. Goes on where a cut stopped it.
  virtual Result<std::string> upload(const SubmissionPlace& place, const SubmissionFile& file,
                                     const std::stop_token& stop) = 0;
  /// Makes the upload a submission and gives its reference. Not safe to repeat: after UNAVAILABLE,
  /// TIMEOUT and STOPPED it may have happened, or happen yet, which find() tells. After FULL, and
  /// what is for a person, it has not.
  virtual Result<std::string> submit(const SubmissionPlace& place, const std::string& token,
                                     const std::string& description,
                                     const std::stop_token& stop) = 0;
  /// How a submission stands; one that Kaggle does not know, or not yet, is pending. `competition`
  /// is the slug, for what is told to a person.
  virtual Result<SentSubmission> look(const std::string& competition, const std::string& reference,
                                      const std::stop_token& stop) = 0;
  /// Where a public score stands on the public leaderboard, also when the competition is over.
  /// `higher_is_better` counts where the board itself does not show it.
  virtual Result<BoardPlace> place_of(const SubmissionPlace& place, double public_score,
                                      bool higher_is_better, const std::stop_token& stop) = 0;
};

/// What the bus still tells of a job.
class JobEvents {
 public:
  virtual ~JobEvents() = default;
  /// The newest event of this name that belongs to the job itself; nullopt when there is none.
  virtual Result<std::optional<v1::Event>> last(const std::string& job_id,
                                                std::string_view name) = 0;
};

/// The turn of one process to hand in the submission of a job.
struct SubmitTurn {
  std::string job_id;
  /// Of the claim as it was written last.
  std::uint64_t revision = 0;
};

/// Whose turn it is, kept outside of the process: a claim outlives a crash.
class SubmitClaims {
 public:
  virtual ~SubmitClaims() = default;
  /// Whether take() would give a turn now: not while somebody's claim has been seen for less than
  /// kSubmitLease, or kSubmitSettles once that one's last call has begun. Safe to repeat.
  virtual Result<bool> is_free(const std::string& job_id) = 0;
  /// nullopt when it is not free.
  virtual Result<std::optional<SubmitTurn>> take(const std::string& job_id) = 0;
  /// Notes that the last call begins now. After an error it must not be made: CONFLICT says that
  /// another process has the turn.
  virtual Result<void> begin_call(SubmitTurn& turn) = 0;
  /// Lets the next one begin at once; for a turn in which nothing was handed in. Does nothing when
  /// the turn is another's. Safe to repeat.
  virtual Result<void> release(const SubmitTurn& turn) = 0;
};

}  // namespace podium::scraper
