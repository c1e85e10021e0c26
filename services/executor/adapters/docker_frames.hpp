// Takes apart the engine's stream of a container's output: frames of eight bytes (stream, three
// zeros, big-endian length) and payload, in any pieces. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace podium::executor {

class DockerFrames {
 public:
  /// Gives the payloads in order, stdout and stderr as they come. False when `sink` returned false
  /// or the bytes are no frames; nothing more is given then.
  bool feed(std::string_view bytes, const std::function<bool(std::string_view payload)>& sink);

 private:
  static constexpr std::size_t kHeaderBytes = 8;
  bool take_header();

  std::array<unsigned char, kHeaderBytes> header_{};
  std::size_t header_filled_ = 0;
  std::uint32_t payload_left_ = 0;
  bool broken_ = false;
};

}  // namespace podium::executor
