// The port of search policies: what a search tries next, as data and a pure function of the job's
// state, so that others can be tried and compared (`podium bench search`). The state that a policy
// is given already holds the candidates that were planned and are still open: parallel workers
// spread because a policy looks at them. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "podium/v1/search.pb.h"

namespace podium::codegen {

/// What to try: a draft has no parent, a debug candidate a broken one, an improvement a sound one,
/// a merge (its kind is IMPROVE) and an ensemble two sound ones.
struct NextCandidate {
  v1::CandidateKind kind = v1::CANDIDATE_KIND_DRAFT;
  std::string parent_id = {};
  std::string second_parent_id = {};
  /// Number of candidates of this kind before it, so that generators vary what they write.
  std::uint32_t variant = 0;
};

/// `next` always has an answer; it knows no clock and no randomness but what it derives from the
/// state, so that every replica chooses alike.
struct SearchPolicy {
  std::string name;
  std::function<NextCandidate(const v1::SearchState&)> next;
};

inline constexpr std::string_view kDefaultPolicy = "balanced";

/// All policies, the default first.
std::span<const SearchPolicy> search_policies();
/// The policy with this name; the default one for an empty or unknown name.
const SearchPolicy& policy_named(std::string_view name);

}  // namespace podium::codegen
