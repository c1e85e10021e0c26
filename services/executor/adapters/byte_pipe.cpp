#include "services/executor/adapters/byte_pipe.hpp"

#include <algorithm>
#include <cstring>

namespace podium::executor {

bool BytePipe::write(std::string_view piece) {
  std::unique_lock lock{mutex_};
  while (!piece.empty()) {
    changed_.wait(lock, [this] { return reading_done_ || buffer_.size() - read_at_ < bytes_max_; });
    if (reading_done_) return false;
    if (read_at_ > 0) {
      buffer_.erase(0, read_at_);
      read_at_ = 0;
    }
    const auto taken = std::min(piece.size(), bytes_max_ - buffer_.size());
    buffer_.append(piece.substr(0, taken));
    piece.remove_prefix(taken);
    changed_.notify_all();
  }
  return true;
}

void BytePipe::close_writing(bool complete) {
  const std::scoped_lock lock{mutex_};
  writing_done_ = true;
  source_failed_ = !complete;
  changed_.notify_all();
}

std::optional<std::size_t> BytePipe::read(char* buffer, std::size_t room) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return writing_done_ || read_at_ < buffer_.size(); });
  if (source_failed_) return std::nullopt;
  const auto taken = std::min(room, buffer_.size() - read_at_);
  std::memcpy(buffer, buffer_.data() + read_at_, taken);
  read_at_ += taken;
  changed_.notify_all();
  return taken;
}

void BytePipe::close_reading() {
  const std::scoped_lock lock{mutex_};
  reading_done_ = true;
  changed_.notify_all();
}

}  // namespace podium::executor
