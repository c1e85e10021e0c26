// Requests to one bucket: addressed, signed, repeated while that makes sense. Thread-safe: a
// connection for each request, nothing shared but the options.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/s3_options.hpp"

namespace podium {

/// Attempts at one request, or in a row without a byte of progress when content is read.
inline constexpr int kS3AttemptsMax = 5;

/// A body that can be sent again: of known length and hash, read from any offset.
struct S3Body {
  std::uint64_t bytes = 0;
  /// Signed, so that the server refuses bytes that arrive otherwise.
  std::string sha256{};
  /// Fills `into` with up to `room` bytes from `offset` on; 0 when they cannot be read.
  std::function<std::size_t(std::uint64_t offset, char* into, std::size_t room)> read_at{};
};

/// `bytes` must outlive the body.
S3Body body_of(std::string_view bytes);

struct S3Call {
  std::string method = "GET";
  /// Below the prefix; empty is the bucket itself.
  std::string object{};
  /// Not encoded.
  std::vector<std::pair<std::string, std::string>> query{};
  std::vector<std::pair<std::string, std::string>> headers{};
  S3Body body = body_of({});
  /// Statuses that are answers for the caller like those below 300.
  std::vector<int> also_answers{};
  /// A successful answer's head; an error ends the call with it.
  std::function<Result<void>(int status, const std::map<std::string, std::string>& headers)>
      on_head{};
  /// Gets a successful answer's body in pieces; false ends the call with STOPPED.
  std::function<bool(std::string_view piece)> on_piece{};
  /// Of one attempt as a whole; 0 is none, for objects may be large.
  std::chrono::milliseconds total_timeout{0};
  /// Ends an attempt under way with STOPPED.
  std::stop_token stop{};
};

/// Why an attempt failed, and whether another one may do better.
struct S3Failure {
  Error error;
  bool passing = false;
};

class S3Client {
 public:
  explicit S3Client(S3Options options) : options_{std::move(options)} {}

  const S3Options& options() const { return options_; }

  /// One attempt, counted by method and outcome. Signed by the time at which it is sent.
  std::expected<HttpAnswer, S3Failure> attempt(const S3Call& call) const;
  /// Up to kS3AttemptsMax attempts with growing waits between them; all our requests are safe to
  /// repeat. Errors: see s3_answers.hpp; UNAVAILABLE and TIMEOUT of the network.
  Result<HttpAnswer> send(const S3Call& call) const;
  /// Waits before the next attempt after so many failures, and logs why.
  void pause(int failures, const Error& error) const;

 private:
  S3Options options_;
};

}  // namespace podium
