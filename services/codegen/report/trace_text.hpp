// The file gpt_code_trace.txt: for each candidate what a language model was asked and answered, the
// code that came of it and how it fared; for the built-in generator's the plan and the code. What
// others wrote stands between fences that it cannot end. Pure but for what `fetch` does.
#pragma once

#include <string>

#include "services/codegen/report/fetched_text.hpp"
#include "services/codegen/report/job_story.hpp"

namespace podium::codegen {

/// At most about kTraceFileBytesMax bytes. Fails as `fetch` does.
Result<std::string> trace_text(const JobStory& story, const FetchText& fetch);

}  // namespace podium::codegen
