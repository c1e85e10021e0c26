// Reads changes to a program out of a model's reply and applies them. Two forms are read:
//
//   <<<<<<< SEARCH          and unified diffs, whose line numbers are not believed: what stands
//   lines as they are       there is searched for, as models cannot count lines.
//   =======
//   lines as they shall be
//   >>>>>>> REPLACE
//
// Every block is searched for in the parent as it was, must be found there exactly once, and no two
// may overlap, so the order of the blocks does not matter. Nothing is applied unless all are.
// Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

/// One change: these lines, which stand together, become those.
struct PatchBlock {
  std::vector<std::string> search;
  std::vector<std::string> replace;
  std::size_t line = 0;  ///< Where it begins in the reply, from 1.
};

struct PatchReply {
  std::string plan;
  std::string plan_line;
  std::vector<PatchBlock> blocks;
};

/// True when the reply holds a change in one of the two forms, even a broken one.
bool has_patch(std::string_view reply);

/// The changes in the reply. PATCH_MISSING, PATCH_UNFINISHED; PATCH_DOES_NOT_APPLY when there are
/// more than kPatchBlocksMax; REPLY_TOO_LARGE.
Result<PatchReply> read_patch(std::string_view reply, WorkMeter& work);

/// The parent with all changes made. Blanks at the ends of lines, and an indentation that is off by
/// the same amount in the whole block, do not matter where only one place fits.
/// PATCH_DOES_NOT_APPLY says which block and why; PATCH_CHANGES_NOTHING; REPLY_HIDDEN_CHARACTERS;
/// REPLY_TOO_LARGE.
Result<std::string> apply_patch(std::string_view parent, const std::vector<PatchBlock>& blocks,
                                WorkMeter& work);

}  // namespace podium::codegen
