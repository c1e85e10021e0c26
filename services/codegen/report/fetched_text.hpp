// How the pure part of the report gets at stored files.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "libs/chassis/result.hpp"
#include "podium/v1/job.pb.h"

namespace podium::codegen {

/// A stored file's bytes, or why there are none: "was never stored", "is gone". Of a file above the
/// limit the beginning and the end, with a line between.
struct FetchedText {
  std::string bytes;
  std::string note;
};

/// Fails only for what a repeat may mend; a file that is missing is a note.
using FetchText =
    std::function<Result<FetchedText>(const v1::ArtifactRef& artifact, std::uint64_t bytes_max)>;

}  // namespace podium::codegen
