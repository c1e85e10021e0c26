// Members of JSON that the gateway answers with, read leniently: what is absent or of another kind
// is empty or zero, and texts come fit for a terminal. Pure. Thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "cli/outcome.hpp"

namespace podium::cli {

/// `pointer` is a JSON pointer ("/score/metric"). In one line, without control characters.
std::string text_at(const nlohmann::json& object, const char* pointer);
double number_at(const nlohmann::json& object, const char* pointer);
/// nullopt for null, too.
std::optional<double> number_or_none_at(const nlohmann::json& object, const char* pointer);
bool is_true_at(const nlohmann::json& object, const char* pointer);
/// The member when it is an array, else an empty array.
nlohmann::json list_at(const nlohmann::json& object, const char* pointer);

/// As JSON that bytes of others cannot break: what is no UTF-8 is replaced.
std::string json_text(const nlohmann::ordered_json& value);

/// The failure of an answer that is not what was asked for.
std::unexpected<Failure> not_understood();

}  // namespace podium::cli
