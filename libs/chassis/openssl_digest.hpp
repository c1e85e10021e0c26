// OpenSSL's digests as the classes Sha256 and Md5 use them; only their sources include this. A
// context belongs to one thread. The functions throw std::runtime_error when OpenSSL itself fails,
// which nothing can answer.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace podium::openssl_digest {

/// A context that has taken no byte yet; the caller frees it.
inline EVP_MD_CTX* begin(const EVP_MD* kind) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  if (context != nullptr && EVP_DigestInit_ex(context, kind, nullptr) == 1) return context;
  EVP_MD_CTX_free(context);
  throw std::runtime_error{"OpenSSL does not offer this hash"};
}

inline void update(EVP_MD_CTX* context, std::string_view bytes) {
  if (EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error{"OpenSSL refused bytes to hash"};
  }
}

/// The digest, of as many bytes as the kind makes.
template <std::size_t kBytes>
std::array<unsigned char, kBytes> finish(EVP_MD_CTX* context) {
  std::array<unsigned char, kBytes> digest{};
  if (EVP_DigestFinal_ex(context, digest.data(), nullptr) != 1) {
    throw std::runtime_error{"OpenSSL refused to finish a hash"};
  }
  return digest;
}

}  // namespace podium::openssl_digest
