// Lines in columns for a person. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/console.hpp"

namespace podium::cli {

struct TableRow {
  std::vector<std::string> cells;
  Tone tone = Tone::plain;
};

/// A heading and a line for each row, columns two blanks apart, columns without any text left out.
/// Lines are cut to the terminal's width. Every row has as many cells as the heading.
std::string table_text(const std::vector<std::string>& heading, const std::vector<TableRow>& rows,
                       const Console& console);

/// Filled with blanks to so many columns.
std::string padded(std::string_view text, std::size_t columns);

}  // namespace podium::cli
