#include "libs/competition/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "libs/competition/reasons.hpp"

namespace podium::competition {

Result<FileSource> FileSource::open(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  // O_NONBLOCK: a pipe that stands where a file should be must not hang the open.
  FileSource source{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (source.descriptor_ < 0) {
    return fail(reasons::kDataUnreadable, name + ": " + std::strerror(errno));
  }
  source.owned_ = true;
  if (!source.size()) return fail(reasons::kDataUnreadable, name + " is not a regular file");
  return source;
}

FileSource::~FileSource() {
  if (owned_) ::close(descriptor_);
}

FileSource::FileSource(FileSource&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      owned_{std::exchange(other.owned_, false)} {}

Result<std::size_t> FileSource::read(std::span<char> room) {
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, room.data(), room.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) return fail(reasons::kDataUnreadable, std::strerror(errno));
  return static_cast<std::size_t>(got);
}

Result<void> FileSource::seek(std::uint64_t position) {
  if (::lseek(descriptor_, static_cast<off_t>(position), SEEK_SET) < 0) {
    return fail(reasons::kDataUnreadable, std::strerror(errno));
  }
  return {};
}

Result<std::uint64_t> FileSource::size() const {
  struct stat status{};
  if (fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(reasons::kDataUnreadable, "not a regular file");
  }
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> TextSource::read(std::span<char> room) {
  const std::size_t got = std::min(room.size(), rest_.size());
  std::ranges::copy(rest_.substr(0, got), room.begin());
  rest_.remove_prefix(got);
  return got;
}

}  // namespace podium::competition
