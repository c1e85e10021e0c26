// How much a run is granted, in a few named tiers, so that runs of one shape fit the same slots.
// What a person asks for goes before; executors cap what is more than they have. Pure.
#pragma once

#include <string>
#include <string_view>

#include "podium/v1/job.pb.h"
#include "podium/v1/search.pb.h"

namespace podium::codegen {

struct ResourceTier {
  std::string_view name;
  v1::Resources resources;
};

/// The smallest tier that holds what a candidate is known to need; medium where nothing is known.
ResourceTier tier_for(const v1::Resources& needs);

/// What a program says of itself in one of its first lines, `# podium: large`; nothing when it
/// names none of the tiers without GPUs.
v1::Resources needs_stated_in(std::string_view code);

/// The needs, with at least the memory that earlier runs on such data took and some more; one or
/// two runs say too little.
v1::Resources needs_after(const v1::EarlierJobs& earlier, const v1::Resources& needs);

/// The memory of the next larger tier, at least double, at most kRunMemoryBytesMax.
std::uint64_t more_memory_than(std::uint64_t memory_bytes);

}  // namespace podium::codegen
