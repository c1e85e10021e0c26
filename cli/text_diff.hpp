// What differs between two texts, by the program `diff`, which every Debian has.
#pragma once

#include <string>
#include <string_view>

#include "cli/console.hpp"
#include "cli/outcome.hpp"

namespace podium::cli {

struct NamedText {
  /// Stands in the head of the diff.
  std::string name;
  std::string text;
};

/// In unified form; empty when the texts are equal. Fails where the program is missing.
Outcome<std::string> unified_diff(const NamedText& before, const NamedText& after);

/// The diff with its lines in colour, where the console has it.
std::string colored_diff(std::string_view diff, const Console& console);

}  // namespace podium::cli
