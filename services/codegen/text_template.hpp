// Texts with places `{{NAME}}` that something is put into: programs and prompts are made so. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::codegen {

/// What stands in the places `{{NAME}}` of a text.
using Fillings = std::map<std::string, std::string, std::less<>>;

/// `text` with its places filled. What a filling holds is never read as a place again.
/// CONFIGURATION, with the template's name, when a place has no filling.
Result<std::string> fill_places(std::string_view name, std::string_view text,
                                const Fillings& fillings);

}  // namespace podium::codegen
