// Plain sockets for tests: a peer that says exactly what a test wants, well-formed or not. Every
// wait ends after kSocketWaitMax. One thread at a time for each object.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace podium::testing_support {

/// Longer than any wait that succeeds; a test that reaches it fails.
inline constexpr std::chrono::milliseconds kSocketWaitMax{20'000};

/// A connected stream socket; closes itself.
class TestSocket {
 public:
  explicit TestSocket(int descriptor) : descriptor_{descriptor} {}
  ~TestSocket() { close(); }
  TestSocket(TestSocket&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  TestSocket& operator=(TestSocket&& other) noexcept;

  /// Connects to 127.0.0.1:port.
  static TestSocket connect(int port);

  bool valid() const { return descriptor_ >= 0; }
  /// Stays with the socket.
  int descriptor() const { return descriptor_; }
  /// False when the other side has closed.
  bool send(std::string_view bytes);
  /// Reads until `mark` has come (or until the end); what was read after it is kept for later.
  std::string read_until(std::string_view mark);
  /// Reads exactly `count` bytes, fewer when the other side closes before.
  std::string read_bytes(std::size_t count);
  /// Reads until the other side closes.
  std::string read_to_end();
  /// Head and body of one HTTP message with Content-Length (or without body).
  std::string read_http_message();
  /// Says that nothing more will be sent.
  void finish_sending();
  void close();

 private:
  bool read_more();
  int descriptor_;
  std::string buffer_;
};

/// A listening socket on 127.0.0.1 with a free port, or on the unix socket `path`.
class TestListener {
 public:
  TestListener();
  explicit TestListener(const std::string& path);
  ~TestListener();
  TestListener(const TestListener&) = delete;
  TestListener& operator=(const TestListener&) = delete;

  int port() const { return port_; }
  /// The next connection; invalid when none came.
  TestSocket accept();
  /// Takes no more connections; who waits in accept() gets an invalid one. From any thread.
  void close() const;

 private:
  int descriptor_;
  int port_ = 0;
};

}  // namespace podium::testing_support
