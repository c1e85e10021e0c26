// An error as a vendor's API writes it, and what it means to us. Pure. Read liberally: the same
// error comes as an object, a text, a flat object, a list (Gemini) or a page of HTML (a proxy), and
// its code as a text or a number.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium::codegen::models {

struct ApiError {
  /// The HTTP status; of an error inside a stream the one that the same error has outside.
  int status = 0;
  std::string type{};
  std::string code{};
  /// The parameter that the vendor minds; often empty even when its message names one.
  std::string param{};
  /// The vendor's words, whole; never shown as they are, see error_of().
  std::string message{};
};

/// The error of an answer with a status other than 200.
ApiError read_api_error(int status, std::string_view body);
/// The error of a piece of a 200 stream: `value` is what stands under `error`, or the whole.
ApiError read_stream_error(const nlohmann::json& value);

/// What it means, with a detail for people: provider, status, type, and the vendor's words as far
/// as they hold no key. `key` is cut out of them wherever it stands; of a refused key they are not
/// repeated at all, because vendors quote parts of it.
Error error_of(const ApiError& error, std::string_view provider, const Secret& key);

/// Whether the error's text has `word` standing by itself.
bool names_word(const ApiError& error, std::string_view word);

}  // namespace podium::codegen::models
