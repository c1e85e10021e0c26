#include "services/codegen/models/api_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>

#include "libs/chassis/http/credential.hpp"
#include "libs/chassis/utf8.hpp"
#include "services/codegen/models/json_fields.hpp"
#include "services/codegen/models/model_errors.hpp"
#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;

/// Stands for what is left out of a vendor's words.
constexpr std::string_view kLeftOut = "…";

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// A text, or a number as text.
std::string word_field(const json& object, std::string_view name) {
  const json& value = field(object, name);
  if (value.is_number_integer()) return dump(value);
  return text_field(object, name);
}

void read_into(ApiError& error, const json& value) {
  if (value.is_string()) {
    error.message = value.get<std::string>();
    return;
  }
  error.type = word_field(value, "type");
  if (error.type.empty()) error.type = word_field(value, "status");
  error.code = word_field(value, "code");
  error.param = text_field(value, "param");
  error.message = text_field(value, "message");
  if (error.message.empty()) error.message = text_field(value, "detail");
}

// `{"error": ...}`, a list with one such object, or the error itself.
const json& inner_error(const json& body) {
  const json& object = body.is_array() && !body.empty() ? body.front() : body;
  const json& inner = field(object, "error");
  return inner.is_null() ? object : inner;
}

// What is known of types and codes, for errors that come inside a stream.
int status_of(const ApiError& error) {
  struct Known {
    std::string_view word;
    int status;
  };
  static constexpr std::array kKnown{
      Known{"invalid_request_error", 400}, Known{"context_length_exceeded", 400},
      Known{"authentication_error", 401},  Known{"invalid_api_key", 401},
      Known{"billing_error", 402},         Known{"permission_error", 403},
      Known{"not_found_error", 404},       Known{"model_not_found", 404},
      Known{"request_too_large", 413},     Known{"rate_limit_error", 429},
      Known{"rate_limit_exceeded", 429},   Known{"insufficient_quota", 429},
      Known{"server_is_overloaded", 503},  Known{"timeout_error", 504},
      Known{"overloaded_error", 529},
  };
  for (const Known& known : kKnown) {
    if (error.code == known.word) return known.status;
  }
  int number = 0;
  const auto [end, problem] =
      std::from_chars(error.code.data(), error.code.data() + error.code.size(), number);
  if (problem == std::errc{} && number >= 400 && number < 600) return number;
  for (const Known& known : kKnown) {
    if (error.type == known.word) return known.status;
  }
  return 500;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](auto part) { return text.contains(part); });
}

// Vendors say with 400 what others say with a status of its own.
const ErrorCode& meaning_of_bad_request(const ApiError& error, std::string_view message) {
  if (has_any(message, {"api key not valid", "invalid api key", "incorrect api key"})) {
    return model_errors::kKeyRefused;
  }
  if (has_any(message, {"credit balance", "spend limit", "usage limits", "billing"})) {
    return model_errors::kNoMoney;
  }
  if (error.code == "context_length_exceeded" || error.type == "exceed_context_size_error" ||
      has_any(message, {"context length", "context window", "context size", "context limit",
                        "prompt is too long", "input is too long", "too many tokens"})) {
    return model_errors::kContextTooLong;
  }
  if (error.code == "content_filter" || error.code == "content_policy_violation" ||
      error.code == "invalid_prompt" ||
      has_any(message,
              {"content policy", "content management policy", "usage policy", "flagged"})) {
    return model_errors::kPromptRefused;
  }
  return error.code == "model_not_found" ? model_errors::kModelUnknown
                                         : model_errors::kRequestInvalid;
}

const ErrorCode& meaning_of(const ApiError& error) {
  const std::string message = lower_case(error.message);
  if (error.code == "insufficient_quota" || error.type == "insufficient_quota" ||
      error.type == "billing_error") {
    return model_errors::kNoMoney;
  }
  switch (error.status) {
    case 400:
    case 422:
      return meaning_of_bad_request(error, message);
    case 401:
      return model_errors::kKeyRefused;
    case 402:
      return model_errors::kNoMoney;
    case 403:
      return has_any(message, {"moderation", "flagged", "content policy"})
                 ? model_errors::kPromptRefused
                 : model_errors::kKeyRefused;
    case 404:
      return model_errors::kModelUnknown;
    case 413:
      return model_errors::kContextTooLong;
    case 429:
      return model_errors::kRateLimited;
    case 503:
    case 529:
      return model_errors::kOverloaded;
    case 408:
    case 409:
      return model_errors::kUnavailable;
    default:
      return error.status >= 500 ? model_errors::kUnavailable : model_errors::kRequestInvalid;
  }
}

// The vendor's words on one line, without the key, cut.
std::string shown(std::string_view message, const Secret& key) {
  std::string text = without_secret(with_replacements(message), key.reveal());
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  if (text.size() <= kErrorTextBytesMax) return text;
  auto end = kErrorTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + std::string{kLeftOut};
}

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

ApiError read_api_error(int status, std::string_view body) {
  ApiError error{.status = status};
  const json value = json::parse(body, nullptr, false);
  if (value.is_discarded()) {
    const bool page = body.find('<') != std::string_view::npos;
    error.message = page ? "a page of HTML instead of an error" : std::string{body};
  } else {
    read_into(error, inner_error(value));
  }
  return error;
}

ApiError read_stream_error(const json& value) {
  ApiError error;
  read_into(error, inner_error(value));
  error.status = status_of(error);
  return error;
}

Error error_of(const ApiError& error, std::string_view provider, const Secret& key) {
  const ErrorCode& code = meaning_of(error);
  std::string detail = std::format("{} answers {}", provider, error.status);
  if (!error.type.empty()) detail += " " + shown(error.type, key);
  if (!error.code.empty() && error.code != error.type) detail += " " + shown(error.code, key);
  const bool quotes_keys = &code == &model_errors::kKeyRefused;
  if (!quotes_keys && !error.message.empty()) detail += ": " + shown(error.message, key);
  return {&code, std::move(detail)};
}

bool names_word(const ApiError& error, std::string_view word) {
  if (error.param == word) return true;
  const std::string_view text = error.message;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_word(text[at - 1]);
    if (begins && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

}  // namespace podium::codegen::models
