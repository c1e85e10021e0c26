#include "services/executor/adapters/docker_api.hpp"

#include <algorithm>
#include <charconv>
#include <format>
#include <memory>
#include <nlohmann/json.hpp>

#include "services/executor/errors.hpp"

namespace podium::executor {
namespace {

using Json = nlohmann::json;

/// What of an engine's message is shown.
constexpr std::size_t kMessageBytesMax = 500;
constexpr std::uint64_t kAnswerBytesMax = 16ULL << 20;

std::string message_of(std::string_view body) {
  const auto json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  std::string message{body};
  if (json.is_object() && json.contains("message") && json["message"].is_string()) {
    message = json["message"].get<std::string>();
  }
  return message.substr(0, kMessageBytesMax);
}

/// 41 of "1.41".
std::optional<int> minor_of(std::string_view version) {
  constexpr std::string_view kMajor = "1.";
  if (!version.starts_with(kMajor)) return std::nullopt;
  version.remove_prefix(kMajor.size());
  int minor = 0;
  const auto* const end = version.data() + version.size();
  const auto read = std::from_chars(version.data(), end, minor);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return minor;
}

std::string url_of(const DockerHost& host, std::string_view version, const DockerCall& call) {
  auto url = version.empty() ? std::format("{}{}", host.base_url, call.path)
                             : std::format("{}/v{}{}", host.base_url, version, call.path);
  char separator = '?';
  for (const auto& [name, value] : call.query) {
    url += std::format("{}{}={}", separator, name, percent_encode(value));
    separator = '&';
  }
  return url;
}

/// The beginning of an error's body, which must not go to the caller's sink.
struct ErrorBody {
  int status = 0;
  std::string text;
};

HttpCall http_call(const DockerHost& host, std::string_view version, DockerCall& call,
                   const std::shared_ptr<ErrorBody>& error) {
  HttpCall http;
  http.method = call.method;
  http.url = url_of(host, version, call);
  http.unix_socket = host.unix_socket;
  if (!call.body.empty() || call.body_source) {
    http.headers.emplace_back("Content-Type", call.content_type);
  }
  http.body = std::move(call.body);
  http.body_source = std::move(call.body_source);
  http.body_bytes = call.body_bytes;
  http.total_timeout = call.total_timeout;
  http.idle_timeout = call.idle_timeout;
  http.stop = call.stop;
  http.response_bytes_max = call.on_body ? UINT64_MAX : kAnswerBytesMax;
  http.on_headers = [error, on_headers = std::move(call.on_headers)](
                        int status, const std::map<std::string, std::string>& headers) {
    error->status = status;
    return status >= 400 || !on_headers || on_headers(headers);
  };
  if (!call.on_body) return http;
  http.on_body = [error, on_body = std::move(call.on_body)](std::string_view piece) {
    if (error->status < 400) return on_body(piece);
    error->text +=
        piece.substr(0, 2 * kMessageBytesMax - std::min(error->text.size(), 2 * kMessageBytesMax));
    return true;
  };
  return http;
}

/// A broken connection is the engine's absence; what the caller asked for stays as it is.
Error transport_error(const Error& error, std::string_view what) {
  const bool asked_for =
      error.is(errors::kStopped) || error.is(errors::kTimeout) || error.is(errors::kTooLarge);
  if (asked_for) return error;
  return {&kSandboxUnavailable, std::format("{}: {}", what, error.detail)};
}

}  // namespace

Result<std::string> negotiate_version(std::string_view engine_version) {
  const auto minor = minor_of(engine_version);
  if (!minor) {
    return fail(kSandboxUnavailable,
                std::format("the engine says it speaks version '{}'", engine_version));
  }
  if (*minor < kEngineApiMinorMin) {
    return fail(kSandboxUnavailable,
                std::format("the engine speaks version {}, at least 1.{} is needed", engine_version,
                            kEngineApiMinorMin));
  }
  return std::format("1.{}", std::min(*minor, kEngineApiMinorMax));
}

Error error_of_answer(int status, std::string_view body, std::string_view what) {
  const auto detail = std::format("{}: {} {}", what, status, message_of(body));
  switch (status) {
    case 404:
      return {&errors::kNotFound, detail};
    case 409:
      return {&errors::kConflict, detail};
    case 400:
    case 403:
      return {&kSandboxRefused, detail};
    default:
      return {&kSandboxUnavailable, detail};
  }
}

DockerApi::DockerApi(DockerHost host, std::string version)
    : host_{std::move(host)}, forced_version_{std::move(version)}, version_{forced_version_} {}

Result<HttpAnswer> DockerApi::call(DockerCall call) {
  const auto spoken = PODIUM_TRY(version());
  const auto what = std::format("{} {}", call.method, call.path);
  auto error = std::make_shared<ErrorBody>();
  auto answer = send_http(http_call(host_, spoken, call, error));
  if (!answer) return std::unexpected{transport_error(answer.error(), what)};
  if (answer->status < 400) return answer;
  const auto& body = answer->body.empty() ? error->text : answer->body;
  return std::unexpected{error_of_answer(answer->status, body, what)};
}

Result<std::string> DockerApi::version() {
  {
    const std::scoped_lock lock{mutex_};
    if (!version_.empty()) return version_;
  }
  HttpCall ping;
  ping.url = host_.base_url + "/_ping";
  ping.unix_socket = host_.unix_socket;
  const auto answer = send_http(ping);
  if (!answer) return std::unexpected{transport_error(answer.error(), "GET /_ping")};
  if (answer->status != 200) {
    return std::unexpected{error_of_answer(answer->status, answer->body, "GET /_ping")};
  }
  const auto told = answer->headers.find("api-version");
  auto spoken = PODIUM_TRY(
      negotiate_version(told == answer->headers.end() ? std::string_view{} : told->second));
  const std::scoped_lock lock{mutex_};
  version_ = spoken;
  return spoken;
}

void DockerApi::forget_version() {
  const std::scoped_lock lock{mutex_};
  version_ = forced_version_;
}

}  // namespace podium::executor
