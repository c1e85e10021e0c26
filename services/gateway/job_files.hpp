// Which stored file a person means by a plain name: of a job, of a candidate or of a run. Most
// files are known from events, so the projection lists them; what is written beside the events, for
// people alone, stands under fixed keys `<job>/<name>`. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

/// The file of this name: of the job (`owner` empty), of a run, or of a candidate, for which also
/// the newest of its runs' files counts; nullptr when there is none. `artifacts` are oldest first.
const ArtifactFacts* find_artifact(const std::vector<ArtifactFacts>& artifacts,
                                   std::string_view owner, std::string_view name);

/// Key of a file that the search writes for people under its job's id: submission.csv, report.md,
/// plan.md, logs.txt and gpt_code_trace.txt. ARTIFACT_UNKNOWN for another name, and while the store
/// has no such file. UNAVAILABLE when the store cannot be read.
Result<std::string> find_job_file(ArtifactStore& store, std::string_view job_id,
                                  std::string_view name);

/// Adds the job's files of fixed names that the store has and `artifacts` does not list.
void add_job_files(ArtifactStore& store, const std::string& job_id,
                   std::vector<ArtifactFacts>& artifacts);

}  // namespace podium::gateway
