// The solutions of a job as a person reads them: as a tree, and as scores over time. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/job_detail.hpp"

namespace podium::cli {

/// A line a candidate, each below the one it grew from; the best one is marked.
std::string describe_tree(const JobDetail& detail, const Console& console);

/// An accepted candidate when it was scored.
struct ScoredCandidate {
  Candidate candidate;
  /// From when the job was accepted.
  double elapsed_seconds = 0;
  /// No candidate before it was as good.
  bool is_best_so_far = false;
};

/// Accepted candidates in the order in which they were scored. A score taken outside the code beats
/// one that the code told of itself.
std::vector<ScoredCandidate> scores_over_time(const JobDetail& detail);

std::string describe_scores(const JobDetail& detail, const Console& console);

}  // namespace podium::cli
