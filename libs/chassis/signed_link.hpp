// Links that open one address to whoever holds them, until they expire: the path and the time, with
// an HMAC-SHA256 over both under a key that signer and checker share. Pure. Thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/chassis/environment.hpp"

namespace podium {

/// Shortest key that is taken: 128 bits in hex or base64 are longer.
inline constexpr std::size_t kLinkKeyBytesMin = 16;

enum class LinkState { valid, expired, forged };

/// `path?expires=<unix seconds>&signature=<hex>`. The path is signed as it stands there, so it must
/// need no percent-encoding.
std::string sign_link(std::string_view path, std::chrono::system_clock::time_point expires,
                      const Secret& key);

/// What a request for `path` with these two values is worth at `now`. Without a key, all are
/// forged.
LinkState check_link(std::string_view path, std::string_view expires, std::string_view signature,
                     std::chrono::system_clock::time_point now, const Secret& key);

}  // namespace podium
