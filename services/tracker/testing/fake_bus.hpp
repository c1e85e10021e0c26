// A bus that holds one stream in memory: enough for what the tracker asks of the real one.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"

namespace podium::tracker::testing {

class FakeBus final : public Bus {
 public:
  /// Adds a message to the stream and gives it to whoever reads.
  void add(const std::string& subject, const std::string& data);
  /// Gives a message with this sequence to whoever reads, although it is not in the stream.
  void deliver(std::uint64_t sequence, const std::string& subject, const std::string& data);
  /// Forgets the stream and makes it anew at another time. Whoever reads hears nothing more.
  void reset(const std::string& created);
  bool has_reader();

  Result<StreamState> stream_state(std::string_view stream) override;
  Result<std::unique_ptr<Subscription>> read_ordered(std::string_view stream,
                                                     std::string_view subject, std::uint64_t first,
                                                     OnStored on_stored) override;

  Result<Published> publish(std::string_view, std::string_view, const PublishOptions&) override;
  Result<std::optional<StoredMessage>> last_message(std::string_view, std::string_view) override;
  Result<std::optional<StoredMessage>> message_at(std::string_view, std::uint64_t) override;
  Result<void> delete_message(std::string_view, std::uint64_t) override;
  Result<std::unique_ptr<PullConsumer>> pull(std::string_view, std::string_view) override;
  Result<std::unique_ptr<Subscription>> subscribe(std::string_view, OnMessage) override;
  Result<std::unique_ptr<KeyValue>> bucket(std::string_view) override;
  Result<std::string> request(std::string_view, std::string_view) override;
  bool connected() const override { return true; }
  void flush() override {}

 private:
  class Reader;

  std::mutex mutex_;
  // All guarded by mutex_.
  std::string created_ = "2026-11-22T07:30:50Z";
  std::vector<StoredMessage> messages_;
  std::map<int, OnStored> readers_;
  int readers_made_ = 0;
};

}  // namespace podium::tracker::testing
