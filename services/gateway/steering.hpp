// What people may say to a job that exists: advice to its search, and to try it again. Read from
// bodies, made into events and requests. Pure. Thread-safe.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "podium/v1/event.pb.h"
#include "services/gateway/run_request.hpp"

namespace podium::gateway {

/// Longest hint, in bytes; the search keeps no more of one.
inline constexpr std::size_t kHintBytesMax = 1'000;

/// The text of `{"text": "..."}`, fit to be stored and shown; or what is wrong with the body.
std::expected<std::string, FieldErrors> parse_hint(const std::string& body);

/// The event that hands a hint to the search of the job that `cause` is of. Its id follows from the
/// text, so that a request that is repeated is one hint.
v1::Event hinted_event(const v1::Event& cause, std::string_view who, const std::string& text);

/// The event that asks for the job's submission to be sent to Kaggle. `failures` names the newest
/// failure to do so, 0 when there is none: asking again before one is one request.
v1::Event submit_requested_event(const v1::Event& cause, std::string_view who,
                                 std::uint64_t failures);

struct RetryInput {
  /// JSON, or empty.
  std::string body = {};
  /// Of the header `Idempotency-Key`; empty when there is none.
  std::string idempotency_key = {};
  /// A mail server is set up.
  bool sends_mail = true;
};

/// A request for what the job of `requested` was asked for, from the stage that the body names:
/// `{"from_stage": "scraping"}`, the default, or `search`; or what is wrong with the input.
std::expected<RunRequest, FieldErrors> parse_retry(const RetryInput& input,
                                                   const v1::Event& requested);

}  // namespace podium::gateway
