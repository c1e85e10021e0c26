// Names one model call of a search: its prompt, its claim and its reply. Values only.
#pragma once

#include <cstdint>
#include <format>
#include <string>

namespace podium::codegen {

struct CallKey {
  std::string job;
  std::string candidate;
  /// Of the draft, from 1.
  std::uint32_t attempt = 1;
  /// Of the attempt: 1 asks, 2 asks to mend the answer.
  std::uint32_t call = 1;

  /// Key in the bucket `model_calls`.
  std::string bucket_key() const {
    return std::format("{}.{}.{}.{}", job, candidate, attempt, call);
  }
  /// Artifact `<job>/<candidate>/<kind>-<attempt>-<call>.json`.
  std::string artifact_name(std::string_view kind) const {
    return std::format("{}-{}-{}.json", kind, attempt, call);
  }
};

}  // namespace podium::codegen
