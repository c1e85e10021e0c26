// The environment as configuration: each setting is read once at the start, all bad ones are
// reported together, secrets come from NAME or from the file that NAME_FILE names. Not thread-safe;
// used while a service starts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium {

/// A text that must not be shown: prints as stars.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_{std::move(value)} {}
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

  /// Writes stars, whatever the value.
  friend std::ostream& operator<<(std::ostream& out, const Secret& secret);

 private:
  std::string value_;
};

/// Reads settings and collects what is wrong with them; `check()` says it all at once.
class Environment {
 public:
  using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

  /// The process's own environment.
  Environment();
  /// For tests: any source of names and values.
  explicit Environment(Lookup lookup);

  /// The value, or `fallback` when unset or empty.
  std::string text(std::string_view name, std::string_view fallback);
  /// The value, or `fallback` when unset; what lies outside the bounds is a problem.
  std::int64_t integer(std::string_view name, std::int64_t fallback, std::int64_t min,
                       std::int64_t max);
  /// 1, true, yes, on / 0, false, no, off.
  bool boolean(std::string_view name, bool fallback);
  /// A whole number of seconds, or with a unit: 250ms, 30s, 5m, 2h, 7d; at most ten
  /// years.
  std::chrono::milliseconds duration(std::string_view name, std::chrono::milliseconds fallback);
  /// A whole number of bytes, or with a unit: 64K, 512Mi, 4Gi, 5MB (K, M, G, T are powers of 1000,
  /// Ki, Mi, Gi, Ti powers of 1024, each with or without B).
  std::uint64_t bytes(std::string_view name, std::uint64_t fallback);
  /// NAME, else the content of the file that NAME_FILE names (trailing line ends cut); empty when
  /// neither is set. The value is never part of a problem's text.
  Secret secret(std::string_view name);

  /// Adds a problem that the caller found in a value.
  void problem(std::string_view name, std::string_view what);
  /// Every problem so far as one CONFIGURATION error; success when there is none.
  Result<void> check() const;

 private:
  std::optional<std::string> raw(std::string_view name);
  Lookup lookup_;
  std::vector<std::string> problems_;
};

/// "5m" -> 300 s; nullopt when it is not a duration as Environment::duration reads it.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "4Gi" -> 4294967296; nullopt when it is not a size as Environment::bytes reads it.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace podium
