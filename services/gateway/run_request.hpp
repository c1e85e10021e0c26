// What `POST /run` may ask, read from query, body and headers alike. Pure: no clock, no bus.
// Thread-safe.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "podium/v1/job.pb.h"

namespace podium::gateway {

/// Longest address, key, name or mail address that is taken.
inline constexpr std::size_t kRequestTextBytesMax = 2'048;
/// Longest idempotency key.
inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;
/// Longest time that a job may be given: events are kept for a week, and a job must fit well
/// inside.
inline constexpr std::uint32_t kTimeSecondsMax = 24 * 3'600;

struct RunRequestInput {
  /// Percent-decoded.
  std::multimap<std::string, std::string> query;
  /// JSON, or empty. Its media type does not matter: `curl -d` sends a wrong one.
  std::string body;
  /// Of the header `Idempotency-Key`; empty when there is none.
  std::string idempotency_key;
  /// A mail server is set up, so that mail can be promised.
  bool sends_mail = false;
};

struct RunRequest {
  v1::CompetitionRequest competition;
  v1::JobOptions options;
  /// Header `Idempotency-Key` or field `run_id`; empty when neither was sent.
  std::string idempotency_key;
  /// sha256 of what was asked, the same for query and body and however it was spelled: a repeat
  /// with the same idempotency key must have the same.
  std::string sha256;
  /// Sentences for the one who asked: what was understood differently than meant, perhaps.
  std::vector<std::string> warnings;
  /// The job that is tried again, and from which stage; empty for a request of its own.
  std::string retried_from;
  std::string from_stage;
};

/// One thing that is wrong with a request. `pointer` is a JSON pointer into the body ("/max_time"),
/// "?max_time" for the query or a header's name.
struct FieldError {
  std::string pointer;
  std::string detail;
};
using FieldErrors = std::vector<FieldError>;

/// Adds the warning that the mail that was asked for will not be sent.
void warn_of_mail(RunRequest& request);

/// The request, or everything that is wrong with it at once. Query and body may name the same thing
/// twice as long as both mean the same. Unknown fields are left out with a warning.
std::expected<RunRequest, FieldErrors> parse_run_request(const RunRequestInput& input);

}  // namespace podium::gateway
