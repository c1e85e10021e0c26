// The strings of JSON that a model wrote, with the keys they stand under. As tolerant as need be:
// line ends within strings and text that breaks off are common, and neither keeps the code in a
// field from being found. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

struct JsonString {
  /// The last key before it, lower case; strings of a list have the key of the list.
  std::string key;
  /// Unescaped UTF-8.
  std::string value;
  /// False when the text ends within it.
  bool closed = false;
};

/// All string values in order. Linear; depth does not matter.
std::vector<JsonString> json_strings(std::string_view text, WorkMeter& work);

}  // namespace podium::codegen
