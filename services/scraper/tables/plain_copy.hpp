// What became of a file that was turned into a CSV table. A value of whoever has it; one thread at
// a time.
#pragma once

#include <string>
#include <vector>

namespace podium::scraper::tables {

struct PlainCopy {
  /// Columns whose values did not all come over, for they are no texts or numbers.
  std::vector<std::string> lost;
  /// Everything is in the copy, in no other form than a table's.
  bool whole = true;
};

}  // namespace podium::scraper::tables
