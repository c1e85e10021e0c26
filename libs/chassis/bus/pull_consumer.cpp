#include "libs/chassis/bus/pull_consumer.hpp"

#include <algorithm>
#include <format>
#include <thread>
#include <tuple>

#include "libs/chassis/bus/jetstream_api.hpp"
#include "libs/chassis/bus/nats_error.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

/// The server's sign of life; two missing ones mean that it is gone.
constexpr milliseconds kPullHeartbeat{500};
/// What an answer may take beyond the time that the server was given for it.
constexpr milliseconds kAnswerGrace{250};
/// How long a call waits for a connection that is away before it says so.
constexpr milliseconds kAwayMax{1'000};
/// A failed call takes at least so long, so that no loop around it ever spins.
constexpr milliseconds kFailureTimeMin{100};

milliseconds heartbeat_for(milliseconds wait) {
  // The server refuses a heartbeat longer than half of the wait.
  return wait >= 2 * kPullHeartbeat ? kPullHeartbeat : milliseconds::zero();
}

std::string body_of(milliseconds wait, milliseconds heartbeat) {
  const auto expires = nanoseconds{wait}.count();
  if (heartbeat == milliseconds::zero()) {
    return std::format(R"({{"batch":1,"expires":{}}})", expires);
  }
  return std::format(R"({{"batch":1,"expires":{},"idle_heartbeat":{}}})", expires,
                     nanoseconds{heartbeat}.count());
}

/// Makes a failed call last kFailureTimeMin.
void pause_after_failure(Clock::time_point started) {
  std::this_thread::sleep_until(started + kFailureTimeMin);
}

}  // namespace

NatsPullConsumer::NatsPullConsumer(std::shared_ptr<Connection> connection,
                                   std::string request_subject, std::string inbox)
    : connection_{std::move(connection)},
      request_subject_{std::move(request_subject)},
      inbox_{std::move(inbox)} {}

Result<std::unique_ptr<PullConsumer>> NatsPullConsumer::open(std::shared_ptr<Connection> connection,
                                                             std::string_view stream,
                                                             std::string_view durable) {
  const auto subject = jetstream::consumer_info_subject(stream, durable);
  const auto info = PODIUM_TRY(connection->ask_repeatedly({.subject = subject}));
  PODIUM_TRY(jetstream::parse_success(body_of(info.get()), subject));

  std::unique_ptr<NatsPullConsumer> consumer{new NatsPullConsumer{
      connection, jetstream::next_message_subject(stream, durable), connection->new_inbox()}};
  const auto status =
      natsConnection_SubscribeSync(std::out_ptr(consumer->arrivals_), connection->handle(),
                                   std::format("{}.*", consumer->inbox_).c_str());
  if (status != NATS_OK) return std::unexpected{nats_error(status, "subscribing an inbox")};
  return consumer;
}

NatsPullConsumer::~NatsPullConsumer() {
  while (const auto delivery = take_arrived()) {
    std::ignore = delivery->retry_after(milliseconds::zero());
  }
}

Result<std::unique_ptr<Delivery>> NatsPullConsumer::next(milliseconds wait) {
  const auto started = Clock::now();
  if (auto arrived = take_arrived()) return arrived;
  auto pulled =
      connection_->wait_connected(std::min(wait, kAwayMax)).and_then([&] { return pull(wait); });
  if (!pulled) pause_after_failure(started);
  return pulled;
}

// Answers to an earlier request that was given up before they came.
std::unique_ptr<Delivery> NatsPullConsumer::take_arrived() {
  for (;;) {
    auto arrival = receive(milliseconds::zero());
    if (!arrival) return nullptr;
    if (arrival->delivery) return std::move(arrival->delivery);
  }
}

Result<std::unique_ptr<Delivery>> NatsPullConsumer::pull(milliseconds wait) {
  const auto heartbeat = heartbeat_for(wait);
  PODIUM_TRY(request(wait, heartbeat));
  const auto until = Clock::now() + wait + kAnswerGrace;
  const auto patience =
      kAnswerGrace + (heartbeat > milliseconds::zero() ? 2 * heartbeat + kAnswerGrace : wait);
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    auto arrival = PODIUM_TRY(receive(std::clamp(left, milliseconds{1}, patience)));
    if (arrival.ends_request || arrival.delivery) return std::move(arrival.delivery);
  }
}

Result<void> NatsPullConsumer::request(milliseconds wait, milliseconds heartbeat) {
  reply_ = std::format("{}.{}", inbox_, ++requests_);
  const auto body = body_of(wait, heartbeat);
  const auto status =
      natsConnection_PublishRequest(connection_->handle(), request_subject_.c_str(), reply_.c_str(),
                                    body.data(), static_cast<int>(body.size()));
  if (status != NATS_OK) return std::unexpected{nats_error(status, request_subject_)};
  return {};
}

Result<NatsPullConsumer::Arrival> NatsPullConsumer::receive(milliseconds wait) {
  NatsMessage message;
  const auto status =
      natsSubscription_NextMsg(std::out_ptr(message), arrivals_.get(), wait.count());
  if (status != NATS_OK) {
    if (connection_->was_refused(request_subject_)) {
      return fail(errors::kPermission, std::format("the server refused {}", request_subject_));
    }
    return std::unexpected{nats_error(status, request_subject_)};
  }
  const char* const reply = natsMsg_GetReply(message.get());
  if (reply == nullptr || *reply == '\0') return read_status(message.get());
  Arrival arrival;
  arrival.delivery = PODIUM_TRY(PulledDelivery::of(connection_, std::move(message)));
  return arrival;
}

// NATS ADR-13: 100 is a heartbeat, 404 and 408 say that nothing (more) came, the rest are failures.
Result<NatsPullConsumer::Arrival> NatsPullConsumer::read_status(natsMsg* message) const {
  const auto status = header_of(message, "Status");
  if (status.starts_with("100") || natsMsg_GetSubject(message) != reply_) return Arrival{};
  if (status.starts_with("404") || status.starts_with("408")) {
    return Arrival{.delivery = nullptr, .ends_request = true};
  }
  return fail(errors::kUnavailable, std::format("{}: {} {}", request_subject_, status,
                                                header_of(message, "Description")));
}

}  // namespace podium
