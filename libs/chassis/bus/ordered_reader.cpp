#include "libs/chassis/bus/ordered_reader.hpp"

#include <format>
#include <utility>

#include "libs/chassis/bus/jetstream_api.hpp"
#include "libs/chassis/bus/nats_error.hpp"
#include "libs/chassis/log.hpp"

namespace podium {
namespace {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;
using SystemTime = std::chrono::system_clock::time_point;

/// Two missing heartbeats make the library begin anew, so this bounds the stall after a restart.
constexpr nanoseconds kReaderHeartbeat = std::chrono::seconds{1};

void hand_over(const std::function<void(const OrderedMessage&)>& on_message, natsMsg* message) {
  NatsMetadata metadata;
  if (natsMsg_GetMetaData(std::out_ptr(metadata), message) != NATS_OK) {
    log_warning("a message of an ordered consumer without metadata is left out",
                {{"subject", natsMsg_GetSubject(message)}});
    return;
  }
  const nanoseconds since_epoch{metadata->Timestamp};
  on_message({.subject = natsMsg_GetSubject(message),
              .data = body_of(message),
              .sequence = metadata->Sequence.Stream,
              .time = SystemTime{duration_cast<SystemTime::duration>(since_epoch)},
              .operation = header_of(message, "KV-Operation")});
}

Error explain(const Connection& connection, std::string_view stream, jsErrCode number,
              Error error) {
  if (number == JSStreamNotFoundErr) return {&errors::kNotFound, std::move(error.detail)};
  if (connection.was_refused(jetstream::create_consumer_subject(stream))) {
    return {&errors::kPermission, std::format("the server refused to read stream {}", stream)};
  }
  return error;
}

}  // namespace

Result<std::unique_ptr<Subscription>> read_in_order(
    Connection& connection, std::string_view stream, std::string_view subject, OrderedStart start,
    std::function<void(const OrderedMessage& message)> on_message) {
  PODIUM_TRY(connection.wait_connected(connection.request_timeout()));
  const std::string stream_name{stream};
  const std::string filter{subject};
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Ordered = true;
  options.Stream = stream_name.c_str();
  options.Config.Heartbeat = kReaderHeartbeat.count();
  if (start.first > 0) options.Config.OptStartSeq = start.first;
  if (start.last_per_subject) options.Config.DeliverPolicy = js_DeliverLastPerSubject;

  auto number = static_cast<jsErrCode>(0);
  auto made = CallbackSubscription::open(
      [&](natsSubscription** subscription, natsMsgHandler handler, void* closure) {
        return js_Subscribe(subscription, connection.jetstream(), filter.c_str(), handler, closure,
                            nullptr, &options, &number);
      },
      [on_message = std::move(on_message)](const NatsMessage& message) {
        hand_over(on_message, message.get());
      });
  if (!made) return std::unexpected{explain(connection, stream, number, std::move(made.error()))};
  return std::move(*made);
}

}  // namespace podium
