// Bus over nats.c. Thread-safe.
#pragma once

#include <memory>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/connection.hpp"

namespace podium {

class NatsBus final : public Bus {
 public:
  explicit NatsBus(std::shared_ptr<Connection> connection);

  Result<Published> publish(std::string_view subject, std::string_view data,
                            const PublishOptions& options) override;
  Result<std::optional<StoredMessage>> last_message(std::string_view stream,
                                                    std::string_view subject) override;
  Result<std::optional<StoredMessage>> message_at(std::string_view stream,
                                                  std::uint64_t sequence) override;
  Result<void> delete_message(std::string_view stream, std::uint64_t sequence) override;
  Result<std::unique_ptr<PullConsumer>> pull(std::string_view stream,
                                             std::string_view durable) override;
  Result<std::unique_ptr<Subscription>> subscribe(std::string_view subject,
                                                  OnMessage on_message) override;
  Result<std::unique_ptr<Subscription>> read_ordered(std::string_view stream,
                                                     std::string_view subject, std::uint64_t first,
                                                     OnStored on_stored) override;
  Result<std::unique_ptr<KeyValue>> bucket(std::string_view name) override;
  Result<std::string> request(std::string_view subject, std::string_view data) override;
  Result<StreamState> stream_state(std::string_view stream) override;
  bool connected() const override;
  void flush() override;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace podium
