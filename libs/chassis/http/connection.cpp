#include "libs/chassis/http/connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace podium::http {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
/// Longest single wait; the deadline is looked at again after it.
constexpr std::int64_t kPollMillisecondsMax = 60'000;

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

HttpConnection::HttpConnection(int descriptor, std::string remote_address)
    : descriptor_{descriptor}, remote_address_{std::move(remote_address)} {}

HttpConnection::~HttpConnection() {
  close(descriptor_);
}

HttpConnection::Read HttpConnection::read_ahead() {
  std::array<char, kReadBytes> piece;
  const ssize_t got = recv(descriptor_, piece.data(), piece.size(), 0);
  if (got > 0) {
    buffer_.append(piece.data(), static_cast<std::size_t>(got));
    return Read::some;
  }
  return got < 0 && would_block() ? Read::nothing_yet : Read::closed;
}

std::size_t HttpConnection::read(char* into, std::size_t room, Pace& pace) {
  if (!buffer_.empty()) {
    const std::size_t taken = std::min(room, buffer_.size());
    std::copy_n(buffer_.data(), taken, into);
    buffer_.erase(0, taken);
    pace.moved(taken);
    return taken;
  }
  while (wait_for(POLLIN, pace)) {
    const ssize_t got = recv(descriptor_, into, room, 0);
    if (got < 0 && would_block()) continue;
    if (got <= 0) return 0;
    pace.moved(static_cast<std::size_t>(got));
    return static_cast<std::size_t>(got);
  }
  return 0;
}

bool HttpConnection::write(std::string_view bytes, Pace& pace) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && !would_block()) return false;
    if (sent < 0 && !wait_for(POLLOUT, pace)) return false;
    if (sent < 0) continue;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    pace.moved(static_cast<std::size_t>(sent));
    if (!bytes.empty() && Pace::Clock::now() >= pace.deadline()) return false;
  }
  return true;
}

void HttpConnection::write_without_waiting(std::string_view bytes) {
  // A client that has no room for a few hundred bytes goes without them.
  static_cast<void>(send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

bool HttpConnection::wait_writable(const Pace& pace) const {
  return wait_for(POLLOUT, pace);
}

bool HttpConnection::is_alive() const {
  pollfd state{.fd = descriptor_, .events = POLLIN | POLLRDHUP, .revents = 0};
  if (poll(&state, 1, 0) < 0) return false;
  if ((state.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return false;
  if ((state.revents & POLLIN) == 0) return true;
  char next = 0;
  const ssize_t got = recv(descriptor_, &next, 1, MSG_PEEK | MSG_DONTWAIT);
  return got > 0 || (got < 0 && would_block());
}

void HttpConnection::finish_writing() {
  shutdown(descriptor_, SHUT_WR);
}

// Looks once even when the time is over: who is ready is served however late we come.
bool HttpConnection::wait_for(short what, const Pace& pace) const {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(pace.deadline() - Pace::Clock::now());
    const auto wait = std::clamp<std::int64_t>(left.count(), 0, kPollMillisecondsMax);
    pollfd waiting{.fd = descriptor_, .events = what, .revents = 0};
    const int ready = poll(&waiting, 1, static_cast<int>(wait));
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0) return (waiting.revents & (POLLERR | POLLNVAL)) == 0;
    if (wait == 0) return false;
  }
}

}  // namespace podium::http
