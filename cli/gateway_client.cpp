#include "cli/gateway_client.hpp"

#include <format>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/problem_words.hpp"

namespace podium::cli {
namespace {

/// The gateway answers waits after 60 s at the latest.
constexpr std::chrono::milliseconds kAnswerMax{90'000};
constexpr std::chrono::milliseconds kConnectMax{5'000};
/// Of the body of an answer that refuses a stream.
constexpr std::size_t kProblemBytesMax = 64 * 1024;

std::string text_in(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

Exit exit_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return Exit::credentials;
    case 404:
      return Exit::not_found;
    default:
      return Exit::error;
  }
}

}  // namespace

GatewayClient::GatewayClient(GatewayAddress address, std::stop_token stop)
    : address_{std::move(address)}, stop_{std::move(stop)} {}

Outcome<std::string> GatewayClient::get(std::string_view path) const {
  return body_of(send(call("GET", path)));
}

Outcome<std::string> GatewayClient::post(std::string_view path, std::string body,
                                         const Headers& headers) const {
  return body_of(try_post(path, std::move(body), headers));
}

Outcome<HttpAnswer> GatewayClient::try_post(std::string_view path, std::string body,
                                            const Headers& headers) const {
  HttpCall request = call("POST", path);
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return send(request);
}

Outcome<std::string> GatewayClient::put_file(std::string_view path,
                                             const std::filesystem::path& file) const {
  std::error_code problem;
  const auto bytes = std::filesystem::file_size(file, problem);
  std::ifstream stream{file, std::ios::binary};
  if (problem || !stream) {
    return give_up(Exit::error, "cannot read " + file.string(), problem.message(), "");
  }
  HttpCall request = call("PUT", path);
  request.headers.emplace_back("Content-Type", "application/x-tar");
  request.body_bytes = static_cast<std::int64_t>(bytes);
  request.body_source = [&stream](char* buffer, std::size_t room) {
    stream.read(buffer, static_cast<std::streamsize>(room));
    return static_cast<std::size_t>(stream.gcount());
  };
  request.total_timeout = std::chrono::milliseconds{0};
  request.idle_timeout = kAnswerMax;
  return body_of(send(request));
}

Outcome<void> GatewayClient::stream(
    std::string_view path, const Headers& headers, std::chrono::milliseconds idle_timeout,
    std::stop_token stop, const std::function<bool(std::string_view piece)>& on_piece) const {
  HttpCall request = call("GET", path);
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  request.total_timeout = std::chrono::milliseconds{0};
  request.idle_timeout = idle_timeout;
  request.stop = std::move(stop);
  request.response_bytes_max = std::numeric_limits<std::uint64_t>::max();
  HttpAnswer refused;
  bool ended_here = false;
  request.on_headers = [&](int status, const std::map<std::string, std::string>&) {
    refused.status = status;
    return true;
  };
  request.on_body = [&](std::string_view piece) {
    if (!is_success(refused.status)) {
      refused.body.append(piece.substr(0, kProblemBytesMax - refused.body.size()));
      return true;
    }
    ended_here = !on_piece(piece);
    return !ended_here;
  };
  const auto answer = send_http(request);
  if (ended_here) return {};
  if (!answer) return std::unexpected{failure_of(answer.error())};
  if (!is_success(answer->status)) {
    refused.headers = answer->headers;
    return std::unexpected{failure_of(refused)};
  }
  return {};
}

Result<HttpAnswer> GatewayClient::ask(std::string_view path) const {
  return send_http(call("GET", path));
}

HttpCall GatewayClient::call(std::string method, std::string_view path) const {
  HttpCall request;
  request.method = std::move(method);
  request.url = address_.url + std::string{path};
  request.connect_timeout = kConnectMax;
  request.total_timeout = kAnswerMax;
  request.stop = stop_;
  if (!address_.api_key.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + address_.api_key.reveal());
  }
  return request;
}

Outcome<HttpAnswer> GatewayClient::send(const HttpCall& request) const {
  auto answer = send_http(request);
  if (!answer) return std::unexpected{failure_of(answer.error())};
  return *std::move(answer);
}

Outcome<std::string> GatewayClient::body_of(const Outcome<HttpAnswer>& answer) const {
  if (!answer) return std::unexpected{answer.error()};
  if (!is_success(answer->status)) return std::unexpected{failure_of(*answer)};
  return answer->body;
}

Failure GatewayClient::failure_of(const HttpAnswer& answer) const {
  Failure failure{.exit = exit_of(answer.status),
                  .what = std::format("the gateway answered {}", answer.status),
                  .why = {},
                  .next = {},
                  .trace_id = {}};
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  if (!problem.is_object()) return failure;
  const std::string code = text_in(problem, "code");
  if (auto what = what_is_wrong(problem); !what.empty()) failure.what = std::move(what);
  failure.why = code;
  failure.next = next_of(problem, address_.command);
  failure.trace_id = text_in(problem, "trace_id");
  if (code == "JOB_WITHOUT_RESULT") failure.exit = Exit::job_failed;
  return failure;
}

Failure GatewayClient::failure_of(const Error& error) const {
  if (error.is(errors::kStopped)) {
    return {
        .exit = Exit::interrupted, .what = "interrupted", .why = {}, .next = {}, .trace_id = {}};
  }
  return {.exit = Exit::unreachable,
          .what = "the gateway does not answer at " + address_.url,
          .why = error.detail,
          .next = address_.command + " up starts it; " + address_.command +
                  " doctor looks for what is wrong; PODIUM_URL names another address",
          .trace_id = {}};
}

}  // namespace podium::cli
