// One message taken from a pull consumer; settled by publishing to its reply subject (ADR-15: +ACK,
// -NAK, +TERM, +WPI). May be settled from any thread.
#pragma once

#include <memory>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/connection.hpp"

namespace podium {

class PulledDelivery final : public Delivery {
 public:
  /// INVALID when the message carries no JetStream reply subject.
  static Result<std::unique_ptr<PulledDelivery>> of(std::shared_ptr<Connection> connection,
                                                    NatsMessage message);

  const std::string& subject() const override { return subject_; }
  std::string_view data() const override { return body_of(message_.get()); }
  std::uint64_t sequence() const override { return sequence_; }
  std::uint64_t deliveries() const override { return deliveries_; }
  std::uint64_t pending() const override { return pending_; }
  Result<void> ack() override;
  Result<void> retry_after(std::chrono::milliseconds delay) override;
  Result<void> terminate(std::string_view reason) override;
  Result<void> in_progress() override;

 private:
  PulledDelivery(std::shared_ptr<Connection> connection, NatsMessage message,
                 const jsMsgMetaData& metadata);

  std::shared_ptr<Connection> connection_;
  NatsMessage message_;
  std::string subject_;
  std::uint64_t sequence_;
  std::uint64_t deliveries_;
  std::uint64_t pending_;
};

}  // namespace podium
