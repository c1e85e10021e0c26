#include "services/tracker/testing/fake_bus.hpp"

namespace podium::tracker::testing {
namespace {

std::unexpected<Error> not_faked() {
  return fail(errors::kInternal, "the tracker has no business with this");
}

StoredMessage stored(std::uint64_t sequence, const std::string& subject, const std::string& data) {
  return {.subject = subject,
          .data = data,
          .sequence = sequence,
          .time = std::chrono::system_clock::time_point{std::chrono::seconds{1'795'336'250}}};
}

}  // namespace

class FakeBus::Reader final : public Subscription {
 public:
  Reader(FakeBus& bus, int number) : bus_{bus}, number_{number} {}
  ~Reader() override {
    const std::scoped_lock lock{bus_.mutex_};
    bus_.readers_.erase(number_);
  }

 private:
  FakeBus& bus_;
  int number_;
};

void FakeBus::add(const std::string& subject, const std::string& data) {
  const std::scoped_lock lock{mutex_};
  messages_.push_back(stored(messages_.size() + 1, subject, data));
  for (const auto& [number, reader] : readers_) reader(messages_.back());
}

void FakeBus::deliver(std::uint64_t sequence, const std::string& subject, const std::string& data) {
  const std::scoped_lock lock{mutex_};
  for (const auto& [number, reader] : readers_) reader(stored(sequence, subject, data));
}

void FakeBus::reset(const std::string& created) {
  const std::scoped_lock lock{mutex_};
  created_ = created;
  messages_.clear();
  readers_.clear();
}

bool FakeBus::has_reader() {
  const std::scoped_lock lock{mutex_};
  return !readers_.empty();
}

Result<Bus::StreamState> FakeBus::stream_state(std::string_view /*stream*/) {
  const std::scoped_lock lock{mutex_};
  return StreamState{.messages = messages_.size(),
                     .bytes = 0,
                     .first_sequence = 1,
                     .last_sequence = messages_.size(),
                     .created = created_};
}

Result<std::unique_ptr<Subscription>> FakeBus::read_ordered(std::string_view /*stream*/,
                                                            std::string_view /*subject*/,
                                                            std::uint64_t first,
                                                            OnStored on_stored) {
  const std::scoped_lock lock{mutex_};
  for (const StoredMessage& message : messages_) {
    if (message.sequence >= first) on_stored(message);
  }
  const int number = ++readers_made_;
  readers_.emplace(number, std::move(on_stored));
  return std::make_unique<Reader>(*this, number);
}

Result<Published> FakeBus::publish(std::string_view, std::string_view, const PublishOptions&) {
  return not_faked();
}
Result<std::optional<StoredMessage>> FakeBus::last_message(std::string_view, std::string_view) {
  return not_faked();
}
Result<std::optional<StoredMessage>> FakeBus::message_at(std::string_view, std::uint64_t) {
  return not_faked();
}
Result<void> FakeBus::delete_message(std::string_view, std::uint64_t) {
  return not_faked();
}
Result<std::unique_ptr<PullConsumer>> FakeBus::pull(std::string_view, std::string_view) {
  return not_faked();
}
Result<std::unique_ptr<Subscription>> FakeBus::subscribe(std::string_view, OnMessage) {
  return not_faked();
}
Result<std::unique_ptr<KeyValue>> FakeBus::bucket(std::string_view) {
  return not_faked();
}
Result<std::string> FakeBus::request(std::string_view, std::string_view) {
  return not_faked();
}

}  // namespace podium::tracker::testing
