// Writes rows of delimiter-separated text to an open descriptor through a buffer. One thread.
#pragma once

#include <string>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium::competition {

class SubmissionWriter {
 public:
  /// Borrows the descriptor.
  explicit SubmissionWriter(int descriptor) : descriptor_{descriptor} {}

  /// Adds a row, its cells quoted where they must be, ended by LF. UNAVAILABLE when the system
  /// refuses to write.
  Result<void> write_row(const std::vector<std::string>& cells, char delimiter);
  /// Writes what is still in the buffer; call at the end.
  Result<void> flush();

 private:
  int descriptor_;
  std::string buffer_;
};

}  // namespace podium::competition
