#include "libs/chassis/http/test_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace podium::testing_support {
namespace {

bool wait_readable(int descriptor) {
  pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, static_cast<int>(kSocketWaitMax.count())) == 1;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// The value of Content-Length in a head, 0 when there is none.
std::size_t content_length(std::string head) {
  std::ranges::transform(head, head.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view kName = "\r\ncontent-length: ";
  const auto at = head.find(kName);
  if (at == std::string::npos) return 0;
  std::size_t length = 0;
  std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  return length;
}

}  // namespace

TestSocket& TestSocket::operator=(TestSocket&& other) noexcept {
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  buffer_ = std::move(other.buffer_);
  return *this;
}

TestSocket TestSocket::connect(int port) {
  TestSocket made{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const sockaddr_in address = loopback(port);
  if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
      0) {
    throw std::runtime_error{"cannot connect to the port under test"};
  }
  return made;
}

bool TestSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool TestSocket::read_more() {
  std::array<char, 16 * 1024> piece;
  if (descriptor_ < 0 || !wait_readable(descriptor_)) return false;
  const ssize_t got = recv(descriptor_, piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

std::string TestSocket::read_until(std::string_view mark) {
  while (buffer_.find(mark) == std::string::npos && read_more()) {
  }
  const auto at = buffer_.find(mark);
  return read_bytes(at == std::string::npos ? buffer_.size() : at + mark.size());
}

std::string TestSocket::read_bytes(std::size_t count) {
  while (buffer_.size() < count && read_more()) {
  }
  std::string taken = buffer_.substr(0, count);
  buffer_.erase(0, taken.size());
  return taken;
}

std::string TestSocket::read_to_end() {
  while (read_more()) {
  }
  return std::exchange(buffer_, {});
}

std::string TestSocket::read_http_message() {
  std::string head = read_until("\r\n\r\n");
  return head + read_bytes(content_length(head));
}

void TestSocket::finish_sending() {
  shutdown(descriptor_, SHUT_WR);
}

void TestSocket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

TestListener::TestListener() : descriptor_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  if (descriptor_ < 0 ||
      bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), length) != 0 ||
      listen(descriptor_, 128) != 0 ||
      getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error{"cannot listen on the loopback"};
  }
  port_ = ntohs(address.sin_port);
}

TestListener::TestListener(const std::string& path)
    : descriptor_{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error{"the path is too long"};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  unlink(path.c_str());
  if (descriptor_ < 0 ||
      bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(descriptor_, 128) != 0) {
    throw std::runtime_error{"cannot listen on the unix socket"};
  }
}

void TestListener::close() const {
  shutdown(descriptor_, SHUT_RDWR);
}

TestListener::~TestListener() {
  ::close(descriptor_);
}

TestSocket TestListener::accept() {
  if (!wait_readable(descriptor_)) return TestSocket{-1};
  return TestSocket{::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC)};
}

}  // namespace podium::testing_support
