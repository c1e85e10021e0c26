// The head of an HTTP/1.x request, read strictly (RFC 9112): what is not exactly well-formed is
// refused, and so is what the libraries below or behind would read in more than one way. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::http {

/// Longest head, request line and headers together.
inline constexpr std::size_t kHeadBytesMax = 32 * 1024;
/// Longest header line.
inline constexpr std::size_t kHeaderLineBytesMax = 8 * 1024;
inline constexpr std::size_t kHeadersMax = 64;
/// Longest path with query.
inline constexpr std::size_t kTargetBytesMax = 8 * 1024;

struct RequestHead {
  std::string method;
  /// Decoded; begins with a slash and holds no control character, dot segment or encoded slash.
  std::string path;
  /// Decoded names and values in the order of the address.
  std::multimap<std::string, std::string> query;
  /// Names in lower case, values without the space around them.
  std::multimap<std::string, std::string> headers;
  /// nullopt when the request does not say one: it then has no body.
  std::optional<std::uint64_t> content_length;
  /// The client wants the connection closed after the answer, or speaks HTTP/1.0.
  bool wants_close = false;
  /// The client waits for `100 Continue` before it sends the body.
  bool expects_continue = false;
  bool is_http_1_0 = false;

  /// The first value of a header; empty when it is not there.
  std::string header(std::string_view lower_case_name) const;
};

/// Reads a head with its closing empty line. The error's code has the HTTP status to refuse with.
Result<RequestHead> parse_request_head(std::string_view bytes);

/// Percent-decodes; with `plus_is_space` as form data. nullopt for a broken escape or a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace podium::http
