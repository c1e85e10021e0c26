// Owners of nats.c's handles: one alias per C type. The only file that includes <nats/nats.h>, and
// only libs/chassis/bus includes this one. A handle belongs to one thread at a time, unless nats.c
// says otherwise (connection and JetStream context).
#pragma once

#include <nats/nats.h>

#include <memory>
#include <string_view>

namespace podium {

template <auto destroy>
struct NatsDeleter {
  template <typename Handle>
  void operator()(Handle* handle) const noexcept {
    destroy(handle);
  }
};

using NatsConnection = std::unique_ptr<natsConnection, NatsDeleter<natsConnection_Destroy>>;
using NatsMessage = std::unique_ptr<natsMsg, NatsDeleter<natsMsg_Destroy>>;
using NatsMetadata = std::unique_ptr<jsMsgMetaData, NatsDeleter<jsMsgMetaData_Destroy>>;
using NatsOptions = std::unique_ptr<natsOptions, NatsDeleter<natsOptions_Destroy>>;
using NatsSubscription = std::unique_ptr<natsSubscription, NatsDeleter<natsSubscription_Destroy>>;
using JetStreamContext = std::unique_ptr<jsCtx, NatsDeleter<jsCtx_Destroy>>;

/// The body, without a copy; lives as long as the message.
inline std::string_view body_of(const natsMsg* message) {
  return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

/// A header's value by its exact name; empty when it is not there. Lives as long as the message.
inline std::string_view header_of(natsMsg* message, const char* name) {
  const char* value = nullptr;
  if (natsMsgHeader_Get(message, name, &value) != NATS_OK || value == nullptr) return {};
  return value;
}

}  // namespace podium
