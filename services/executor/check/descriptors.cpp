#include "services/executor/check/descriptors.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <format>

#include "services/executor/tar.hpp"

namespace podium::executor::check {
namespace {

constexpr std::uint64_t kPieceBytes = 1024 * 1024;

std::unexpected<Error> failed(std::string_view what) {
  return fail(errors::kUnavailable, std::format("{}: {}", what, strerror(errno)));
}

Result<std::uint64_t> size_of(int descriptor) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) return failed("fstat");
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

Result<std::string> read_at(int descriptor, std::uint64_t offset, std::uint64_t bytes) {
  std::string content(bytes, '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const auto got = pread(descriptor, content.data() + filled, content.size() - filled,
                           static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

Result<std::string> read_all(int descriptor, std::uint64_t bytes_max) {
  const auto bytes = PODIUM_TRY(size_of(descriptor));
  if (bytes > bytes_max) {
    return fail(errors::kTooLarge, std::format("{} bytes, at most {}", bytes, bytes_max));
  }
  return read_at(descriptor, 0, bytes);
}

Result<void> write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> take_only_file(int tar, int into, std::uint64_t bytes_max) {
  const auto tar_bytes = PODIUM_TRY(size_of(tar));
  const auto member = PODIUM_TRY(find_only_file(
      [tar](std::uint64_t offset, std::uint64_t bytes) { return read_at(tar, offset, bytes); },
      tar_bytes));
  if (member.bytes > bytes_max) {
    return fail(errors::kInvalid,
                std::format("it has {} bytes, at most {}", member.bytes, bytes_max));
  }
  for (std::uint64_t done = 0; done < member.bytes; done += kPieceBytes) {
    const auto piece =
        PODIUM_TRY(read_at(tar, member.offset + done, std::min(kPieceBytes, member.bytes - done)));
    PODIUM_TRY(write_all(into, piece));
  }
  return {};
}

}  // namespace podium::executor::check
