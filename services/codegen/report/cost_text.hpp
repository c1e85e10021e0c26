// What a job took: time, runs, tokens, money; as Markdown. Pure.
#pragma once

#include <string>

#include "services/codegen/report/job_story.hpp"

namespace podium::codegen {

std::string cost_text(const JobStory& story);

}  // namespace podium::codegen
