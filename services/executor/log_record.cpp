#include "services/executor/log_record.hpp"

#include <algorithm>
#include <format>

#include "services/executor/limits.hpp"

namespace podium::executor {

Result<LogRecord> LogRecord::make(const std::filesystem::path& folder, std::uint64_t bytes_max) {
  return LogRecord{PODIUM_TRY(ScratchFile::make(folder)), bytes_max};
}

Result<bool> LogRecord::add(std::string_view bytes) {
  const auto room = bytes_max_ - std::min(head_.size(), bytes_max_);
  PODIUM_TRY(head_.append(
      bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size())))));
  full_ = full_ || bytes.size() > room;
  end_.append(bytes.substr(bytes.size() - std::min(bytes.size(), kLogEndBytesMax)));
  if (end_.size() > kLogEndBytesMax) end_.erase(0, end_.size() - kLogEndBytesMax);
  return !full_;
}

Result<std::string> LogRecord::whole() const {
  auto text = PODIUM_TRY(head_.read(0, bytes_max_));
  if (full_) {
    text +=
        std::format("\n[podium: the log was cut after {} bytes; its end follows]\n", bytes_max_);
    text += end_;
  }
  return text;
}

}  // namespace podium::executor
