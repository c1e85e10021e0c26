// A durable pull consumer over an inbox of its own. nats.c 3.10's own fetch is not used: it does
// not recognize the server's status messages below a custom inbox prefix, without which a user
// could not be confined to inboxes of its own, and so would sleep through every refusal. One thread
// at a time.
#pragma once

#include <memory>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/connection.hpp"
#include "libs/chassis/bus/delivery.hpp"

namespace podium {

class NatsPullConsumer final : public PullConsumer {
 public:
  /// NOT_FOUND when stream or durable do not exist.
  static Result<std::unique_ptr<PullConsumer>> open(std::shared_ptr<Connection> connection,
                                                    std::string_view stream,
                                                    std::string_view durable);
  /// Hands back what has arrived and was not taken.
  ~NatsPullConsumer() override;

  Result<std::unique_ptr<Delivery>> next(std::chrono::milliseconds wait) override;

 private:
  /// One message from the server: a delivery, a sign of life (neither), or the end of the request.
  struct Arrival {
    std::unique_ptr<PulledDelivery> delivery;
    bool ends_request = false;
  };

  NatsPullConsumer(std::shared_ptr<Connection> connection, std::string request_subject,
                   std::string inbox);
  /// What has arrived and was not taken; nullptr when nothing has.
  std::unique_ptr<Delivery> take_arrived();
  Result<std::unique_ptr<Delivery>> pull(std::chrono::milliseconds wait);
  /// Asks the server for one message. A `heartbeat` of zero asks for no sign of life while nothing
  /// is there.
  Result<void> request(std::chrono::milliseconds wait, std::chrono::milliseconds heartbeat);
  Result<Arrival> receive(std::chrono::milliseconds wait);
  Result<Arrival> read_status(natsMsg* message) const;

  std::shared_ptr<Connection> connection_;
  std::string request_subject_;
  std::string inbox_;
  std::uint64_t requests_ = 0;
  /// Where the answers to the newest request go; statuses that arrive elsewhere are out of date.
  std::string reply_;
  NatsSubscription arrivals_;
};

}  // namespace podium
