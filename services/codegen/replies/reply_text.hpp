// Small pure functions on the text of replies: lines, quotes in sentences, repetition. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

/// Takes the first line, without its line end, off `rest`.
std::string_view take_line(std::string_view& rest);

/// The lines of a text without their line ends; a line end at the very end begins no further line.
std::vector<std::string_view> lines_of(std::string_view text);

/// The text with CRLF and lone CR as LF and without a byte-order mark in front.
std::string with_plain_line_ends(std::string_view text);

/// The blanks and tabs that a line begins with.
std::string_view indent_of(std::string_view line);

/// Without blanks, tabs and line ends at the end.
std::string_view trim_right(std::string_view text);

/// A piece of the model's text in quotation marks, cleaned and cut, fit for a sentence.
std::string in_quotes(std::string_view text);

/// "a, b and 7 more".
std::string listed(const std::vector<std::string>& names, std::size_t named_max);

/// True when the end of the text repeats one piece again and again (limits in reply_limits.hpp);
/// numbers that count up do not make a difference. Linear.
bool repeats_endlessly(std::string_view text, WorkMeter& work);

}  // namespace podium::codegen
