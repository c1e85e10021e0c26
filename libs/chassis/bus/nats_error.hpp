// Statuses of nats.c and error replies of JetStream as errors of the house. Pure but for the text
// of the calling thread's last error, which nats.c keeps.
#pragma once

#include <string_view>

#include "libs/chassis/bus/nats_handles.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// The error of a status that is not NATS_OK; `what` says what was tried. Takes nats.c's text of
/// this thread's last error along, so call it on the line of the failing call.
Error nats_error(natsStatus status, std::string_view what);

/// The `error` object of a JetStream API reply (nats-server, server/errors.json).
struct JetStreamError {
  /// HTTP-like: 400, 404, 503 ...
  int status = 0;
  /// JetStream's own number: 10071, 10077 ...
  int number = 0;
  std::string_view description;
};

/// 10071 is DONE_ALREADY, a reached limit FULL, an unknown stream or consumer NOT_FOUND, whatever a
/// broker says that is not ready UNAVAILABLE.
Error jetstream_error(const JetStreamError& error, std::string_view what);

}  // namespace podium
