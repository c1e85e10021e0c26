#include "libs/competition/submission_writer.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "libs/competition/cell.hpp"

namespace podium::competition {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} * 1024;

}  // namespace

Result<void> SubmissionWriter::write_row(const std::vector<std::string>& cells, char delimiter) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) buffer_.push_back(delimiter);
    append_csv_field(buffer_, cells[i], delimiter);
  }
  buffer_.push_back('\n');
  return buffer_.size() < kBufferBytes ? Result<void>{} : flush();
}

Result<void> SubmissionWriter::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t put = ::write(descriptor_, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      return fail(errors::kUnavailable, std::string{"the submission: "} + std::strerror(errno));
    }
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  buffer_.clear();
  return {};
}

}  // namespace podium::competition
