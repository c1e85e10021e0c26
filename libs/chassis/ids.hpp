// Ids and hashes. Pure functions but for new_uuid_v7, which reads the system's randomness; the
// functions are thread-safe. They throw std::runtime_error when OpenSSL itself fails, which nothing
// can answer.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/// OpenSSL's digest context; only ids.cpp knows it.
struct evp_md_ctx_st;

namespace podium {

/// Longest id that may stand in a subject, a container's name or a path.
inline constexpr std::size_t kIdLengthMax = 63;

/// True for ^[a-z0-9][a-z0-9-]{0,62}$: the only ids that ever become part of a subject, path or
/// name.
bool is_valid_id(std::string_view id);

/// A UUIDv7 (RFC 9562): its first 48 bits are milliseconds, so ids sort by time.
std::string new_uuid_v7(std::chrono::system_clock::time_point now);

/// A UUIDv8 made of the first 122 usable bits of sha256(name): the same name gives the same id.
std::string uuid_v8_of(std::string_view name);

/// True for the text form of a UUID in lower case.
bool is_uuid(std::string_view text);

/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// sha256 of a stream of bytes. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  /// 64 lower-case hex digits; the object is spent afterwards.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace podium
