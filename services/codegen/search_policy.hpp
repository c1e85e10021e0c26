// What a search does next: a pure function of its state. Time is in the state (Tick), nothing is
// random. Which candidate is tried next is said by a search policy (policies/policy.hpp). See
// docs/architecture.md, "Who decides", and docs/search.md.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "podium/v1/search.pb.h"
#include "services/codegen/policies/policy.hpp"

namespace podium::codegen {

/// Ask for a draft: of a new candidate, or again of one whose draft failed or was not answered.
struct DraftCandidate {
  std::string candidate_id;
  v1::CandidateKind kind = v1::CANDIDATE_KIND_DRAFT;
  std::string parent_id;
  /// The other branch of a merge.
  std::string second_parent_id = {};
  std::uint32_t variant = 0;
  std::uint32_t attempt = 1;
};

/// Send a run ticket: `attempt` counts runs that infrastructure lost; the same attempt again
/// repeats a ticket that was not answered.
struct RunCandidate {
  std::string candidate_id;
  std::uint32_t attempt = 1;
};

struct EndJob {
  v1::JobStatus status = v1::JOB_STATUS_FAILED;
  std::string reason_code;
  std::string message;
  std::string next_step;
};

using Command = std::variant<DraftCandidate, RunCandidate, EndJob>;
using Commands = std::vector<Command>;

/// By the policy that the job's settings name.
Commands decide(const v1::SearchState& state);
/// By this policy. An answer that does not fit the state is replaced by a draft, so that a search
/// neither spins nor ends while budget is left.
Commands decide(const v1::SearchState& state, const SearchPolicy& policy);

/// Longest time a run that starts now may take.
std::uint32_t run_seconds_max(const v1::SearchState& state);

}  // namespace podium::codegen
