#include "tests/pipeline/small_titanic.hpp"

#include <fstream>
#include <string>

namespace podium::testing {

void write_small_titanic(const std::filesystem::path& folder) {
  const std::filesystem::path whole{PODIUM_SOURCE_DIR "/competitions/titanic/data"};
  for (const auto* name : {"train.csv", "test.csv", "sample_submission.csv"}) {
    std::ifstream from{whole / name};
    std::ofstream to{folder / name};
    std::string line;
    // One more for the names of the columns.
    for (int rows = 0; rows <= kSmallTitanicRows && std::getline(from, line); ++rows) {
      to << line << '\n';
    }
  }
}

}  // namespace podium::testing
