#include "libs/chassis/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <format>
#include <stdexcept>

#include "libs/chassis/openssl_digest.hpp"

namespace podium {

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL writes a NUL behind it
  const int length = EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(text.data()),         // NOLINT(*reinterpret-cast)
      reinterpret_cast<const unsigned char*>(bytes.data()),  // NOLINT(*reinterpret-cast)
      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned bytes = 0;
  const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(message.data()),  // NOLINT(*cast)
                          message.size(), digest.data(), &bytes);
  if (made == nullptr) throw std::runtime_error{"OpenSSL offers no HMAC-SHA256"};
  std::string hex;
  for (unsigned i = 0; i < bytes; ++i) hex += std::format("{:02x}", digest.at(i));
  return hex;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Md5::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Md5::Md5() : context_{openssl_digest::begin(EVP_md5())} {}

void Md5::update(std::string_view bytes) {
  openssl_digest::update(context_.get(), bytes);
}

std::string Md5::finish() {
  constexpr std::size_t kBytes = 16;
  const auto digest = openssl_digest::finish<kBytes>(context_.get());
  return base64({reinterpret_cast<const char*>(digest.data()), kBytes});  // NOLINT(*cast)
}

}  // namespace podium
