#include "libs/chassis/secret_file.hpp"

#include <format>
#include <string_view>
#include <system_error>

namespace podium {
namespace {

namespace fs = std::filesystem;

/// Where containers get secrets: readable inside, closed outside.
constexpr std::string_view kSecretsFolder = "/run/secrets/";

}  // namespace

std::optional<std::string> warning_of_open_secret(const fs::path& file, fs::perms rights) {
  std::error_code failed;
  const auto status = fs::status(file, failed);
  const bool open = !failed && (status.permissions() & rights) != fs::perms::none;
  if (!open || file.lexically_normal().string().starts_with(kSecretsFolder)) return std::nullopt;
  return std::format("{0} holds credentials and others on this machine can read it: chmod 600 {0}",
                     file.string());
}

}  // namespace podium
