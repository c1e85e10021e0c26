#include "libs/chassis/bus/jetstream_api.hpp"

#include <format>
#include <nlohmann/json.hpp>

#include "libs/chassis/bus/nats_error.hpp"

namespace podium::jetstream {
namespace {

using nlohmann::json;

/// The reply's object, or the error that it carries.
Result<json> parse_reply(std::string_view reply, std::string_view what) {
  auto object = json::parse(reply, nullptr, false);
  if (!object.is_object()) {
    return fail(errors::kUnavailable, std::format("{}: the answer is not JSON", what));
  }
  const auto error = object.find("error");
  if (error == object.end()) return object;
  const std::string description = error->value("description", "");
  return std::unexpected{jetstream_error({.status = error->value("code", 0),
                                          .number = error->value("err_code", 0),
                                          .description = description},
                                         what)};
}

/// Runs `read`, which takes values out of JSON; an answer of another shape is no answer.
template <typename Read>
auto read_reply(std::string_view reply, std::string_view what, Read read)
    -> Result<std::invoke_result_t<Read, const json&>> try {
  return read(PODIUM_TRY(parse_reply(reply, what)));
} catch (const json::exception& error) {
  return fail(errors::kUnavailable, std::format("{}: {}", what, error.what()));
}

}  // namespace

std::string stream_info_subject(std::string_view stream) {
  return std::format("$JS.API.STREAM.INFO.{}", stream);
}

std::string consumer_info_subject(std::string_view stream, std::string_view consumer) {
  return std::format("$JS.API.CONSUMER.INFO.{}.{}", stream, consumer);
}

std::string next_message_subject(std::string_view stream, std::string_view consumer) {
  return std::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", stream, consumer);
}

std::string direct_get_subject(std::string_view stream) {
  return std::format("$JS.API.DIRECT.GET.{}", stream);
}

std::string delete_message_subject(std::string_view stream) {
  return std::format("$JS.API.STREAM.MSG.DELETE.{}", stream);
}

std::string create_consumer_subject(std::string_view stream) {
  return std::format("$JS.API.CONSUMER.CREATE.{}", stream);
}

std::string get_request(std::uint64_t sequence) {
  return std::format(R"({{"seq":{}}})", sequence);
}

std::string delete_request(std::uint64_t sequence) {
  return std::format(R"({{"seq":{},"no_erase":true}})", sequence);
}

std::string subjects_request(std::string_view filter, std::size_t offset) {
  return json{{"subjects_filter", filter}, {"offset", offset}}.dump();
}

Result<Published> parse_publish_ack(std::string_view reply, std::string_view subject) {
  return read_reply(reply, subject, [](const json& ack) {
    return Published{.sequence = ack.at("seq").get<std::uint64_t>(),
                     .duplicate = ack.value("duplicate", false)};
  });
}

Result<Bus::StreamState> parse_stream_state(std::string_view reply, std::string_view stream) {
  return read_reply(reply, std::format("state of stream {}", stream), [](const json& info) {
    const auto& state = info.at("state");
    return Bus::StreamState{.messages = state.at("messages").get<std::uint64_t>(),
                            .bytes = state.at("bytes").get<std::uint64_t>(),
                            .first_sequence = state.at("first_seq").get<std::uint64_t>(),
                            .last_sequence = state.at("last_seq").get<std::uint64_t>(),
                            .created = info.at("created").get<std::string>()};
  });
}

Result<std::vector<std::string>> parse_subjects(std::string_view reply, std::string_view stream) {
  return read_reply(reply, std::format("subjects of stream {}", stream), [](const json& info) {
    std::vector<std::string> subjects;
    const auto& state = info.at("state");
    const auto listed = state.find("subjects");
    if (listed == state.end() || listed->is_null()) return subjects;
    for (const auto& [subject, count] : listed->items()) subjects.push_back(subject);
    return subjects;
  });
}

Result<void> parse_success(std::string_view reply, std::string_view what) {
  PODIUM_TRY(parse_reply(reply, what));
  return {};
}

}  // namespace podium::jetstream
