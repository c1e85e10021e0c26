#include "libs/chassis/bus/key_value.hpp"

#include <algorithm>
#include <format>
#include <utility>

#include "libs/chassis/bus/direct_get.hpp"
#include "libs/chassis/bus/jetstream_api.hpp"
#include "libs/chassis/bus/ordered_reader.hpp"
#include "libs/chassis/bus/stream_publish.hpp"
#include "libs/chassis/ids.hpp"

namespace podium {
namespace {

constexpr const char* kOperationHeader = "KV-Operation";
constexpr std::string_view kRemoved = "DEL";
constexpr std::string_view kPurged = "PURGE";

bool is_removal(std::string_view operation) {
  return operation == kRemoved || operation == kPurged;
}

bool is_key_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || std::string_view{"-_/=."}.contains(c);
}

Result<void> check_key(std::string_view key) {
  if (!is_valid_key(key)) return fail(errors::kInvalid, std::format("'{}' is not a key", key));
  return {};
}

/// Unlike any other write's, so that a repeated try of this write is stored once.
std::string new_message_id() {
  return new_uuid_v7(std::chrono::system_clock::now());
}

}  // namespace

bool is_valid_key(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, is_key_character) && !key.starts_with('.') &&
         !key.ends_with('.') && !key.contains("..");
}

NatsKeyValue::NatsKeyValue(std::shared_ptr<Connection> connection, std::string_view bucket)
    : connection_{std::move(connection)},
      stream_{std::format("KV_{}", bucket)},
      prefix_{std::format("$KV.{}.", bucket)} {}

Result<std::unique_ptr<KeyValue>> NatsKeyValue::open(std::shared_ptr<Connection> connection,
                                                     std::string_view bucket) {
  std::unique_ptr<NatsKeyValue> opened{new NatsKeyValue{std::move(connection), bucket}};
  const auto info = PODIUM_TRY(opened->connection_->ask_repeatedly(
      {.subject = jetstream::stream_info_subject(opened->stream_)}));
  PODIUM_TRY(jetstream::parse_success(body_of(info.get()), std::format("bucket {}", bucket)));
  return opened;
}

Result<std::optional<KeyValue::Entry>> NatsKeyValue::get(std::string_view key) {
  auto entry = PODIUM_TRY(newest(key));
  if (entry && entry->deleted) return std::nullopt;
  return entry;
}

Result<std::optional<KeyValue::Entry>> NatsKeyValue::newest(std::string_view key) {
  PODIUM_TRY(check_key(key));
  const auto message = PODIUM_TRY(get_last(*connection_, stream_, prefix_ + std::string{key}));
  if (!message) return std::nullopt;
  return Entry{.key = std::string{key},
               .value = std::string{message->data()},
               .revision = message->sequence(),
               .deleted = is_removal(message->header(kOperationHeader))};
}

Result<std::uint64_t> NatsKeyValue::create(std::string_view key, std::string_view value) {
  auto created = update(key, value, 0);
  if (created || !created.error().is(errors::kConflict)) return created;
  // A removal stands in the stream as a message too, and is what a new value then comes after.
  const auto entry = PODIUM_TRY(newest(key));
  if (!entry || !entry->deleted) return created;
  return update(key, value, entry->revision);
}

Result<std::uint64_t> NatsKeyValue::update(std::string_view key, std::string_view value,
                                           std::uint64_t revision) {
  PODIUM_TRY(check_key(key));
  const auto subject = prefix_ + std::string{key};
  const auto published = publish_to_stream(*connection_, {.subject = subject,
                                                          .data = value,
                                                          .message_id = new_message_id(),
                                                          .expected_subject_sequence = revision});
  if (published) return published->sequence;
  if (!published.error().is(errors::kDoneAlready)) return std::unexpected{published.error()};
  return fail(errors::kConflict, published.error().detail);
}

Result<std::uint64_t> NatsKeyValue::put(std::string_view key, std::string_view value) {
  PODIUM_TRY(check_key(key));
  const auto subject = prefix_ + std::string{key};
  const auto published = PODIUM_TRY(publish_to_stream(
      *connection_, {.subject = subject, .data = value, .message_id = new_message_id()}));
  return published.sequence;
}

Result<void> NatsKeyValue::remove(std::string_view key) {
  PODIUM_TRY(check_key(key));
  const auto subject = prefix_ + std::string{key};
  PODIUM_TRY(
      publish_to_stream(*connection_, {.subject = subject,
                                       .data = {},
                                       .message_id = new_message_id(),
                                       .headers = {{kOperationHeader, std::string{kRemoved}}}}));
  return {};
}

// From the stream's own index, because a consumer for it would be one right more; one direct get
// per key then tells the removed ones. For buckets of few keys: watch() is the way to see many.
Result<std::vector<std::string>> NatsKeyValue::keys() {
  std::vector<std::string> found;
  std::size_t offset = 0;
  for (;;) {
    const auto request = jetstream::subjects_request(prefix_ + ">", offset);
    const auto info = PODIUM_TRY(connection_->ask_repeatedly(
        {.subject = jetstream::stream_info_subject(stream_), .data = request}));
    const auto page = PODIUM_TRY(jetstream::parse_subjects(body_of(info.get()), stream_));
    if (page.empty()) return found;
    offset += page.size();
    for (const auto& subject : page) {
      auto key = subject.substr(prefix_.size());
      if (PODIUM_TRY(get(key))) found.push_back(std::move(key));
    }
  }
}

Result<std::unique_ptr<Subscription>> NatsKeyValue::watch(
    std::function<void(const Entry& entry)> on_entry) {
  return read_in_order(
      *connection_, stream_, prefix_ + ">", {.last_per_subject = true},
      [on_entry = std::move(on_entry), skip = prefix_.size()](const OrderedMessage& message) {
        on_entry({.key = std::string{message.subject.substr(skip)},
                  .value = std::string{message.data},
                  .revision = message.sequence,
                  .deleted = is_removal(message.operation)});
      });
}

}  // namespace podium
