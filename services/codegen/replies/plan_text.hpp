// The plan out of a reply's prose: cleaned, bounded, and in one line for lists. Pure.
#pragma once

#include <string>
#include <string_view>

namespace podium::codegen {

/// The prose as plan: without control and bidirectional characters, at most kPlanBytesMax bytes.
std::string plan_of(std::string_view prose);

/// The first line of the plan that says something (no heading, no "Here is the code:"), without
/// marks of markdown, at most kPlanLineBytesMax bytes; empty when there is none.
std::string plan_line_of(std::string_view plan);

}  // namespace podium::codegen
