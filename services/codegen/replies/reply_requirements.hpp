// What packages a reply says that its program needs. Informative: the sandbox installs nothing.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/reply_blocks.hpp"
#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

/// From blocks tagged or announced as requirements, and from pip commands in shell blocks: a
/// package per line, each once, in order, at most kRequirementsBytesMax bytes.
std::string requirements_of(std::string_view reply, const std::vector<ReplyBlock>& blocks,
                            WorkMeter& work);

/// The same from a plain list, a package per line or between commas.
std::string requirements_of_list(std::string_view list);

}  // namespace podium::codegen
