#include "services/scraper/testing/counting_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace podium::scraper::testing {
namespace {

constexpr int kListening = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

int listen_on(const sockaddr* address, socklen_t length) {
  const int made = ::socket(address->sa_family, kListening, 0);
  if (made < 0) return -1;
  if (bind(made, address, length) == 0 && listen(made, SOMAXCONN) == 0) return made;
  close(made);
  return -1;
}

}  // namespace

CountingListener::CountingListener() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const int first = listen_on(reinterpret_cast<const sockaddr*>(&address), length);
  if (first < 0 || getsockname(first, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error{"nobody can listen on 127.0.0.1"};
  }
  sockets_.push_back(first);
  port_ = ntohs(address.sin_port);
  sockaddr_in6 same{};
  same.sin6_family = AF_INET6;
  same.sin6_addr = in6addr_loopback;
  same.sin6_port = address.sin_port;
  const int second = listen_on(reinterpret_cast<const sockaddr*>(&same), sizeof same);
  if (second >= 0) sockets_.push_back(second);
}

CountingListener::~CountingListener() {
  for (const int socket : sockets_) close(socket);
}

int CountingListener::count() {
  for (const int socket : sockets_) {
    for (int peer = accept(socket, nullptr, nullptr); peer >= 0;
         peer = accept(socket, nullptr, nullptr)) {
      close(peer);
      ++count_;
    }
  }
  return count_;
}

}  // namespace podium::scraper::testing
