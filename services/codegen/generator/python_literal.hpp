// Writes values as Python source. Facts come from strangers: whatever they hold, it lands in a
// program as a literal and as nothing else. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace podium::codegen {

/// A Python string literal in double quotes that means exactly `text`. Everything but printable
/// ASCII is escaped, so no quote, line end, brace of ours or hidden character can act. Bytes that
/// are not UTF-8 become U+FFFD.
std::string python_text(std::string_view text);

/// A list of strings over as many lines of at most 100 columns as it needs. `indent`: columns that
/// its continuation lines are indented by beyond the bracket's own line.
std::string python_list(const std::vector<std::string>& texts);

/// A dict whose values are Python source already, one entry a line when it has several.
std::string python_dict(const std::vector<std::pair<std::string, std::string>>& entries);

/// A list or tuple of Python source pieces, wrapped like python_list.
std::string python_sequence(const std::vector<std::string>& pieces, char open, char close);

}  // namespace podium::codegen
