#include "services/codegen/models/http_model_endpoint.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/http/vendor_calls.hpp"
#include "services/codegen/models/json_fields.hpp"

namespace podium::codegen::models {
namespace {

using std::chrono::milliseconds;

Result<void> check(const ModelRequest& request) {
  const auto invalid = [](std::string_view what) {
    return podium::fail(model_errors::kRequestInvalid, std::string{what});
  };
  if (request.model.empty()) return invalid("no model is named");
  if (request.max_output_tokens == 0) return invalid("max_output_tokens is 0");
  const auto& messages = request.messages;
  if (messages.empty() || messages.front().role != Role::user ||
      messages.back().role != Role::user) {
    return invalid("the first and the last message must be the user's");
  }
  if (std::ranges::any_of(messages, [](const auto& message) { return message.text.empty(); })) {
    return invalid("a message is empty");
  }
  return {};
}

// Until the deadline; 0 means no end, so what is left is at least a millisecond.
milliseconds time_left(const ModelRequest& request, SteadyTime now) {
  if (request.deadline == SteadyTime::max()) return milliseconds{0};
  return std::max(std::chrono::ceil<milliseconds>(request.deadline - now), milliseconds{1});
}

bool is_stream(const HttpHeaders& headers) {
  const auto at = headers.find("content-type");
  return at == headers.end() || !at->second.contains("json");
}

// What the vendor counted, or at least what the bytes say, whichever is known.
ModelUsage settled_usage(const StreamedReply& reply, const ModelRequest& request) {
  ModelUsage usage = reply.usage;
  if (reply.usage_is_final && !usage.empty()) return usage;
  usage.estimated = true;
  if (usage.input_tokens == 0) usage.input_tokens = estimate_tokens(prompt_bytes(request));
  usage.output_tokens = std::max(usage.output_tokens, estimate_tokens(reply.bytes));
  return usage;
}

// The transport's error as the port's: only our own stop and our own deadline stay as they are.
Error told(const Error& failure, const std::string& provider, bool deadline_is_over) {
  if (failure.is(podium::errors::kStopped)) return failure;
  if (failure.is(podium::errors::kTimeout) && deadline_is_over) return failure;
  const bool bad_address = failure.is(podium::errors::kInvalid);
  return {bad_address ? &model_errors::kModelUnknown : &model_errors::kUnavailable,
          provider + ": " + failure.detail};
}

}  // namespace

// What came of one HTTP call.
struct HttpModelEndpoint::Exchange {
  int status = 0;
  HttpHeaders headers{};
  /// Of an answer that is no stream.
  std::string body{};
  StreamedReply reply{};
  /// The transport's error, if any.
  std::optional<Error> failure{};
  double seconds = 0;

  bool streamed() const { return status == 200 && is_stream(headers); }
  /// The vendor's error, inside the stream or instead of it.
  std::optional<ApiError> refusal() const {
    if (streamed()) return reply.error;
    const bool stopped = failure && failure->is(podium::errors::kStopped);
    // A status that says it all stands even when its body was cut.
    if (status == 0 || stopped || (failure && status == 200)) return std::nullopt;
    ApiError error = read_api_error(status, body);
    if (status == 200) {
      error = read_stream_error(nlohmann::json::parse(body, nullptr, false));
      // A whole answer where a stream was asked for.
      if (error.message.empty()) error = {.status = 200, .message = "the server does not stream"};
    }
    return error;
  }
  /// What came of it for the metric: a stream may fail long after its 200.
  std::string code() const {
    if (const auto refused = refusal()) return std::to_string(refused->status);
    if (streamed() && reply.whole) return std::to_string(status);
    return std::string{(failure ? failure->code : &podium::errors::kUnavailable)->name};
  }
};

HttpModelEndpoint::HttpModelEndpoint(HttpModelEndpointOptions options,
                                     std::unique_ptr<const WireFormat> wire, ModelClock& clock)
    : options_{std::move(options)}, wire_{std::move(wire)}, clock_{clock} {}

ModelAttempt HttpModelEndpoint::attempt(const ModelRequest& request,
                                        const OnProgress& on_progress) {
  if (auto valid = check(request); !valid) return {.reply = std::unexpected{valid.error()}};
  RequestShape shape = shape_for(request.model);
  bool for_all_prompts = true;
  for (int adaptations = 0;; ++adaptations) {
    if (clock_.now() >= request.deadline) {
      return {.reply = podium::fail(podium::errors::kTimeout,
                                    options_.name + ": no time is left for the call")};
    }
    Exchange done = exchange(request, shape, on_progress);
    count_vendor_call({.vendor = options_.name, .operation = "complete"}, done.code());
    if (done.streamed() && for_all_prompts) remember(request.model, shape);
    const auto refusal = done.streamed() ? std::nullopt : done.refusal();
    const auto adaptation = refusal ? adapt(shape, request, *refusal) : std::nullopt;
    if (!adaptation || adaptations == kAdaptationsMax) return settle(request, std::move(done));
    shape = adaptation->shape;
    for_all_prompts = for_all_prompts && adaptation->for_all_prompts;
  }
}

HttpModelEndpoint::Exchange HttpModelEndpoint::exchange(const ModelRequest& request,
                                                        const RequestShape& shape,
                                                        const OnProgress& on_progress) const {
  Exchange done;
  const auto reader = wire_->reader();
  SseParser parser{[&](const SseMessage& message) {
    const std::size_t before = reader->reply().text.size();
    const std::uint64_t bytes_before = reader->reply().bytes;
    reader->take(message);
    const StreamedReply& reply = reader->reply();
    if (on_progress && reply.bytes != bytes_before) {
      on_progress({.provider = options_.name,
                   .model = request.model,
                   .piece = std::string_view{reply.text}.substr(before),
                   .bytes = reply.bytes});
    }
    return !reader->ended();
  }};
  HttpCall call{.method = "POST",
                .url = joined_url(options_.base_url, wire_->path()),
                .headers = wire_->headers(options_.key),
                .body = wire_->body(request, shape),
                .connect_timeout = kConnectTimeout,
                .total_timeout = time_left(request, clock_.now()),
                .idle_timeout = options_.idle_timeout,
                .response_bytes_max = kStreamBytesMax,
                .stop = request.stop,
                .proxy_from_environment = options_.proxy_from_environment};
  call.headers.emplace_back("Content-Type", "application/json");
  call.on_headers = [&](int status, const HttpHeaders& headers) {
    done.status = status;
    done.headers = headers;
    return true;
  };
  call.on_body = [&](std::string_view piece) {
    if (done.streamed()) return parser.feed(piece);
    done.body += piece.substr(0, kErrorBodyBytesMax - done.body.size());
    return done.body.size() < kErrorBodyBytesMax;
  };
  const SteadyTime begin = clock_.now();
  auto answer = send_http(call);
  done.seconds = std::chrono::duration<double>(clock_.now() - begin).count();
  const bool read_enough = reader->ended() || done.body.size() == kErrorBodyBytesMax;
  done.reply = reader->finish();
  if (!answer && !read_enough) done.failure = std::move(answer).error();
  return done;
}

ModelAttempt HttpModelEndpoint::settle(const ModelRequest& request, Exchange done) const {
  const RateLimits rates = read_rate_limits(done.headers, clock_.wall_now());
  StreamedReply& streamed = done.reply;
  const auto failed = [&](Error error) {
    ModelAttempt attempt{.reply = std::unexpected{std::move(error)}, .rates = rates};
    if (done.streamed()) attempt.usage = settled_usage(streamed, request);
    return attempt;
  };
  if (const auto refusal = done.refusal()) {
    Error error = error_of(*refusal, options_.name, options_.key);
    if (rates.retry_after) error.detail += std::format(" (wait {})", *rates.retry_after);
    return failed(std::move(error));
  }
  if (!streamed.whole) {
    if (!done.failure) {
      return failed({&model_errors::kUnavailable, options_.name + ": the stream was cut"});
    }
    return failed(told(*done.failure, options_.name, clock_.now() >= request.deadline));
  }
  ModelReply reply{.text = std::move(streamed.text),
                   .stop_reason = *streamed.stop_reason,
                   .stop_detail = std::move(streamed.stop_detail),
                   .usage = settled_usage(streamed, request),
                   .provider = options_.name,
                   .model = streamed.model.empty() ? request.model : streamed.model,
                   .request_id = std::move(streamed.id),
                   .seconds = done.seconds};
  const auto id = done.headers.find(std::string{wire_->request_id_header()});
  if (id != done.headers.end()) reply.request_id = id->second;
  return {.reply = std::move(reply), .rates = rates};
}

RequestShape HttpModelEndpoint::shape_for(const std::string& model) {
  const std::lock_guard lock{mutex_};
  const auto at = shapes_.find(model);
  return at == shapes_.end() ? wire_->first_shape(options_.base_url) : at->second;
}

void HttpModelEndpoint::remember(const std::string& model, const RequestShape& shape) {
  if (shape == wire_->first_shape(options_.base_url)) return;
  const std::lock_guard lock{mutex_};
  if (shapes_.size() >= kModelsRememberedMax && !shapes_.contains(model)) return;
  shapes_[model] = shape;
}

}  // namespace podium::codegen::models
