#include "services/tracker/fold.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <nlohmann/json.hpp>

#include "libs/competition/words.hpp"
#include "services/tracker/projection.hpp"

namespace podium::tracker {
namespace {

// The count that a candidate of this status is in, if any.
std::int64_t* count_of(JobRow& job, std::string_view status) {
  if (status == "drafting") return &job.drafts_open;
  if (status == "done" || status == "failed") return &job.candidates_done;
  return nullptr;
}

}  // namespace

void note_illegal_move(const Fold& fold, std::string detail) {
  fold.rows.anomalies.push_back(anomaly_of(fold.message, "illegal_move", std::move(detail)));
}

void keep_artifact(const Fold& fold, const std::string& candidate, const std::string& run,
                   const std::string& name, const v1::ArtifactRef& artifact) {
  if (artifact.key().empty()) return;
  ArtifactRow& row = fold.rows.artifacts.change({fold.job.id, candidate, run, name});
  row = ArtifactRow{.job_id = fold.job.id,
                    .candidate_id = candidate,
                    .run_id = run,
                    .name = name,
                    .key = storable(artifact.key()),
                    .sha256 = storable(artifact.sha256()),
                    .bytes = whole(artifact.bytes()),
                    .created_at = fold.message.time,
                    .last = fold.message.at};
}

CandidateRow* known_candidate(const Fold& fold, const std::string& candidate_id) {
  const PartKey key{fold.job.id, storable(candidate_id)};
  if (fold.rows.candidates.find(key) == nullptr) {
    note_illegal_move(fold, std::format("candidate {} was never asked for", key.second));
    return nullptr;
  }
  CandidateRow& candidate = fold.rows.candidates.change(key);
  candidate.last = fold.message.at;
  return &candidate;
}

void move_candidate(const Fold& fold, CandidateRow& candidate, std::string_view status) {
  if (auto* const before = count_of(fold.job, candidate.status)) {
    *before = std::max<std::int64_t>(*before - 1, 0);
  }
  candidate.status = status;
  if (auto* const after = count_of(fold.job, candidate.status)) ++*after;
}

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{storable(text)};
}

std::int64_t whole(std::uint64_t number) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(number, kMost));
}

std::optional<std::int64_t> whole_or_null(std::uint64_t number) {
  return number == 0 ? std::nullopt : std::optional{whole(number)};
}

std::optional<double> finite_or_null(double number) {
  return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

ScoreColumns score_columns(const v1::Score& score) {
  return {.metric = text_or_null(score.metric()),
          .value = finite_or_null(score.value()),
          .direction = competition::direction_word(score.higher_is_better()),
          .spread = score.spread() == 0 ? std::nullopt : finite_or_null(score.spread()),
          .folds = whole_or_null(score.folds()),
          .kind = competition::word(score.kind())};
}

SubmissionColumns submission_columns(const v1::ArtifactRef& artifact) {
  if (artifact.key().empty()) return {};
  return {.key = storable(artifact.key()),
          .sha256 = storable(artifact.sha256()),
          .bytes = whole(artifact.bytes())};
}

std::string json_texts(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  nlohmann::json array = nlohmann::json::array();
  for (const std::string& text : texts) array.push_back(storable(text));
  return array.dump();
}

}  // namespace podium::tracker
