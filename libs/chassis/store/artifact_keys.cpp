#include "libs/chassis/store/artifact_keys.hpp"

#include <algorithm>
#include <vector>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_store.hpp"

namespace podium {
namespace {

constexpr std::string_view kContentFolder = "sha256";
constexpr std::string_view kJobsFolder = "jobs";
constexpr std::size_t kSha256Length = 64;
/// Content is spread over 256 folders by the first two digits of its hash.
constexpr std::size_t kSpreadDigits = 2;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto slash = key.find('/');
    parts.push_back(key.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    key.remove_prefix(slash + 1);
  }
}

// Keys come from outside and may hold anything; the log and a person's terminal must not.
std::string shown(std::string_view key) {
  std::string text{key.substr(0, kArtifactNameLengthMax)};
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return "'" + text + "'";
}

}  // namespace

bool is_sha256(std::string_view text) {
  return text.size() == kSha256Length && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_artifact_name(std::string_view name) {
  return !name.empty() && name.size() <= kArtifactNameLengthMax && name.front() != '.' &&
         name.front() != '-' && std::ranges::all_of(name, is_name_character);
}

Result<std::string> content_key(std::string_view sha256) {
  if (!is_sha256(sha256)) return fail(errors::kInvalid, shown(sha256) + " is not a sha256");
  return std::string{kContentFolder} + "/" + std::string{sha256};
}

Result<std::string> named_key(std::string_view job, std::string_view owner, std::string_view name) {
  if (!is_valid_id(job) || job == kContentFolder) {
    return fail(errors::kInvalid, shown(job) + " is not a job's id");
  }
  if (!owner.empty() && !is_valid_id(owner)) {
    return fail(errors::kInvalid, shown(owner) + " is not an owner's id");
  }
  if (!is_artifact_name(name)) {
    return fail(errors::kInvalid, shown(name) + " is not a plain file name");
  }
  std::string key{job};
  if (!owner.empty()) key.append("/").append(owner);
  return key.append("/").append(name);
}

Result<std::filesystem::path> path_of_key(std::string_view key) {
  const std::vector<std::string_view> parts = parts_of(key);
  if (parts.size() == 2 && parts[0] == kContentFolder) {
    PODIUM_TRY(content_key(parts[1]));
    return std::filesystem::path{kContentFolder} / parts[1].substr(0, kSpreadDigits) /
           parts[1].substr(kSpreadDigits);
  }
  if (parts.size() < 2 || parts.size() > 3) {
    return fail(errors::kInvalid, shown(key) + " is not a key");
  }
  const bool has_owner = parts.size() == 3;
  if (has_owner && parts[1].empty()) {
    return fail(errors::kInvalid, shown(key) + " is not a key");
  }
  PODIUM_TRY(named_key(parts[0], has_owner ? parts[1] : "", parts.back()));
  return std::filesystem::path{kJobsFolder} / key;
}

Result<std::string> object_of_key(std::string_view key) {
  PODIUM_TRY(path_of_key(key));
  if (parts_of(key).front() == kContentFolder) return std::string{key};
  return std::string{kJobsFolder} + "/" + std::string{key};
}

Result<void> check_link(std::chrono::seconds lifetime, std::string_view file_name) {
  if (lifetime < std::chrono::seconds{1} || lifetime > kLinkLifetimeMax) {
    return fail(errors::kInvalid, "a link lives from one second to seven days");
  }
  if (!is_artifact_name(file_name)) {
    return fail(errors::kInvalid, shown(file_name) + " is not a plain file name");
  }
  return {};
}

}  // namespace podium
