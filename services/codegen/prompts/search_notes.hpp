// What a search has tried, in a line for each candidate, for a prompt. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "podium/v1/job.pb.h"

namespace podium::codegen {

/// "Tried so far, oldest first: …" or that nothing was; at most about `bytes_max` bytes, the oldest
/// lines are left out first.
std::string tried_text(const v1::DraftRequested& request, std::size_t bytes_max);

/// What people advised while the search runs; empty when nobody did.
std::string hints_text(const v1::DraftRequested& request);

/// "accuracy 0.8123 ± 0.004 (by its own validation, higher is better)", or "no score".
std::string score_text(const v1::DraftRequested& request, std::string_view candidate_id);

}  // namespace podium::codegen
