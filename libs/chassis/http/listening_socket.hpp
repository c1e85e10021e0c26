// Sockets that listen and what they accept. Free functions without state: any thread.
#pragma once

#include <optional>
#include <string>

#include "libs/chassis/result.hpp"

namespace podium::http {

/// A non-blocking TCP socket that listens on host and port (0: any). The caller closes it.
/// UNAVAILABLE when the address cannot be had; the detail names it.
Result<int> listen_on(const std::string& host, int port);

/// The port that a listening socket got.
int port_of(int listener);

struct AcceptedSocket {
  /// Non-blocking, without delay for small pieces. The taker closes it.
  int descriptor = -1;
  /// "127.0.0.1"; without port.
  std::string remote_address{};
};

/// The next connection that waits; nullopt when none does. `out_of_descriptors` is set when the
/// process has none left: the listener stays readable then.
std::optional<AcceptedSocket> accept_from(int listener, bool& out_of_descriptors);

}  // namespace podium::http
