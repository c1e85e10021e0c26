#include "cli/json_fields.hpp"

#include <nlohmann/json.hpp>

#include "cli/console.hpp"

namespace podium::cli {
namespace {

using nlohmann::json;

/// Longest text that is taken out of an answer.
constexpr std::size_t kTextBytesMax = 1'000;

const json* member_at(const json& object, const char* pointer) {
  const json::json_pointer place{pointer};
  return object.contains(place) ? &object.at(place) : nullptr;
}

}  // namespace

std::string text_at(const json& object, const char* pointer) {
  const json* const value = member_at(object, pointer);
  const bool is_text = value != nullptr && value->is_string();
  return is_text ? one_line(value->get<std::string>(), kTextBytesMax) : "";
}

double number_at(const json& object, const char* pointer) {
  return number_or_none_at(object, pointer).value_or(0);
}

std::optional<double> number_or_none_at(const json& object, const char* pointer) {
  const json* const value = member_at(object, pointer);
  const bool is_number = value != nullptr && value->is_number();
  return is_number ? std::optional{value->get<double>()} : std::nullopt;
}

bool is_true_at(const json& object, const char* pointer) {
  const json* const value = member_at(object, pointer);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

json list_at(const json& object, const char* pointer) {
  const json* const value = member_at(object, pointer);
  return value != nullptr && value->is_array() ? *value : json::array();
}

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::unexpected<Failure> not_understood() {
  return give_up(Exit::error, "the gateway's answer is not understood",
                 "it may be of another version", "podium version");
}

}  // namespace podium::cli
