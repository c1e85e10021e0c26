#include "libs/chassis/store/s3_client.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/retry_delay.hpp"
#include "libs/chassis/store/s3_answers.hpp"
#include "libs/chassis/store/store_metrics.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;

/// Longest wait between two attempts.
constexpr milliseconds kRetryDelayMax{5'000};
/// Longest answer that is kept as a whole: a listing of a thousand uploads.
constexpr std::size_t kAnswerBytesMax = 2 * 1024 * 1024;

// One attempt: what its callbacks find out.
class Attempt {
 public:
  Attempt(const S3Options& options, const S3Call& call)
      : options_{options},
        call_{call},
        action_{call.method + " " +
                (call.object.empty() ? "s3://" + options.bucket : call.object)} {}

  std::expected<HttpAnswer, S3Failure> run();

 private:
  HttpCall http_call();
  std::string url() const;
  bool is_answer(int status) const {
    return status < 300 || std::ranges::contains(call_.also_answers, status);
  }
  bool take_head(int status, const std::map<std::string, std::string>& headers);
  bool take_piece(std::string_view piece);
  std::size_t give_body(char* buffer, std::size_t room);
  S3Failure failure_of(Error error) const;

  const S3Options& options_;
  const S3Call& call_;
  std::string action_;
  int status_ = 0;
  std::string told_;
  std::uint64_t sent_ = 0;
  std::optional<Error> refused_;
};

std::string Attempt::url() const {
  std::string url = s3_origin(options_) + s3_path(options_, call_.object);
  char separator = '?';
  for (const auto& [name, value] : call_.query) {
    url += separator + percent_encode(name) + "=" + percent_encode(value);
    separator = '&';
  }
  return url;
}

HttpCall Attempt::http_call() {
  HttpCall http{.method = call_.method, .url = url(), .headers = call_.headers};
  http.headers.emplace_back("x-amz-content-sha256", call_.body.sha256);
  http.total_timeout = call_.total_timeout;
  http.stop = call_.stop;
  http.idle_timeout = options_.idle_timeout;
  http.response_bytes_max = std::numeric_limits<std::uint64_t>::max();
  http.proxy_from_environment = true;
  http.aws_signing = options_.signing;
  if (call_.body.bytes > 0) {
    http.body_bytes = static_cast<std::int64_t>(call_.body.bytes);
    http.body_source = [this](char* buffer, std::size_t room) { return give_body(buffer, room); };
  }
  http.on_headers = [this](int status, const auto& headers) { return take_head(status, headers); };
  http.on_body = [this](std::string_view piece) { return take_piece(piece); };
  return http;
}

bool Attempt::take_head(int status, const std::map<std::string, std::string>& headers) {
  status_ = status;
  if (!call_.on_head || !is_answer(status)) return true;
  const auto taken = call_.on_head(status, headers);
  if (!taken) refused_ = taken.error();
  return taken.has_value();
}

bool Attempt::take_piece(std::string_view piece) {
  if (call_.on_piece && status_ < 300) return call_.on_piece(piece);
  if (told_.size() + piece.size() > kAnswerBytesMax) {
    refused_ = Error{&errors::kInternal, action_ + ": the object store's answer is too long"};
    return false;
  }
  told_ += piece;
  return true;
}

std::size_t Attempt::give_body(char* buffer, std::size_t room) {
  const auto left = static_cast<std::size_t>(call_.body.bytes - sent_);
  if (left == 0) return 0;
  const std::size_t given = call_.body.read_at(sent_, buffer, std::min(room, left));
  if (given == 0) {
    refused_ = Error{&errors::kUnavailable, action_ + ": the bytes to store cannot be read"};
    return kHttpBodyAborted;
  }
  sent_ += given;
  return given;
}

// Of the network; what a callback refused is final.
S3Failure Attempt::failure_of(Error error) const {
  if (refused_) return {.error = *refused_};
  const bool passing = error.is(errors::kUnavailable) || error.is(errors::kTimeout);
  return {.error = std::move(error), .passing = passing};
}

std::expected<HttpAnswer, S3Failure> Attempt::run() {
  auto sent = send_http(http_call());
  if (!sent) {
    count(metrics::kObjectRequests,
          {{"method", call_.method}, {"outcome", sent.error().code->name}});
    return std::unexpected{failure_of(std::move(sent).error())};
  }
  sent->body = std::move(told_);
  count(metrics::kObjectRequests,
        {{"method", call_.method}, {"outcome", std::to_string(sent->status)}});
  const bool denied = sent->status < 300 && is_error_body(sent->body);
  if (is_answer(sent->status) && !denied) return *std::move(sent);
  const auto region = sent->headers.find("x-amz-bucket-region");
  const auto refusal =
      refusal_of(sent->status, sent->body, region == sent->headers.end() ? "" : region->second);
  return std::unexpected{
      S3Failure{.error = error_of(action_, refusal), .passing = is_passing(refusal)}};
}

}  // namespace

S3Body body_of(std::string_view bytes) {
  return {.bytes = bytes.size(),
          .sha256 = sha256_hex(bytes),
          .read_at = [bytes](std::uint64_t offset, char* into, std::size_t room) {
            const auto piece = bytes.substr(static_cast<std::size_t>(offset), room);
            std::memcpy(into, piece.data(), piece.size());
            return piece.size();
          }};
}

std::expected<HttpAnswer, S3Failure> S3Client::attempt(const S3Call& call) const {
  return Attempt{options_, call}.run();
}

Result<HttpAnswer> S3Client::send(const S3Call& call) const {
  for (int failures = 1;; ++failures) {
    auto answer = attempt(call);
    if (answer) return *std::move(answer);
    if (!answer.error().passing || failures == kS3AttemptsMax) {
      return std::unexpected{std::move(answer).error().error};
    }
    pause(failures, answer.error().error);
  }
}

void S3Client::pause(int failures, const Error& error) const {
  log_warning("the object store is asked again", {{"failures", failures}, {"error", error.text()}});
  pause_for(retry_delay(static_cast<std::uint64_t>(failures),
                        {.first = options_.retry_delay_first, .longest = kRetryDelayMax}),
            {});
}

}  // namespace podium
