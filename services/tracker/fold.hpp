// What the parts of the projection share: one message in its job's row, and the small conversions
// from events to columns. Only project*.cpp includes it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "podium/v1/event.pb.h"
#include "services/tracker/recorded.hpp"
#include "services/tracker/rows.hpp"

namespace podium::tracker {

/// One message that is being folded into the rows of its job.
struct Fold {
  const Recorded& message;
  const v1::Event& event;
  RowSet& rows;
  JobRow& job;
};

// Each folds the payload that it is named after; see project().
void fold_progressed(const Fold& fold, const v1::Progressed& progressed);
void fold_scraped(const Fold& fold, const v1::Scraped& scraped);
void fold_scrape_failed(const Fold& fold, const v1::ScrapeFailed& failed);
void fold_stage_failed(const Fold& fold, const v1::StageFailed& failed);
void fold_submit_requested(const Fold& fold);
void fold_submitted(const Fold& fold, const v1::Submitted& submitted);
void fold_leaderboard_scored(const Fold& fold, const v1::LeaderboardScored& scored);
void fold_submit_failed(const Fold& fold, const v1::SubmitFailed& failed);
void fold_ended(const Fold& fold, const v1::Ended& ended);
void fold_draft_requested(const Fold& fold, const v1::DraftRequested& requested);
void fold_drafted(const Fold& fold, const v1::Drafted& drafted);
void fold_draft_failed(const Fold& fold, const v1::DraftFailed& failed);
void fold_started(const Fold& fold, const v1::Started& started);
void fold_executed(const Fold& fold, const v1::Executed& executed);

/// Notes a move that is not allowed.
void note_illegal_move(const Fold& fold, std::string detail);

/// Notes a stored file; a reference without a key is none. `candidate` and `run` may be empty.
void keep_artifact(const Fold& fold, const std::string& candidate, const std::string& run,
                   const std::string& name, const v1::ArtifactRef& artifact);

/// The candidate's row to be changed; nullptr, and an anomaly, when it was never asked for.
CandidateRow* known_candidate(const Fold& fold, const std::string& candidate_id);

/// Moves a candidate to another status and keeps the job's counts of open and done ones.
void move_candidate(const Fold& fold, CandidateRow& candidate, std::string_view status);

/// nullopt for an empty text.
std::optional<std::string> text_or_null(const std::string& text);
/// As a 64-bit column holds it: what is larger is the largest.
std::int64_t whole(std::uint64_t number);
/// nullopt for zero.
std::optional<std::int64_t> whole_or_null(std::uint64_t number);
/// nullopt for what JSON cannot hold.
std::optional<double> finite_or_null(double number);
ScoreColumns score_columns(const v1::Score& score);
SubmissionColumns submission_columns(const v1::ArtifactRef& artifact);

/// A JSON array of texts.
std::string json_texts(const google::protobuf::RepeatedPtrField<std::string>& texts);

}  // namespace podium::tracker
