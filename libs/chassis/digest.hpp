// What other parties' protocols want of bytes: MD5 (RFC 1321), only to compare with what a server
// told of its own file, and base64 (RFC 4648). Pure; an Md5 belongs to one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace podium {

/// With padding.
std::string base64(std::string_view bytes);

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
