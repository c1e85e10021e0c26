// Which part each column plays in a solution, told from the profile alone. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/codegen/generator/problem.hpp"

namespace podium::codegen {

/// A side table with one row for a key, joined to the training and test tables.
struct Lookup {
  /// One file, or the halves for training and test rows.
  std::vector<std::string> paths;
  std::string delimiter;
  /// Column of our table (perhaps derived) and of the side table.
  std::vector<std::pair<std::string, std::string>> keys;
  /// Column of the side table and the name it gets in ours.
  std::vector<std::pair<std::string, std::string>> columns;
};

/// A side table with many rows for a key, summed up before it is joined.
struct History {
  /// One file, or the halves for training and test rows.
  std::vector<std::string> paths;
  std::string delimiter;
  std::string key;
  std::vector<std::string> columns;
};

struct ColumnRoles {
  std::vector<std::string> numbers;
  std::vector<std::string> categories;
  /// Numbers that may be names: offered as categories too.
  std::vector<std::string> codes;
  std::vector<std::string> texts;
  /// Texts of the form "Surname, Title Given names".
  std::vector<std::string> names;
  /// Column and strptime pattern; `hours`: those that also tell the time of day.
  std::vector<std::pair<std::string, std::string>> dates;
  std::vector<std::string> hours;
  /// Numbers such as 1545 for 15:45.
  std::vector<std::string> clocks;
  /// Continuous numbers, few enough to be divided by one another.
  std::vector<std::string> ratios;
  /// Columns of one measure taken several times.
  std::vector<std::pair<std::string, std::vector<std::string>>> series;
  /// Columns with missing cells.
  std::vector<std::string> gaps;
  /// Features whose values together mark small groups of rows (a day, a place on a day).
  std::vector<std::vector<std::string>> crosses;
  std::vector<Lookup> lookups;
  std::vector<History> histories;
  /// Some category has more values than a column each is worth.
  bool many_valued = false;
  /// Texts are sentences: words are what the rows are about.
  bool wordy = false;
};

/// More values than this: a category is encoded by what the target does, not by a column each.
inline constexpr unsigned kOneHotValuesMax = 30;

ColumnRoles column_roles(const Problem& problem);

/// The same, or DRAFT_FAILED when they are of nothing that a table's rows could be told apart by.
Result<ColumnRoles> known_roles(const Problem& problem);

}  // namespace podium::codegen
