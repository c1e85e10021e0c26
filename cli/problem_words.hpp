// What the gateway says about a request, in the words of the command line: flags for fields, verbs
// for routes. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace podium::cli {

/// What is wrong: each refused field by its flag ("--max-cost must be a positive number"), else the
/// problem's detail. Empty when it has neither.
std::string what_is_wrong(const nlohmann::json& problem);

/// What to type next, `command` being how this program is called; else the problem's title.
std::string next_of(const nlohmann::json& problem, std::string_view command);

}  // namespace podium::cli
