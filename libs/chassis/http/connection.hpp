// One client's connection: its socket and what was read ahead. Owned by the connection loop or by
// the worker that answers, never by both.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace podium::http {

/// Slowest rate at which a body may come or an answer may be taken, after the first timeout.
inline constexpr std::uint64_t kBytesPerSecondMin = 16 * 1024;

/// By when the next byte must have moved: a fixed time after the last one, and all in all a fixed
/// time plus what the bytes so far have earned at kBytesPerSecondMin. So a client that stands still
/// is seen soon, and one that takes a byte a second is too.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Pace(std::chrono::milliseconds timeout)
      : begin_{Clock::now()}, last_{begin_}, timeout_{timeout} {}
  void moved(std::uint64_t bytes) {
    bytes_ += bytes;
    last_ = Clock::now();
  }
  Clock::time_point deadline() const {
    const std::chrono::milliseconds earned{bytes_ * 1'000 / kBytesPerSecondMin};
    return std::min(begin_ + timeout_ + earned, last_ + timeout_);
  }

 private:
  Clock::time_point begin_;
  Clock::time_point last_;
  std::chrono::milliseconds timeout_;
  std::uint64_t bytes_ = 0;
};

class HttpConnection {
 public:
  /// Takes the socket over; it must not block.
  HttpConnection(int descriptor, std::string remote_address);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  int descriptor() const { return descriptor_; }
  const std::string& remote_address() const { return remote_address_; }

  enum class Read { some, nothing_yet, closed };
  /// Appends what is there to buffer(), without waiting.
  Read read_ahead();
  std::string& buffer() { return buffer_; }

  /// Up to `room` bytes, from the buffer first; 0 when the client has closed or the pace is over.
  std::size_t read(char* into, std::size_t room, Pace& pace);
  /// Tells a client that waits for it to send its body (RFC 9110, 15.2.1).
  void write_continue() { write_without_waiting("HTTP/1.1 100 Continue\r\n\r\n"); }
  /// All of it, or false when the client has gone or the pace is over.
  bool write(std::string_view bytes, Pace& pace);
  /// What goes out at once, for short answers of the connection loop.
  void write_without_waiting(std::string_view bytes);
  /// Waits until a write would take something; false when the client has gone or the pace is over.
  bool wait_writable(const Pace& pace) const;
  /// False when the client has closed its side or the connection is broken.
  bool is_alive() const;
  /// Tells the client that nothing more comes.
  void finish_writing();

 private:
  bool wait_for(short what, const Pace& pace) const;

  int descriptor_;
  std::string remote_address_;
  std::string buffer_;
};

}  // namespace podium::http
