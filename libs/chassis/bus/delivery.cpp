#include "libs/chassis/bus/delivery.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/bus/nats_error.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// The reason travels in an advisory that people read.
constexpr std::size_t kReasonBytesMax = 512;

std::string one_line(std::string_view text) {
  std::string line{text.substr(0, kReasonBytesMax)};
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

}  // namespace

Result<std::unique_ptr<PulledDelivery>> PulledDelivery::of(std::shared_ptr<Connection> connection,
                                                           NatsMessage message) {
  NatsMetadata metadata;
  const auto status = natsMsg_GetMetaData(std::out_ptr(metadata), message.get());
  if (status != NATS_OK) return fail(errors::kInvalid, nats_error(status, "metadata").detail);
  return std::unique_ptr<PulledDelivery>{
      new PulledDelivery{std::move(connection), std::move(message), *metadata}};
}

PulledDelivery::PulledDelivery(std::shared_ptr<Connection> connection, NatsMessage message,
                               const jsMsgMetaData& metadata)
    : connection_{std::move(connection)},
      message_{std::move(message)},
      subject_{natsMsg_GetSubject(message_.get())},
      sequence_{metadata.Sequence.Stream},
      deliveries_{metadata.NumDelivered},
      pending_{metadata.NumPending} {}

Result<void> PulledDelivery::ack() {
  PODIUM_TRY(
      connection_->ask_repeatedly({.subject = natsMsg_GetReply(message_.get()), .data = "+ACK"}));
  return {};
}

Result<void> PulledDelivery::retry_after(milliseconds delay) {
  const auto body = delay <= milliseconds::zero()
                        ? std::string{"-NAK"}
                        : std::format(R"(-NAK {{"delay":{}}})", nanoseconds{delay}.count());
  return connection_->send({.subject = natsMsg_GetReply(message_.get()), .data = body});
}

Result<void> PulledDelivery::terminate(std::string_view reason) {
  const auto body = std::format("+TERM {}", one_line(reason));
  PODIUM_TRY(
      connection_->ask_repeatedly({.subject = natsMsg_GetReply(message_.get()), .data = body}));
  return {};
}

Result<void> PulledDelivery::in_progress() {
  return connection_->send({.subject = natsMsg_GetReply(message_.get()), .data = "+WPI"});
}

}  // namespace podium
