// Tells by its shape whether text is Python, and finds a program that stands in prose without a
// fence. Guesses on single lines; Python itself decides in the sandbox. Pure.
#pragma once

#include <string>
#include <string_view>

#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

/// True when more lines are typical of Python than of other languages, and at least one is.
bool looks_like_python(std::string_view text, WorkMeter& work);

/// True for code of any language: lines that end in brackets or semicolons, assignments, imports.
bool looks_like_code(std::string_view text, WorkMeter& work);

struct PlainProgram {
  std::string_view before;  ///< The prose in front of it.
  std::string code;         ///< Empty when there is none.
};

/// A program without fences: from the first line that begins one to the last that is not prose.
PlainProgram find_plain_program(std::string_view text, WorkMeter& work);

}  // namespace podium::codegen
