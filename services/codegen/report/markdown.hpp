// Text of others within Markdown, so that it is shown and never acts: no markup, no links, no
// hidden characters, no end of the fence around it. Follows CommonMark 0.31 and GitHub's tables.
// Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace podium::codegen {

/// Bytes as text that can be shown: UTF-8, line ends as LF, without control characters and without
/// marks that turn the direction of writing; what is no UTF-8 becomes U+FFFD.
std::string shown_text(std::string_view bytes, std::size_t bytes_max);

/// One line for a sentence, a list or a table's cell; "" stays empty.
std::string markdown_line(std::string_view text, std::size_t bytes_max);

/// A name of ours (an id, a key, a file) in backquotes; other text as markdown_line().
std::string markdown_name(std::string_view name);

/// A code block that the text cannot end, with a line end behind it. `text` is shown_text().
std::string fenced(std::string_view text, std::string_view tag);

}  // namespace podium::codegen
