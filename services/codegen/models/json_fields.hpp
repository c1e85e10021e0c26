// Reads fields of JSON that others wrote: what is missing, null or of another type is empty, never
// an exception. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace podium::codegen::models {

/// The object's field; null when it is not there or `object` is no object.
const nlohmann::json& field(const nlohmann::json& object, std::string_view name);
/// Empty unless the field is a text.
std::string text_field(const nlohmann::json& object, std::string_view name);
/// 0 unless the field is a number of at least 0.
std::uint64_t count_field(const nlohmann::json& object, std::string_view name);
/// Bytes that are not UTF-8 are replaced.
std::string dump(const nlohmann::json& value);

}  // namespace podium::codegen::models
