// Characters that a reader of code does not see but a computer does: controls, marks that turn the
// direction of writing (Unicode UAX 9, "Trojan Source"), characters without width, tags. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

/// One code point, and how many bytes it took; a byte that is not UTF-8 is `valid == false`.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
  bool valid = true;
};

/// The code point that `text`, which is not empty, begins with.
CodePoint first_code_point(std::string_view text);

/// "U+202E".
std::string code_point_name(std::uint32_t value);

struct HiddenCharacter {
  std::size_t line = 0;    ///< From 1.
  std::size_t column = 0;  ///< Code points from 1.
  std::string name;        ///< "U+202E", or "byte 0xFF" for what is not UTF-8.
};

/// All places with hidden characters, in order, at most `places_max`. Line feeds, tabs and the
/// marks that emoji are made of are not hidden.
std::vector<HiddenCharacter> find_hidden(std::string_view code, std::size_t places_max,
                                         WorkMeter& work);

/// REPLY_HIDDEN_CHARACTERS with the places, when there are any.
Result<void> refuse_hidden(std::string_view code, WorkMeter& work);

}  // namespace podium::codegen
