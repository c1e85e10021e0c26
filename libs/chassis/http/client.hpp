// The one door to libcurl: HTTP over TCP or a unix socket. No cookies, no proxy from the
// environment unless asked, redirects never followed by itself. Thread-safe: one handle per call.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// Who signs a call by AWS Signature Version 4, and for what. The secrets never leave the process:
/// only the token travels, as the header `x-amz-security-token`.
struct AwsSigning {
  /// Such as `us-east-1`; letters, digits and hyphens.
  std::string region{};
  std::string service = "s3";
  std::string access_key{};
  Secret secret_key{};
  /// Of temporary credentials; empty for lasting ones.
  Secret session_token{};
};

/// What a body source returns to end its call with STOPPED.
inline constexpr std::size_t kHttpBodyAborted = std::numeric_limits<std::size_t>::max();

namespace errors {
inline constexpr ErrorCode kAddressRefused{
    "ADDRESS_REFUSED", Disposition::reject, 400,
    "The name leads to an address inside a network, which strangers may not have called."};
}  // namespace errors

struct HttpCall {
  std::string method = "GET";
  /// http:// or https:// URL; with `unix_socket` the host part is only a name.
  std::string url{};
  std::string unix_socket{};
  /// A header with a line end or NUL in it makes the call INVALID.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  /// Streams the body instead: fills the buffer and returns the bytes put, 0 at the end. With
  /// `body_bytes` >= 0 the length is sent, else the body goes chunked.
  std::function<std::size_t(char* buffer, std::size_t room)> body_source{};
  std::int64_t body_bytes = -1;
  std::chrono::milliseconds connect_timeout{5'000};
  /// Of the whole exchange; 0 means none.
  std::chrono::milliseconds total_timeout{30'000};
  /// Fails with TIMEOUT when no byte of the exchange moves for so long; 0 means none.
  std::chrono::milliseconds idle_timeout{0};
  /// TOO_LARGE beyond.
  std::uint64_t response_bytes_max = 16 * 1024 * 1024;
  /// Gets the body in pieces instead of HttpAnswer::body; false ends the call with STOPPED.
  std::function<bool(std::string_view piece)> on_body{};
  /// Called once with status and headers, before the first piece; false ends the call with STOPPED.
  std::function<bool(int status, const std::map<std::string, std::string>& headers)> on_headers{};
  /// Ends the call with STOPPED, at once even while nothing arrives.
  std::stop_token stop{};
  /// Takes the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name: for calls to the outside.
  bool proxy_from_environment = false;
  /// For addresses that strangers name: no connection is opened to an address that is not one of
  /// the public internet, whatever name led there; the call ends with ADDRESS_REFUSED then.
  bool public_addresses_only = false;
  /// Signs the call by libcurl (CURLOPT_AWS_SIGV4), all of `headers` included. Whoever sends a body
  /// gives its hash as the header `x-amz-content-sha256`, else a streamed one goes unsigned.
  std::optional<AwsSigning> aws_signing{};
};

struct HttpAnswer {
  int status = 0;
  /// Names in lower case; of repeated ones the last.
  std::map<std::string, std::string> headers{};
  std::string body{};
};

/// Sends one call and waits for its end; the callbacks run on the caller's thread. Any HTTP status
/// is a success of the transport. UNAVAILABLE, TIMEOUT, ADDRESS_REFUSED, TOO_LARGE, STOPPED,
/// INVALID (a call that cannot be sent) and INTERNAL (a callback threw) are the errors. The detail
/// never holds header values, the query or a password of the URL.
Result<HttpAnswer> send_http(const HttpCall& call);

/// Percent-encodes one path segment or query value: all but letters, digits and `-._~`.
std::string percent_encode(std::string_view text);

}  // namespace podium
