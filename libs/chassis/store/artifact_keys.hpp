// Keys of stored files and where the stores keep them. Pure. The only place that turns a key into a
// path or an object's name: whatever is not exactly a key is refused, so that no key leads out of
// the store.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium {

/// Longest plain file name in a key.
inline constexpr std::size_t kArtifactNameLengthMax = 128;

/// True for 64 lower-case hex digits.
bool is_sha256(std::string_view text);

/// True for a file name of letters, digits, `.`, `_` and `-` that does not begin with `.` or `-`.
bool is_artifact_name(std::string_view name);

/// `sha256/<hex>`. INVALID when `sha256` is none.
Result<std::string> content_key(std::string_view sha256);

/// `<job>/<owner>/<name>`, or `<job>/<name>` when `owner` is empty. INVALID when a part is
/// not an id or not a plain file name.
Result<std::string> named_key(std::string_view job, std::string_view owner, std::string_view name);

/// Path below the store's folder: `sha256/ab/cdef...` or `jobs/<job>/[<owner>/]<name>`. INVALID
/// for anything that content_key() and named_key() do not give.
Result<std::filesystem::path> path_of_key(std::string_view key);

/// Name of the object below a bucket's prefix: `sha256/<hex>` or `jobs/<job>/[<owner>/]<name>`.
/// INVALID as above.
Result<std::string> object_of_key(std::string_view key);

/// INVALID unless a temporary link may live so long and be saved under this name.
Result<void> check_link(std::chrono::seconds lifetime, std::string_view file_name);

}  // namespace podium
