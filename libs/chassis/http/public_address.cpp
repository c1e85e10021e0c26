#include "libs/chassis/http/public_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace podium {
namespace {

struct Range4 {
  std::uint32_t first;
  unsigned bits;
};

// IANA IPv4 Special-Purpose Address Registry, and multicast and reserved above 224.0.0.0.
constexpr std::array kNotPublic4{
    Range4{0x00000000, 8},   // this network
    Range4{0x0A000000, 8},   // private
    Range4{0x64400000, 10},  // shared, of carriers
    Range4{0x7F000000, 8},   // loopback
    Range4{0xA9FE0000, 16},  // link-local
    Range4{0xAC100000, 12},  // private
    Range4{0xC0000000, 24},  // protocol assignments
    Range4{0xC0000200, 24},  // documentation
    Range4{0xC0586300, 24},  // 6to4 relays
    Range4{0xC0A80000, 16},  // private
    Range4{0xC6120000, 15},  // benchmarks
    Range4{0xC6336400, 24},  // documentation
    Range4{0xCB007100, 24},  // documentation
    Range4{0xE0000000, 3},   // multicast, reserved, broadcast
};

bool is_public4(std::uint32_t address) {
  return std::ranges::none_of(kNotPublic4, [address](const Range4& range) {
    return (address ^ range.first) >> (32U - range.bits) == 0;
  });
}

using Bytes6 = std::array<std::uint8_t, 16>;

struct Range6 {
  Bytes6 first;
  unsigned bits;
};

bool is_in(const Bytes6& address, const Range6& range) {
  const std::size_t whole = range.bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  range.first.begin())) {
    return false;
  }
  const unsigned rest = range.bits % 8;
  return rest == 0 || (address.at(whole) ^ range.first.at(whole)) >> (8U - rest) == 0;
}

// IANA IPv6 Special-Purpose Address Registry, inside global unicast.
constexpr Range6 kGlobalUnicast{{0x20}, 3};
constexpr std::array kNotPublic6{
    Range6{{0x20, 0x01}, 23},              // protocol assignments, Teredo
    Range6{{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    Range6{{0x20, 0x02}, 16},              // 6to4, which embeds any IPv4 address
    Range6{{0x3f, 0xff}, 20},              // documentation
};
// Their last four bytes are the IPv4 address that is reached.
constexpr std::array kEmbedding4{
    Range6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},  // mapped
    Range6{{0, 0x64, 0xff, 0x9b}, 96},                       // NAT64
};

bool is_public6(const Bytes6& address) {
  const auto contains = [&](const Range6& range) { return is_in(address, range); };
  if (std::ranges::any_of(kEmbedding4, contains)) {
    std::uint32_t embedded = 0;
    for (const auto byte : std::span{address}.last(4)) embedded = embedded << 8U | byte;
    return is_public4(embedded);
  }
  return contains(kGlobalUnicast) && std::ranges::none_of(kNotPublic6, contains);
}

}  // namespace

bool is_public_address(const sockaddr* address, std::size_t bytes) {
  sockaddr_storage storage{};
  std::memcpy(&storage, address, std::min(bytes, sizeof storage));
  if (storage.ss_family == AF_INET && bytes >= sizeof(sockaddr_in)) {
    sockaddr_in four{};
    std::memcpy(&four, &storage, sizeof four);
    return is_public4(ntohl(four.sin_addr.s_addr));
  }
  if (storage.ss_family == AF_INET6 && bytes >= sizeof(sockaddr_in6)) {
    sockaddr_in6 six{};
    std::memcpy(&six, &storage, sizeof six);
    Bytes6 plain{};
    std::memcpy(plain.data(), &six.sin6_addr, plain.size());
    return is_public6(plain);
  }
  return false;
}

}  // namespace podium
