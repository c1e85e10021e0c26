// Where a Python string ends, with all prefixes, triple quotes and the fields of f-strings. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

struct StringEnd {
  std::size_t bytes =
      0;  ///< From the prefix up to behind the last quote, or to where it broke off.
  bool closed = false;
};

/// The number of bytes of a string prefix (`rb`, `F`, none) at the front when a quote follows it;
/// npos when no string begins here.
std::size_t string_prefix_bytes(std::string_view text);

/// The string that `text` begins with (`string_prefix_bytes` is not npos). A string in single
/// quotes that meets a line end is not closed and ends before it.
StringEnd end_of_string(std::string_view text, WorkMeter& work);

}  // namespace podium::codegen
