#include "services/executor/adapters/docker_frames.hpp"

#include <algorithm>
#include <cstring>

namespace podium::executor {

bool DockerFrames::feed(std::string_view bytes,
                        const std::function<bool(std::string_view payload)>& sink) {
  while (!bytes.empty() && !broken_) {
    if (payload_left_ > 0) {
      const auto taken = std::min<std::size_t>(payload_left_, bytes.size());
      payload_left_ -= static_cast<std::uint32_t>(taken);
      broken_ = !sink(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      continue;
    }
    const auto taken = std::min(kHeaderBytes - header_filled_, bytes.size());
    std::memcpy(header_.data() + header_filled_, bytes.data(), taken);
    header_filled_ += taken;
    bytes.remove_prefix(taken);
    if (header_filled_ == kHeaderBytes) broken_ = !take_header();
  }
  return !broken_;
}

bool DockerFrames::take_header() {
  header_filled_ = 0;
  const bool known = header_[0] <= 2 && header_[1] == 0 && header_[2] == 0 && header_[3] == 0;
  if (!known) return false;
  payload_left_ = 0;
  for (std::size_t at = 4; at < kHeaderBytes; ++at) {
    payload_left_ = (payload_left_ << 8U) | header_[at];
  }
  return true;
}

}  // namespace podium::executor
