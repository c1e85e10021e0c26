#include "libs/chassis/child/scratch_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <format>
#include <utility>

namespace podium {
namespace {

std::unexpected<Error> failed(std::string_view what) {
  return fail(errors::kUnavailable, std::format("scratch file: {}: {}", what, strerror(errno)));
}

/// For file systems without O_TMPFILE: a name that is taken away at once.
int open_and_unlink(const std::filesystem::path& folder) {
  std::string name = (folder / "podium-XXXXXX").string();
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) unlink(name.c_str());
  return descriptor;
}

}  // namespace

Result<ScratchFile> ScratchFile::make(const std::filesystem::path& folder) {
  int descriptor = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) descriptor = open_and_unlink(folder);
  if (descriptor < 0) return failed(folder.string());
  return ScratchFile{descriptor};
}

ScratchFile::~ScratchFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)} {}

ScratchFile& ScratchFile::operator=(ScratchFile&& other) noexcept {
  if (this == &other) return *this;
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = std::exchange(other.descriptor_, -1);
  return *this;
}

Result<void> ScratchFile::append(std::string_view bytes) {
  auto offset = static_cast<off_t>(size());
  while (!bytes.empty()) {
    const auto written = pwrite(descriptor_, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return {};
}

std::uint64_t ScratchFile::size() const {
  struct stat status{};
  return fstat(descriptor_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Result<std::string> ScratchFile::read(std::uint64_t offset, std::uint64_t bytes_max) const {
  const auto whole = size();
  std::string bytes(std::min(bytes_max, whole - std::min(offset, whole)), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto got = pread(descriptor_, bytes.data() + filled, bytes.size() - filled,
                           static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

std::filesystem::path ScratchFile::path() const {
  return std::format("/proc/self/fd/{}", descriptor_);
}

}  // namespace podium
