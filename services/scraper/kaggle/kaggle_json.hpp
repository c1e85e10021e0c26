// Members of Kaggle's JSON, read leniently: what is missing or of another kind is as if it were at
// its default. Pure. Thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace podium::scraper {

/// An answer as JSON: discarded when it is none. What is nested deeper than any answer of Kaggle's
/// is left out, so that nobody who walks through the rest needs a deep stack.
nlohmann::json parse_answer(std::string_view body);

/// Empty when it is no text.
std::string text_in(const nlohmann::json& object, const char* key);

bool flag_in(const nlohmann::json& object, const char* key);

/// A number, or a text that is one; 0 when it is neither.
std::uint64_t number_in(const nlohmann::json& object, const char* key);

/// What the answer itself, or its member, lists; nothing when neither is a list. Lives with the
/// answer.
std::span<const nlohmann::json> list_in(const nlohmann::json& answer, const char* key);

}  // namespace podium::scraper
