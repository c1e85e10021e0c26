#include "libs/chassis/http/listening_socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

namespace podium::http {
namespace {

/// Connections that the kernel keeps until they are accepted.
constexpr int kBacklog = 512;

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

void switch_on(int descriptor, int level, int option) {
  const int on = 1;
  setsockopt(descriptor, level, option, &on, sizeof on);
}

std::string text_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.ss_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  } else if (address.ss_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  }
  if (bytes == nullptr) return "unknown";
  inet_ntop(address.ss_family, bytes, text.data(), text.size());
  return text.data();
}

}  // namespace

Result<int> listen_on(const std::string& host, int port) {
  const std::string where = host + ":" + std::to_string(port);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
      code != 0) {
    return fail(errors::kUnavailable, "cannot listen on " + where + ": " + gai_strerror(code));
  }
  const Addresses addresses{list};
  int last_error = 0;
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
    const int made =
        socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
    switch_on(made, SOL_SOCKET, SO_REUSEADDR);
    if (bind(made, at->ai_addr, at->ai_addrlen) == 0 && listen(made, kBacklog) == 0) return made;
    last_error = errno;
    if (made >= 0) close(made);
  }
  return fail(errors::kUnavailable,
              "cannot listen on " + where + ": " + std::system_category().message(last_error));
}

int port_of(int listener) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

std::optional<AcceptedSocket> accept_from(int listener, bool& out_of_descriptors) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  const int made = accept4(listener, reinterpret_cast<sockaddr*>(&address), &length,
                           SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (made < 0) {
    out_of_descriptors = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return std::nullopt;
  }
  switch_on(made, IPPROTO_TCP, TCP_NODELAY);
  return AcceptedSocket{made, text_of(address)};
}

}  // namespace podium::http
