// The words that people, rows and HTTP answers use for the enumerations of podium.v1: the value's
// name without the enumeration's, in lower case; JOB_STATUS_TIMEOUT is "timeout". An enumeration's
// zero, and a value that this version does not know, has no word. Pure.
#pragma once

#include <optional>
#include <string>

#include "podium/v1/competition.pb.h"
#include "podium/v1/job.pb.h"
#include "podium/v1/run.pb.h"

namespace podium::competition {

std::optional<std::string> word(v1::JobStatus value);
std::optional<std::string> word(v1::ScoreKind value);
std::optional<std::string> word(v1::CandidateKind value);
std::optional<std::string> word(v1::Generator value);
std::optional<std::string> word(v1::RunPurpose value);
std::optional<std::string> word(v1::RunOutcome value);
std::optional<std::string> word(v1::CompetitionDoor value);
std::optional<std::string> word(v1::TaskKind value);

/// "maximize" or "minimize".
std::string direction_word(bool higher_is_better);

/// True for the word of a status that a job does not leave: success, failed, timeout, cancelled.
bool is_terminal(const std::string& status);

}  // namespace podium::competition
