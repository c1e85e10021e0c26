// The texts of JetStream's API: its subjects, requests and replies (nats.docs, "JetStream wire API
// reference"). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

namespace jetstream {

inline constexpr const char* kMessageIdHeader = "Nats-Msg-Id";
inline constexpr const char* kExpectedSubjectSequenceHeader = "Nats-Expected-Last-Subject-Sequence";

std::string stream_info_subject(std::string_view stream);
std::string consumer_info_subject(std::string_view stream, std::string_view consumer);
std::string next_message_subject(std::string_view stream, std::string_view consumer);
std::string direct_get_subject(std::string_view stream);
std::string delete_message_subject(std::string_view stream);
std::string create_consumer_subject(std::string_view stream);

/// {"seq": N}
std::string get_request(std::uint64_t sequence);
/// {"seq": N, "no_erase": true}: the bytes are not overwritten, which would cost a disk write.
std::string delete_request(std::uint64_t sequence);

/// The reply to a publish into a stream.
Result<Published> parse_publish_ack(std::string_view reply, std::string_view subject);
Result<Bus::StreamState> parse_stream_state(std::string_view reply, std::string_view stream);
/// Success of any API call whose content does not matter; its error otherwise.
Result<void> parse_success(std::string_view reply, std::string_view what);
/// Subjects with messages, from a stream info that asked for them.
Result<std::vector<std::string>> parse_subjects(std::string_view reply, std::string_view stream);

/// Body of a stream info request that lists the subjects matching `filter`, from the `offset`th on.
std::string subjects_request(std::string_view filter, std::size_t offset);

}  // namespace jetstream
}  // namespace podium
