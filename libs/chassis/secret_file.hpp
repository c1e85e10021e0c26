// Who besides its owner can read a file that holds a secret. Thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace podium {

/// A sentence to warn with when one of `rights` is among the file's and it does not lie below
/// /run/secrets, where containers get theirs: it names the file and the chmod that closes it.
/// nullopt also when nothing is known of the file.
std::optional<std::string> warning_of_open_secret(const std::filesystem::path& file,
                                                  std::filesystem::perms rights);

}  // namespace podium
