#include "libs/chassis/bus/nats_error.hpp"

#include <format>

namespace podium {
namespace {

const ErrorCode& code_of(natsStatus status) {
  switch (status) {
    case NATS_TIMEOUT:
    case NATS_NO_RESPONDERS:
    case NATS_NO_SERVER:
    case NATS_CONNECTION_CLOSED:
    case NATS_CONNECTION_DISCONNECTED:
    case NATS_STALE_CONNECTION:
    case NATS_IO_ERROR:
    case NATS_INSUFFICIENT_BUFFER:
    case NATS_MISSED_HEARTBEAT:
      return errors::kUnavailable;
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED:
      return errors::kPermission;
    case NATS_MAX_PAYLOAD:
      return errors::kTooLarge;
    case NATS_INVALID_ARG:
    case NATS_INVALID_SUBJECT:
      return errors::kInvalid;
    case NATS_NOT_FOUND:
      return errors::kNotFound;
    default:
      return errors::kInternal;
  }
}

// Numbers of server/errors.json; nats.c gives names to a part of them only.
constexpr int kMessageExceedsMaximum = 10054;
constexpr int kWrongLastSequence = 10071;
constexpr int kStoreFailed = 10077;
constexpr int kStorageResourcesExceeded = 10047;
constexpr int kInsufficientResources = 10023;

const ErrorCode& code_of(const JetStreamError& error) {
  switch (error.number) {
    case kMessageExceedsMaximum:
      return errors::kTooLarge;
    case kWrongLastSequence:
      return errors::kDoneAlready;
    case kStorageResourcesExceeded:
    case kInsufficientResources:
      return errors::kFull;
    case kStoreFailed:
      // The same number carries "maximum messages exceeded" and what the file system said.
      return error.description.contains("maximum") ? errors::kFull : errors::kUnavailable;
    default:
      break;
  }
  if (error.status == 404) return errors::kNotFound;
  if (error.status == 503) return errors::kUnavailable;
  return errors::kInternal;
}

}  // namespace

Error nats_error(natsStatus status, std::string_view what) {
  natsStatus last = NATS_OK;
  const char* const text = nats_GetLastError(&last);
  const bool tells = last == status && text != nullptr && *text != '\0';
  return {&code_of(status), std::format("{}: {}", what, tells ? text : natsStatus_GetText(status))};
}

Error jetstream_error(const JetStreamError& error, std::string_view what) {
  return {&code_of(error),
          std::format("{}: {} (JetStream {})", what, error.description, error.number)};
}

}  // namespace podium
