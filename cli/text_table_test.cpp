#include "cli/text_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace podium::cli {
namespace {

std::string table(const std::vector<TableRow>& rows, int columns = 0) {
  std::ostringstream out;
  const Console console{.out = out, .talk = out, .columns = columns};
  return table_text({"NAME", "X", "SIZE"}, rows, console);
}

TEST(TextTable, ColumnsAreAsWideAsTheirWidestText) {
  EXPECT_EQ(table({{.cells = {"a", "1", "12 B"}}, {.cells = {"bcdef", "", "3 B"}}}),
            "NAME   X  SIZE\na      1  12 B\nbcdef     3 B\n");
}

TEST(TextTable, EmptyColumnsAreLeftOut) {
  EXPECT_EQ(table({{.cells = {"a", "", "1"}}}), "NAME  SIZE\na     1\n");
}

TEST(TextTable, CharactersCountNotBytes) {
  EXPECT_EQ(table({{.cells = {"├─ c2", "1", "2"}}, {.cells = {"c1", "1", "2"}}}),
            "NAME   X  SIZE\n├─ c2  1  2\nc1     1  2\n");
}

TEST(TextTable, LinesAreCutToTheTerminal) {
  EXPECT_EQ(table({{.cells = {"abcdefghij", "1", "2"}}}, 8), "NAME   …\nabcdefg…\n");
}

}  // namespace
}  // namespace podium::cli
