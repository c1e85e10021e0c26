#include "libs/chassis/store/artifact_store.hpp"

#include <algorithm>

#include "libs/chassis/store/artifact_keys.hpp"

namespace podium {

Result<std::string> ArtifactStore::get_range(std::string_view key, std::uint64_t offset,
                                             std::uint64_t length) {
  std::string range;
  const auto result = read(key, [&](std::string_view piece) {
    const auto skipped = std::min<std::uint64_t>(offset, piece.size());
    offset -= skipped;
    piece.remove_prefix(skipped);
    range.append(piece.substr(0, length - range.size()));
    return range.size() < length;
  });
  if (!result && !result.error().is(errors::kStopped)) return std::unexpected{result.error()};
  return range;
}

Result<std::optional<std::string>> ArtifactStore::temporary_link(std::string_view key,
                                                                 std::chrono::seconds lifetime,
                                                                 std::string_view file_name) {
  PODIUM_TRY(path_of_key(key));
  PODIUM_TRY(check_link(lifetime, file_name));
  return std::nullopt;
}

}  // namespace podium
