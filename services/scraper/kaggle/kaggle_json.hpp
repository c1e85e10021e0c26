// Members of Kaggle's JSON, read leniently: what is missing or of another kind is as if it were at
// its default. Pure. Thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace podium::scraper {

/// Empty when it is no text.
std::string text_in(const nlohmann::json& object, const char* key);

bool flag_in(const nlohmann::json& object, const char* key);

/// A number, or a text that is one; 0 when it is neither.
std::uint64_t number_in(const nlohmann::json& object, const char* key);

/// The list itself, or a copy of the member that holds it; empty when there is none.
nlohmann::json list_in(const nlohmann::json& answer, const char* key);

}  // namespace podium::scraper
