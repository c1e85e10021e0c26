#include "libs/chassis/signed_link.hpp"

#include <charconv>
#include <cstdint>
#include <format>

#include "libs/chassis/digest.hpp"

namespace podium {
namespace {

// The first word keeps these signatures apart from any other that the key may come to make.
std::string signature_of(std::string_view path, std::string_view expires, const Secret& key) {
  return hmac_sha256_hex(key.reveal(), std::format("link\n{}\n{}", path, expires));
}

}  // namespace

std::string sign_link(std::string_view path, std::chrono::system_clock::time_point expires,
                      const Secret& key) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(expires.time_since_epoch()).count();
  const auto text = std::to_string(seconds);
  return std::format("{}?expires={}&signature={}", path, text, signature_of(path, text, key));
}

LinkState check_link(std::string_view path, std::string_view expires, std::string_view signature,
                     std::chrono::system_clock::time_point now, const Secret& key) {
  if (key.empty() || !equal_in_constant_time(signature, signature_of(path, expires, key))) {
    return LinkState::forged;
  }
  std::int64_t seconds = 0;
  std::from_chars(expires.data(), expires.data() + expires.size(), seconds);
  const std::chrono::system_clock::time_point end{std::chrono::seconds{seconds}};
  return now < end ? LinkState::valid : LinkState::expired;
}

}  // namespace podium
