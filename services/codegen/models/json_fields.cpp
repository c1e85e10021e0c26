#include "services/codegen/models/json_fields.hpp"

namespace podium::codegen::models {

using nlohmann::json;

const json& field(const json& object, std::string_view name) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto at = object.find(name);
  return at == object.end() ? kNull : *at;
}

std::string text_field(const json& object, std::string_view name) {
  const json& value = field(object, name);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

std::uint64_t count_field(const json& object, std::string_view name) {
  const json& value = field(object, name);
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (!value.is_number_float()) return 0;
  // 2^53: up to there a double counts exactly, and no answer has more tokens.
  constexpr double kMost = 9007199254740992.0;
  const auto number = value.get<double>();
  return number >= 0 && number < kMost ? static_cast<std::uint64_t>(number) : 0;
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace podium::codegen::models
