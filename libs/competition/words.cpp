#include "libs/competition/words.hpp"

#include <google/protobuf/generated_enum_reflection.h>

#include <string_view>

#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

template <typename Enum>
std::optional<std::string> word_of(Enum value, std::string_view prefix) {
  const auto* const known =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(static_cast<int>(value));
  if (known == nullptr || known->number() == 0) return std::nullopt;
  return lower(std::string_view{known->name()}.substr(prefix.size()));
}

}  // namespace

std::optional<std::string> word(v1::JobStatus value) {
  return word_of(value, "JOB_STATUS_");
}

std::optional<std::string> word(v1::ScoreKind value) {
  return word_of(value, "SCORE_KIND_");
}

std::optional<std::string> word(v1::CandidateKind value) {
  return word_of(value, "CANDIDATE_KIND_");
}

std::optional<std::string> word(v1::Generator value) {
  return word_of(value, "GENERATOR_");
}

std::optional<std::string> word(v1::RunPurpose value) {
  return word_of(value, "RUN_PURPOSE_");
}

std::optional<std::string> word(v1::RunOutcome value) {
  return word_of(value, "RUN_OUTCOME_");
}

std::optional<std::string> word(v1::CompetitionDoor value) {
  return word_of(value, "COMPETITION_DOOR_");
}

std::optional<std::string> word(v1::TaskKind value) {
  return word_of(value, "TASK_KIND_");
}

std::string direction_word(bool higher_is_better) {
  return higher_is_better ? "maximize" : "minimize";
}

bool is_terminal(const std::string& status) {
  return status == "success" || status == "failed" || status == "timeout" || status == "cancelled";
}

}  // namespace podium::competition
