// Key-value buckets as NATS ADR-8 lays them over a stream: bucket B is stream KV_B, key K is
// subject $KV.B.K, a removal is a message with header KV-Operation. nats.c's own kvStore is not
// used: it drops JetStream's error number, the only sure sign that a compare-and-set was lost, and
// its writes cannot be repeated safely. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/connection.hpp"

namespace podium {

class NatsKeyValue final : public KeyValue {
 public:
  /// NOT_FOUND when there is no such bucket.
  static Result<std::unique_ptr<KeyValue>> open(std::shared_ptr<Connection> connection,
                                                std::string_view bucket);

  Result<std::optional<Entry>> get(std::string_view key) override;
  Result<std::uint64_t> create(std::string_view key, std::string_view value) override;
  Result<std::uint64_t> update(std::string_view key, std::string_view value,
                               std::uint64_t revision) override;
  Result<std::uint64_t> put(std::string_view key, std::string_view value) override;
  Result<void> remove(std::string_view key) override;
  Result<std::vector<std::string>> keys() override;
  Result<std::unique_ptr<Subscription>> watch(
      std::function<void(const Entry& entry)> on_entry) override;

 private:
  NatsKeyValue(std::shared_ptr<Connection> connection, std::string_view bucket);
  /// The newest message of a key, also when it is a removal.
  Result<std::optional<Entry>> newest(std::string_view key);

  std::shared_ptr<Connection> connection_;
  std::string stream_;
  /// "$KV.<bucket>."
  std::string prefix_;
};

/// ADR-8: letters, digits and -_/=. where no dot stands at an end or beside another.
bool is_valid_key(std::string_view key);

}  // namespace podium
