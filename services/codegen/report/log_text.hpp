// The file logs.txt: the logs of all runs, one after another, each under a line that no log can
// fake. Pure but for what `fetch` does.
#pragma once

#include <string>

#include "services/codegen/report/fetched_text.hpp"
#include "services/codegen/report/job_story.hpp"

namespace podium::codegen {

/// At most about kLogFileBytesMax bytes. Fails as `fetch` does.
Result<std::string> log_text(const JobStory& story, const FetchText& fetch);

}  // namespace podium::codegen
