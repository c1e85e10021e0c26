// Which addresses belong to the public internet: what a stranger may name to be called. Pure.
#pragma once

#include <cstddef>

struct sockaddr;

namespace podium {

/// False for everything that the registries of special addresses (RFC 6890) keep from the public
/// internet: loopback, private, link-local (cloud metadata is there), shared (RFC 6598), multicast,
/// documentation, reserved; for IPv6 all but global unicast, and what embeds an IPv4 address
/// (mapped, NAT64) by that address; for families other than IP, and for an address that is shorter
/// than its family's. `bytes` is the length of what `address` points to.
bool is_public_address(const sockaddr* address, std::size_t bytes);

}  // namespace podium
