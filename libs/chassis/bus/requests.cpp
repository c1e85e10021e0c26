#include "libs/chassis/bus/requests.hpp"

#include <algorithm>
#include <format>
#include <memory>

#include "libs/chassis/bus/nats_error.hpp"

namespace podium {
namespace {

bool breaks_the_protocol(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

Result<void> check(const OutgoingMessage& message) {
  if (message.subject.empty() || std::ranges::any_of(message.subject, breaks_the_protocol)) {
    return fail(errors::kInvalid, std::format("'{}' is not a subject", message.subject));
  }
  for (const auto& [name, value] : message.headers) {
    if (name.empty() || std::ranges::any_of(name, breaks_the_protocol) ||
        value.find_first_of("\r\n") != std::string::npos) {
      return fail(errors::kInvalid, std::format("header '{}' cannot be sent", name));
    }
  }
  return {};
}

Result<NatsMessage> make_message(const OutgoingMessage& message, const char* reply) {
  PODIUM_TRY(check(message));
  const std::string subject{message.subject};
  NatsMessage made;
  auto status = natsMsg_Create(std::out_ptr(made), subject.c_str(), reply, message.data.data(),
                               static_cast<int>(message.data.size()));
  for (const auto& [name, value] : message.headers) {
    if (status == NATS_OK) status = natsMsgHeader_Set(made.get(), name.c_str(), value.c_str());
  }
  if (status != NATS_OK) return std::unexpected{nats_error(status, "making a message")};
  return made;
}

Error not_permitted(std::string_view subject) {
  return {&errors::kPermission, std::format("the server refused a publish to {}", subject)};
}

}  // namespace

Requests::Requests(natsConnection* connection, std::string inbox)
    : connection_{connection}, inbox_{std::move(inbox)} {}

Result<std::unique_ptr<Requests>> Requests::open(natsConnection* connection, std::string inbox) {
  std::unique_ptr<Requests> requests{new Requests{connection, std::move(inbox)}};
  const auto subject = requests->inbox_ + ".*";
  requests->answers_ = PODIUM_TRY(CallbackSubscription::open(
      [&](natsSubscription** made, natsMsgHandler handler, void* closure) {
        return natsConnection_Subscribe(made, connection, subject.c_str(), handler, closure);
      },
      [self = requests.get()](NatsMessage answer) { self->answered(std::move(answer)); }));
  return requests;
}

Result<NatsMessage> Requests::send(const OutgoingMessage& message, std::chrono::milliseconds wait) {
  Waiting waiting;
  waiting.subject = message.subject;
  std::unique_lock lock{mutex_};
  const auto reply = std::format("{}.{}", inbox_, ++sent_);
  waiting_.emplace(reply, &waiting);
  lock.unlock();

  const auto outgoing = make_message(message, reply.c_str());
  const auto status = outgoing ? natsConnection_PublishMsg(connection_, outgoing->get()) : NATS_OK;

  lock.lock();
  if (outgoing && status == NATS_OK) {
    waiting.changed.wait_for(lock, wait, [&] { return waiting.outcome.has_value(); });
  }
  waiting_.erase(reply);
  if (!outgoing) return std::unexpected{outgoing.error()};
  if (status != NATS_OK) return std::unexpected{nats_error(status, message.subject)};
  if (waiting.outcome) return *std::move(waiting.outcome);
  return fail(errors::kUnavailable, std::format("{}: no answer in {}", message.subject, wait));
}

void Requests::answered(NatsMessage answer) {
  const std::scoped_lock lock{mutex_};
  const auto found = waiting_.find(std::string_view{natsMsg_GetSubject(answer.get())});
  if (found == waiting_.end()) return;
  auto& waiting = *found->second;
  if (natsMsg_IsNoResponders(answer.get())) {
    settle(waiting,
           fail(errors::kUnavailable, std::format("{}: nobody listens there", waiting.subject)));
    return;
  }
  settle(waiting, std::move(answer));
}

void Requests::refused(std::string_view subject) {
  const std::scoped_lock lock{mutex_};
  for (auto& [reply, waiting] : waiting_) {
    if (waiting->subject == subject) settle(*waiting, std::unexpected{not_permitted(subject)});
  }
}

void Requests::disconnected() {
  const std::scoped_lock lock{mutex_};
  for (auto& [reply, waiting] : waiting_) {
    settle(*waiting, fail(errors::kUnavailable,
                          std::format("{}: the connection to the server broke", waiting->subject)));
  }
}

void Requests::settle(Waiting& waiting, Result<NatsMessage> outcome) {
  if (waiting.outcome) return;
  waiting.outcome = std::move(outcome);
  waiting.changed.notify_one();
}

Result<void> send_without_answer(natsConnection* connection, const OutgoingMessage& message) {
  const auto outgoing = PODIUM_TRY(make_message(message, nullptr));
  const auto status = natsConnection_PublishMsg(connection, outgoing.get());
  if (status != NATS_OK) return std::unexpected{nats_error(status, message.subject)};
  return {};
}

}  // namespace podium
