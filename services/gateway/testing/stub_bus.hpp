// A bus for unit tests that only knows one stream, which the test fills by hand. Everything else
// answers UNAVAILABLE. The hub's thread subscribes, the test's thread delivers.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "libs/chassis/bus/bus.hpp"

namespace podium::gateway {

class StubBus final : public Bus {
 public:
  StreamState state;

  /// Waits until somebody reads the stream, then gives them the message.
  void deliver(const StoredMessage& message) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return on_stored_ != nullptr; });
    on_stored_(message);
  }
  std::uint64_t first_read() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return on_stored_ != nullptr; });
    return first_;
  }

  Result<Published> publish(std::string_view, std::string_view, const PublishOptions&) override {
    return away();
  }
  Result<std::optional<StoredMessage>> last_message(std::string_view, std::string_view) override {
    return away();
  }
  Result<std::optional<StoredMessage>> message_at(std::string_view, std::uint64_t) override {
    return away();
  }
  Result<void> delete_message(std::string_view, std::uint64_t) override { return away(); }
  Result<std::unique_ptr<PullConsumer>> pull(std::string_view, std::string_view) override {
    return away();
  }
  Result<std::unique_ptr<Subscription>> subscribe(std::string_view, OnMessage) override {
    return away();
  }
  Result<std::unique_ptr<Subscription>> read_ordered(std::string_view, std::string_view,
                                                     std::uint64_t first,
                                                     OnStored on_stored) override {
    const std::scoped_lock lock{mutex_};
    first_ = first;
    on_stored_ = std::move(on_stored);
    changed_.notify_all();
    return std::make_unique<Reading>(*this);
  }
  Result<std::unique_ptr<KeyValue>> bucket(std::string_view) override { return away(); }
  Result<std::string> request(std::string_view, std::string_view) override { return away(); }
  Result<StreamState> stream_state(std::string_view) override { return state; }
  bool connected() const override { return true; }
  void flush() override {}

 private:
  class Reading final : public Subscription {
   public:
    explicit Reading(StubBus& bus) : bus_{bus} {}
    ~Reading() override {
      const std::scoped_lock lock{bus_.mutex_};
      bus_.on_stored_ = nullptr;
    }

   private:
    StubBus& bus_;
  };

  static std::unexpected<Error> away() { return fail(errors::kUnavailable, "not in this test"); }

  std::mutex mutex_;
  std::condition_variable changed_;
  OnStored on_stored_;       // guarded by mutex_
  std::uint64_t first_ = 0;  // guarded by mutex_
};

}  // namespace podium::gateway
