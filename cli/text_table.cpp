#include "cli/text_table.hpp"

#include <algorithm>

namespace podium::cli {
namespace {

/// Of each column; 0 for one that no row has a text in.
std::vector<std::size_t> widths_of(const std::vector<std::string>& heading,
                                   const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths(heading.size());
  for (const TableRow& row : rows) {
    for (std::size_t column = 0; column < heading.size(); ++column) {
      widths[column] = std::max(widths[column], columns_of(row.cells[column]));
    }
  }
  for (std::size_t column = 0; column < heading.size(); ++column) {
    if (widths[column] > 0) widths[column] = std::max(widths[column], columns_of(heading[column]));
  }
  return widths;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                    Tone tone, const Console& console) {
  std::string line;
  for (std::size_t column = 0; column < cells.size(); ++column) {
    if (widths[column] > 0) line += padded(cells[column], widths[column]) + "  ";
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return toned(cut_to(line, console.columns), tone, console.out_has_color) + "\n";
}

}  // namespace

std::string table_text(const std::vector<std::string>& heading, const std::vector<TableRow>& rows,
                       const Console& console) {
  const auto widths = widths_of(heading, rows);
  std::string text = line_of(heading, widths, Tone::dim, console);
  for (const TableRow& row : rows) text += line_of(row.cells, widths, row.tone, console);
  return text;
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out{text};
  const auto has = columns_of(text);
  if (has < columns) out.append(columns - has, ' ');
  return out;
}

}  // namespace podium::cli
