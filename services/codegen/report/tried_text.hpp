// What a job tried, as Markdown: a table in the order of the solution tree, and the steps that made
// the best score better. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/codegen/report/job_story.hpp"

namespace podium::codegen {

/// A candidate and how deep it stands in the tree; roots at 0.
struct TreePlace {
  const CandidateStory* candidate = nullptr;
  std::size_t depth = 0;
};

/// Each candidate after its parent and before its parent's next child. A parent that is not in the
/// story is passed over.
std::vector<TreePlace> in_tree_order(const JobStory& story);

std::string tried_text(const JobStory& story);
std::string worked_text(const JobStory& story);

}  // namespace podium::codegen
