#include "libs/chassis/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

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

void Md5::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Md5::Md5() : context_{EVP_MD_CTX_new()} {
  if (context_ == nullptr || EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr) != 1) {
    throw std::runtime_error{"OpenSSL offers no MD5"};
  }
}

void Md5::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error{"OpenSSL refused bytes to hash"};
  }
}

std::string Md5::finish() {
  std::array<char, 16> digest{};
  if (EVP_DigestFinal_ex(context_.get(),
                         reinterpret_cast<unsigned char*>(digest.data()),  // NOLINT(*cast)
                         nullptr) != 1) {
    throw std::runtime_error{"OpenSSL refused to finish a hash"};
  }
  return base64({digest.data(), digest.size()});
}

}  // namespace podium
