// The words in which a report speaks of candidates, outcomes, scores and money. Pure.
#pragma once

#include <string>
#include <string_view>

#include "podium/v1/event.pb.h"
#include "services/codegen/report/job_story.hpp"

namespace podium::codegen {

/// "success", "timed out".
std::string_view status_word(v1::JobStatus status);

/// "ok", "out of memory".
std::string_view outcome_word(v1::RunOutcome outcome);

/// "a model, within the scaffold", "the built-in generator".
std::string_view author_words(const CandidateStory& candidate);

/// "draft", "mends `c1`", "merges `c1` and `c2`"; Markdown.
std::string kind_words(const CandidateStory& candidate);

/// What became of it in a few words: "ok", "crashed", "not written: REPLY_EMPTY"; Markdown.
std::string outcome_words(const CandidateStory& candidate);

/// "accuracy 0.8123 ± 0.011 (higher is better; reported, 5 folds)"; Markdown.
std::string score_words(const v1::Score& score);

/// "0.8123 ± 0.011"; empty when there is none.
std::string score_number(const v1::Score& score);

/// "trusted", "reported", "leaderboard".
std::string_view score_kind_word(v1::ScoreKind kind);

/// "1 h 2 min", "12.3 s".
std::string time_words(double seconds);

/// "$0.0123".
std::string money_words(std::int64_t micro_usd);

}  // namespace podium::codegen
