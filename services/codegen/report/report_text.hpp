// The page report.md that a job leaves: what was tried, what worked, how the winner was validated
// and is run by hand, what it cost; for a job that failed, why and what to do. The same story gives
// the same page. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/codegen/report/job_story.hpp"

namespace podium::codegen {

/// `notes`: what the one who stores the page has to say, such as files that are missing; our words.
std::string report_text(const JobStory& story, const std::vector<std::string>& notes);

}  // namespace podium::codegen
