// Takes addresses apart as libcurl will when it calls them. Pure. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace podium {

struct UrlParts {
  /// Lower case.
  std::string scheme;
  /// As it stands there, lower case; IPv6 addresses in brackets.
  std::string host;
  /// A user or a password stands before the host.
  bool has_user = false;
};

/// nullopt when it is no absolute address with a host, or holds blanks, control characters or bytes
/// that are not ASCII.
std::optional<UrlParts> parse_url(std::string_view text);

/// True for http:// and https://.
bool is_http_url(std::string_view text);

}  // namespace podium
