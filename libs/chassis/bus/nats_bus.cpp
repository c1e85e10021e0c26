#include "libs/chassis/bus/nats_bus.hpp"

#include <format>
#include <utility>

#include "libs/chassis/bus/callback_subscription.hpp"
#include "libs/chassis/bus/direct_get.hpp"
#include "libs/chassis/bus/jetstream_api.hpp"
#include "libs/chassis/bus/key_value.hpp"
#include "libs/chassis/bus/ordered_reader.hpp"
#include "libs/chassis/bus/pull_consumer.hpp"
#include "libs/chassis/bus/repeat.hpp"
#include "libs/chassis/bus/stream_publish.hpp"
#include "libs/chassis/log.hpp"

namespace podium {
namespace {

std::optional<StoredMessage> stored(const std::optional<DirectMessage>& message) {
  return message ? std::optional{message->stored()} : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Bus>> Bus::connect(const BusOptions& options) {
  return std::make_unique<NatsBus>(PODIUM_TRY(Connection::open(options)));
}

NatsBus::NatsBus(std::shared_ptr<Connection> connection) : connection_{std::move(connection)} {}

Result<Published> NatsBus::publish(std::string_view subject, std::string_view data,
                                   const PublishOptions& options) {
  StreamMessage message{.subject = subject,
                        .data = data,
                        .message_id = options.message_id,
                        .headers = options.headers};
  if (options.expect_empty_subject) message.expected_subject_sequence = 0;
  return publish_to_stream(*connection_, std::move(message));
}

Result<std::optional<StoredMessage>> NatsBus::last_message(std::string_view stream,
                                                           std::string_view subject) {
  return get_last(*connection_, stream, subject).transform(stored);
}

Result<std::optional<StoredMessage>> NatsBus::message_at(std::string_view stream,
                                                         std::uint64_t sequence) {
  return get_at(*connection_, stream, sequence).transform(stored);
}

Result<void> NatsBus::delete_message(std::string_view stream, std::uint64_t sequence) {
  const auto subject = jetstream::delete_message_subject(stream);
  const auto request = jetstream::delete_request(sequence);
  const auto answer =
      PODIUM_TRY(connection_->ask_repeatedly({.subject = subject, .data = request}));
  const auto deleted = jetstream::parse_success(body_of(answer.get()), subject);
  if (deleted) return {};
  // Whatever the server says of a message that is gone: gone is what was asked for.
  const auto still_there = PODIUM_TRY(get_at(*connection_, stream, sequence));
  if (!still_there) return {};
  return deleted;
}

Result<std::unique_ptr<PullConsumer>> NatsBus::pull(std::string_view stream,
                                                    std::string_view durable) {
  return NatsPullConsumer::open(connection_, stream, durable);
}

Result<std::unique_ptr<Subscription>> NatsBus::subscribe(std::string_view subject,
                                                         OnMessage on_message) {
  const std::string wanted{subject};
  auto made = PODIUM_TRY(CallbackSubscription::open(
      [&](natsSubscription** subscription, natsMsgHandler handler, void* closure) {
        return natsConnection_Subscribe(subscription, connection_->handle(), wanted.c_str(),
                                        handler, closure);
      },
      [on_message = std::move(on_message)](const NatsMessage& message) {
        on_message(natsMsg_GetSubject(message.get()), body_of(message.get()));
      }));
  // The server has the subscription, or has refused it, before this returns. After a break the
  // client sends it again by itself.
  PODIUM_TRY(repeat_while_unavailable(kRepeatTotal, [&]() -> Result<void> {
    PODIUM_TRY(connection_->wait_connected(kRepeatTotal));
    return connection_->flush();
  }));
  if (connection_->refused_last(wanted)) {
    return fail(errors::kPermission, std::format("the server refused to subscribe {}", wanted));
  }
  return made;
}

Result<std::unique_ptr<Subscription>> NatsBus::read_ordered(std::string_view stream,
                                                            std::string_view subject,
                                                            std::uint64_t first,
                                                            OnStored on_stored) {
  return read_in_order(*connection_, stream, subject, {.first = first},
                       [on_stored = std::move(on_stored)](const OrderedMessage& message) {
                         on_stored({.subject = std::string{message.subject},
                                    .data = std::string{message.data},
                                    .sequence = message.sequence,
                                    .time = message.time});
                       });
}

Result<std::unique_ptr<KeyValue>> NatsBus::bucket(std::string_view name) {
  return NatsKeyValue::open(connection_, name);
}

Result<std::string> NatsBus::request(std::string_view subject, std::string_view data) {
  const auto answer = PODIUM_TRY(connection_->ask({.subject = subject, .data = data}));
  return std::string{body_of(answer.get())};
}

Result<Bus::StreamState> NatsBus::stream_state(std::string_view stream) {
  const auto answer =
      PODIUM_TRY(connection_->ask_repeatedly({.subject = jetstream::stream_info_subject(stream)}));
  return jetstream::parse_stream_state(body_of(answer.get()), stream);
}

bool NatsBus::connected() const {
  return connection_->connected();
}

void NatsBus::flush() {
  if (const auto flushed = connection_->flush(); !flushed) {
    log_warning("what was published may not have been sent", {{"error", flushed.error().text()}});
  }
}

}  // namespace podium
