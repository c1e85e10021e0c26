#include "libs/chassis/bus/stream_publish.hpp"

#include <utility>

#include "libs/chassis/bus/jetstream_api.hpp"
#include "libs/chassis/bus/repeat.hpp"

namespace podium {

Result<Published> publish_to_stream(Connection& connection, StreamMessage message) {
  auto headers = std::move(message.headers);
  const bool repeatable = !message.message_id.empty();
  if (repeatable) headers.emplace_back(jetstream::kMessageIdHeader, std::move(message.message_id));
  if (message.expected_subject_sequence) {
    headers.emplace_back(jetstream::kExpectedSubjectSequenceHeader,
                         std::to_string(*message.expected_subject_sequence));
  }
  const OutgoingMessage outgoing{message.subject, message.data, std::move(headers)};
  const auto publish = [&]() -> Result<Published> {
    const auto answer = PODIUM_TRY(connection.ask(outgoing));
    return jetstream::parse_publish_ack(body_of(answer.get()), message.subject);
  };
  return repeatable ? repeat_while_unavailable(kRepeatTotal, publish) : publish();
}

}  // namespace podium
