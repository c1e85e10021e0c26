// What protocols want of bytes: base64 (RFC 4648); HMAC-SHA256 (RFC 2104), by which who holds the
// same key knows its own words again; MD5 (RFC 1321), only to compare with what a server told of
// its own file. Pure; an Md5 belongs to one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace podium {

/// With padding.
std::string base64(std::string_view bytes);

/// 64 lower-case hex digits. Throws std::runtime_error when OpenSSL itself fails.
std::string hmac_sha256_hex(std::string_view key, std::string_view message);

/// Takes as long for a wrong text as for a right one of the same length.
bool equal_in_constant_time(std::string_view a, std::string_view b);

class Md5 {
 public:
  Md5();
  void update(std::string_view bytes);
  /// The 16 bytes in base64, as HTTP headers write them; the object is spent afterwards.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace podium
