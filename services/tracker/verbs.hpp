// What the program podium-tracker can be told to do.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "libs/chassis/result.hpp"
#include "libs/chassis/service.hpp"
#include "services/tracker/rebuild.hpp"

namespace podium::tracker {

using Verb = std::function<Result<void>(Service& service)>;

/// The verb that the program's arguments name; without arguments the one named "". For anything
/// else a verb that fails with CONFIGURATION and says which ones there are. All but "" are ended by
/// SIGINT and SIGTERM at once.
Verb verb_of(int argc, char** argv, std::map<std::string, Verb> verbs);

/// Two lines for a person on stdout. Always succeeds.
Result<void> print(const RebuildReport& report);

}  // namespace podium::tracker
