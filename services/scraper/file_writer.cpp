#include "services/scraper/file_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <format>
#include <utility>

#include "libs/competition/reasons.hpp"

namespace podium::scraper {

std::unexpected<Error> disk_trouble(std::string_view what, const std::error_code& why) {
  // The standard has no name for a quota that is used up.
  const bool full = why.value() == ENOSPC || why.value() == EDQUOT || why.value() == EFBIG;
  return fail(full ? competition::reasons::kDiskTooSmall : errors::kUnavailable,
              std::format("{}: {}", what, why.message()));
}

std::unexpected<Error> disk_trouble(const std::filesystem::filesystem_error& error) {
  return disk_trouble(error.path1().filename().string(), error.code());
}

FileWriter::FileWriter(std::filesystem::path file)
    : file_{std::move(file)},
      descriptor_{::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)} {
  if (descriptor_ < 0) error_ = errno;
}

FileWriter::~FileWriter() {
  std::ignore = close();
}

Result<void> FileWriter::write(std::string_view bytes) {
  while (error_ == 0 && !bytes.empty()) {
    const auto put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      error_ = errno;
      break;
    }
    written_ += static_cast<std::uint64_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return error_ == 0 ? Result<void>{} : broken();
}

Result<void> FileWriter::close() {
  // Some file systems tell only now that there is no room.
  if (descriptor_ >= 0 && ::close(std::exchange(descriptor_, -1)) != 0) error_ = errno;
  return error_ == 0 ? Result<void>{} : broken();
}

std::unexpected<Error> FileWriter::broken() const {
  return disk_trouble(std::format("{} cannot be written, after {} bytes of it",
                                  file_.filename().string(), written_),
                      {error_, std::generic_category()});
}

}  // namespace podium::scraper
