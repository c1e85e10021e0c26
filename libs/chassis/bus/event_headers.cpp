#include "libs/chassis/bus/event_headers.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/event.hpp"

namespace podium {
namespace {

bool is_one_line(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

std::vector<std::pair<std::string, std::string>> headers_of(const v1::Event& event) {
  std::vector<std::pair<std::string, std::string>> headers{
      {"ce-specversion", "1.0"},
      {"ce-id", header_value(event.id())},
      {"ce-type", std::format("podium.job.{}.v1", event_name(event))},
      {"ce-source", header_value(std::format("/podium/{}", event.producer()))},
      {"ce-subject", header_value(event.job_id())},
      {"ce-time", rfc3339(from_proto(event.time()))},
      {"ce-datacontenttype", "application/protobuf"},
      {"ce-dataschema", std::format("urn:podium:schema:{}", event.GetTypeName())},
  };
  // These travel untouched or not at all: a receiver must ignore a broken one anyway.
  const auto& trace = event.trace();
  if (is_one_line(trace.traceparent())) headers.emplace_back("traceparent", trace.traceparent());
  if (is_one_line(trace.tracestate())) headers.emplace_back("tracestate", trace.tracestate());
  return headers;
}

std::string header_value(std::string_view text) {
  std::string value;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte > 0x20 && byte < 0x7F && c != '"' && c != '%';
    if (plain) {
      value += c;
    } else {
      value += std::format("%{:02X}", byte);
    }
  }
  return value;
}

}  // namespace podium
