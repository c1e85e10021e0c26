#include "libs/chassis/bus/direct_get.hpp"

#include <google/protobuf/util/time_util.h>

#include <charconv>
#include <format>

#include "libs/chassis/bus/jetstream_api.hpp"
#include "libs/chassis/clock.hpp"

namespace podium {
namespace {

constexpr const char* kStatusHeader = "Status";
constexpr const char* kDescriptionHeader = "Description";
constexpr const char* kSequenceHeader = "Nats-Sequence";
constexpr const char* kSubjectHeader = "Nats-Subject";
constexpr const char* kTimeHeader = "Nats-Time-Stamp";

TimePoint parse_time(std::string_view text) {
  google::protobuf::Timestamp time;
  if (!google::protobuf::util::TimeUtil::FromString(std::string{text}, &time)) return {};
  return from_proto(time);
}

Result<std::optional<DirectMessage>> get(Connection& connection, const OutgoingMessage& request) {
  auto answer = PODIUM_TRY(connection.ask_repeatedly(request));
  // Only a stored message has a sequence; everything else is the server's own status.
  if (!header_of(answer.get(), kSequenceHeader).empty()) return DirectMessage{std::move(answer)};
  const auto status = header_of(answer.get(), kStatusHeader);
  if (status == "404") return std::nullopt;
  return fail(errors::kUnavailable, std::format("{}: {} {}", request.subject, status,
                                                header_of(answer.get(), kDescriptionHeader)));
}

}  // namespace

std::uint64_t DirectMessage::sequence() const {
  const auto text = header(kSequenceHeader);
  std::uint64_t sequence = 0;
  std::from_chars(text.data(), text.data() + text.size(), sequence);
  return sequence;
}

StoredMessage DirectMessage::stored() const {
  return {.subject = std::string{header(kSubjectHeader)},
          .data = std::string{data()},
          .sequence = sequence(),
          .time = parse_time(header(kTimeHeader))};
}

Result<std::optional<DirectMessage>> get_last(Connection& connection, std::string_view stream,
                                              std::string_view subject) {
  return get(connection,
             {.subject = std::format("{}.{}", jetstream::direct_get_subject(stream), subject)});
}

Result<std::optional<DirectMessage>> get_at(Connection& connection, std::string_view stream,
                                            std::uint64_t sequence) {
  const auto request = jetstream::get_request(sequence);
  return get(connection, {.subject = jetstream::direct_get_subject(stream), .data = request});
}

}  // namespace podium
