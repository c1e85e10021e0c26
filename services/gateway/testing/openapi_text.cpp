#include "services/gateway/testing/openapi_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <sstream>

namespace podium::gateway {
namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

/// The key of a line "  key: ..."; empty when it has none.
std::string key_of(std::string_view line) {
  line.remove_prefix(indent_of(line));
  const auto colon = line.find(':');
  return colon == std::string_view::npos ? "" : std::string{line.substr(0, colon)};
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

std::string openapi_text() {
  std::ifstream file{PODIUM_SOURCE_DIR "/schemas/openapi.yaml"};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::set<std::string> openapi_routes() {
  static constexpr std::array<std::string_view, 5> kMethods{"get", "post", "put", "delete",
                                                            "patch"};
  std::istringstream lines{openapi_text()};
  std::set<std::string> routes;
  std::string path;
  for (std::string line; std::getline(lines, line);) {
    const std::string key = key_of(line);
    if (indent_of(line) == 2 && key.starts_with('/')) path = key;
    if (indent_of(line) == 4 && !path.empty() && std::ranges::contains(kMethods, key)) {
      routes.insert(upper(key) + " " + path);
    }
    if (line.starts_with("webhooks:")) break;
  }
  return routes;
}

std::set<std::string> openapi_properties(std::string_view schema) {
  std::istringstream lines{openapi_text()};
  std::set<std::string> properties;
  bool in_schemas = false;
  bool in_schema = false;
  bool in_properties = false;
  for (std::string line; std::getline(lines, line);) {
    const auto indent = indent_of(line);
    const std::string key = key_of(line);
    if (indent == 2) in_schemas = key == "schemas";
    if (indent == 4) in_schema = in_schemas && key == schema;
    if (indent <= 6) in_properties = in_schema && indent == 6 && key == "properties";
    if (in_properties && indent == 8) properties.insert(key);
  }
  return properties;
}

}  // namespace podium::gateway
