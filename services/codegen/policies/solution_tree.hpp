// A job's candidates as the policies see them: a tree of drafts and what grew from them, with
// scores turned so that greater is better. Made anew for each choice; points into the state that
// it was made from. Thread-safe: nothing changes after it was made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "podium/v1/search.pb.h"
#include "services/codegen/policies/policy.hpp"

namespace podium::codegen {

inline constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);

enum class Standing {
  open,      ///< Waits for its draft or its run.
  sound,     ///< Has an accepted submission.
  broken,    ///< Ran and left none.
  given_up,  ///< Could not be drafted or run; nothing grows from it.
};

struct SolutionNode {
  const v1::CandidateState* candidate = nullptr;
  Standing standing = Standing::open;
  std::size_t parent = kNoNode;
  /// The other one that a merge or an ensemble unites.
  std::size_t second_parent = kNoNode;
  /// The draft that its branch began with; itself for a draft.
  std::size_t branch = kNoNode;
  /// Candidates of any kind that grew from it, those of two parents under both.
  std::vector<std::size_t> children;
  bool scored = false;
  /// Greater is better, whatever the metric.
  double value = 0;
  /// Standard error of the value; 0 when the score does not tell its spread.
  double noise = 0;
};

class SolutionTree {
 public:
  explicit SolutionTree(const v1::SearchState& state);

  /// In the order in which they were planned: parents before children.
  const std::vector<SolutionNode>& nodes() const { return nodes_; }
  const SolutionNode& node(std::size_t at) const { return nodes_.at(at); }

  std::uint32_t count(v1::CandidateKind kind) const;
  /// The sound candidate with the best score, kNoNode when there is none.
  std::size_t best() const;
  /// Children of a kind, open ones too.
  std::uint32_t children_of(std::size_t at, v1::CandidateKind kind) const;
  std::uint32_t open_children_of(std::size_t at) const;
  /// A broken one that nobody mends yet, at the end of a chain of repairs that may go on.
  bool may_be_mended(std::size_t at, std::uint32_t debug_depth_max) const;

  NextCandidate draft() const;
  NextCandidate debug(std::size_t broken) const;
  NextCandidate improve(std::size_t parent) const;
  NextCandidate merge(std::size_t parent, std::size_t second) const;
  NextCandidate ensemble(std::size_t parent, std::size_t second) const;

 private:
  void read_score(SolutionNode& node) const;
  std::vector<SolutionNode> nodes_;
};

/// How much of the job's budget is spent, 0 to 1: of its time or its candidates, whichever is
/// further.
double spent_share(const v1::SearchState& state);

}  // namespace podium::codegen
