#include "services/gateway/job_files.hpp"

#include <algorithm>
#include <array>

#include "libs/chassis/store/artifact_keys.hpp"
#include "services/gateway/errors.hpp"

namespace podium::gateway {
namespace {

/// Nothing stands in the keys where candidates have their id.
constexpr std::string_view kJobOwner{};
constexpr std::array<std::string_view, 5> kJobFiles{"submission.csv", "report.md", "plan.md",
                                                    "logs.txt", "gpt_code_trace.txt"};

std::unexpected<Error> unknown_file() {
  return fail(errors::kArtifactUnknown, "the job has no file of this name");
}

}  // namespace

const ArtifactFacts* find_artifact(const std::vector<ArtifactFacts>& artifacts,
                                   std::string_view owner, std::string_view name) {
  const ArtifactFacts* found = nullptr;
  for (const ArtifactFacts& artifact : artifacts) {
    if (artifact.name != name) continue;
    const std::string& own = artifact.run_id.empty() ? artifact.candidate_id : artifact.run_id;
    if (own == owner) return &artifact;
    if (!owner.empty() && artifact.candidate_id == owner) found = &artifact;
  }
  return found;
}

Result<std::string> find_job_file(ArtifactStore& store, std::string_view job_id,
                                  std::string_view name) {
  if (!std::ranges::contains(kJobFiles, name)) return unknown_file();
  auto key = PODIUM_TRY(named_key(job_id, kJobOwner, name));
  const auto bytes = store.size(key);
  if (bytes) return key;
  if (bytes.error().is(podium::errors::kNotFound)) return unknown_file();
  return std::unexpected{bytes.error()};
}

void add_job_files(ArtifactStore& store, const std::string& job_id,
                   std::vector<ArtifactFacts>& artifacts) {
  for (const std::string_view name : kJobFiles) {
    if (find_artifact(artifacts, "", name) != nullptr) continue;
    const auto key = find_job_file(store, job_id, name);
    if (!key) continue;
    artifacts.push_back({.candidate_id = {},
                         .run_id = {},
                         .name = std::string{name},
                         .key = *key,
                         .sha256 = {},
                         .bytes = static_cast<std::int64_t>(store.size(*key).value_or(0)),
                         .created_at = {}});
  }
}

}  // namespace podium::gateway
