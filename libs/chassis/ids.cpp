#include "libs/chassis/ids.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <tuple>

#include "libs/chassis/openssl_digest.hpp"

namespace podium {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kUuidTextLength = 36;

using UuidBytes = std::array<unsigned char, 16>;

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_hex_digit(char c) {
  return kHexDigits.contains(c);
}

bool is_dash_position(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

void append_hex(std::string& text, unsigned char byte) {
  text += kHexDigits[byte >> 4U];
  text += kHexDigits[byte & 0x0FU];
}

// Sets version and variant (RFC 9562, section 4) and writes the text form.
std::string uuid_text(UuidBytes bytes, unsigned version) {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | (version << 4U));
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  std::string text;
  text.reserve(kUuidTextLength);
  for (const unsigned char byte : bytes) {
    if (is_dash_position(text.size())) text += '-';
    append_hex(text, byte);
  }
  return text;
}

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes) {
  Digest digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error{"OpenSSL offers no SHA-256"};
  }
  return digest;
}

std::string hex_of(const Digest& digest) {
  std::string text;
  text.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) append_hex(text, byte);
  return text;
}

}  // namespace

bool is_valid_id(std::string_view id) {
  return !id.empty() && id.size() <= kIdLengthMax && is_lower_or_digit(id.front()) &&
         std::ranges::all_of(id, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

std::string new_uuid_v7(std::chrono::system_clock::time_point now) {
  UuidBytes bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error{"the system gives no random bytes"};
  }
  const auto milliseconds = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  for (std::size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<unsigned char>((milliseconds >> (40 - 8 * i)) & 0xFFU);
  }
  return uuid_text(bytes, 7);
}

std::string uuid_v8_of(std::string_view name) {
  const Digest digest = sha256(name);
  UuidBytes bytes{};
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  return uuid_text(bytes, 8);
}

bool is_uuid(std::string_view text) {
  if (text.size() != kUuidTextLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i) ? text[i] != '-' : !is_hex_digit(text[i])) return false;
  }
  return true;
}

std::string sha256_hex(std::string_view bytes) {
  return hex_of(sha256(bytes));
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_{openssl_digest::begin(EVP_sha256())} {}

void Sha256::update(std::string_view bytes) {
  openssl_digest::update(context_.get(), bytes);
}

std::string Sha256::finish() {
  return hex_of(openssl_digest::finish<std::tuple_size_v<Digest>>(context_.get()));
}

}  // namespace podium
