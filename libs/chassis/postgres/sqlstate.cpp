#include "libs/chassis/postgres/sqlstate.hpp"

#include <algorithm>
#include <array>

namespace podium::postgres {
namespace {

// Serialization failure, deadlock, lock timeout, and the class-57 codes of a server that goes or
// comes.
constexpr std::array<std::string_view, 3> kTransient{"40001", "40P01", "55P03"};
constexpr std::array<std::string_view, 3> kTransientPrefixes{"08", "53", "57P0"};
constexpr std::string_view kQueryCanceled = "57014";
constexpr std::string_view kInsufficientPrivilege = "42501";
constexpr std::string_view kDataException = "22";
constexpr std::string_view kIntegrityViolation = "23";

bool is_transient(std::string_view sqlstate) {
  if (sqlstate.empty() || std::ranges::contains(kTransient, sqlstate)) return true;
  return std::ranges::any_of(kTransientPrefixes,
                             [&](auto prefix) { return sqlstate.starts_with(prefix); });
}

}  // namespace

const ErrorCode& error_of(std::string_view sqlstate) {
  if (is_transient(sqlstate)) return errors::kUnavailable;
  if (sqlstate == kQueryCanceled) return errors::kTimeout;
  if (sqlstate == kInsufficientPrivilege) return errors::kPermission;
  if (sqlstate.starts_with(kDataException) || sqlstate.starts_with(kIntegrityViolation)) {
    return errors::kInvalid;
  }
  return errors::kInternal;
}

}  // namespace podium::postgres
