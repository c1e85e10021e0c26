// Reads schemas/openapi.yaml as far as tests need it: which routes and which keys it names. It
// knows the file's own layout (two blanks a level), not YAML.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace podium::gateway {

/// The whole file.
std::string openapi_text();

/// "GET /status/{id}" ... of every operation.
std::set<std::string> openapi_routes();

/// Names of the properties of components.schemas.<schema>.
std::set<std::string> openapi_properties(std::string_view schema);

}  // namespace podium::gateway
