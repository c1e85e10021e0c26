#include "libs/chassis/http/problem.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "libs/chassis/http/client.hpp"

namespace podium {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kProblemType = "application/problem+json";
/// What a client is told to wait when a limit is reached or a part is away.
constexpr std::string_view kRetryAfterSeconds = "2";

// Text that is not UTF-8 must not make an answer fail.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string encoded_path(std::string_view path) {
  std::string encoded;
  for (;;) {
    const auto slash = path.find('/');
    encoded += percent_encode(path.substr(0, slash));
    if (slash == std::string_view::npos) return encoded;
    encoded += '/';
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

HttpResponse problem(const Error& error, std::string_view trace_id) {
  return problem(error.code->http_status, error.code->name, error.code->sentence, error.detail,
                 trace_id);
}

HttpResponse problem(int status, std::string_view code, std::string_view title,
                     std::string_view detail, std::string_view trace_id) {
  Json body;
  body["type"] = "urn:podium:problem:" + std::string{code};
  body["title"] = title;
  body["status"] = status;
  body["detail"] = detail;
  body["code"] = code;
  if (!trace_id.empty()) body["trace_id"] = trace_id;
  HttpResponse response;
  response.status = status;
  response.content_type = kProblemType;
  response.body = dump(body);
  if (status == 429 || status == 503) {
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  }
  return response;
}

bool is_problem(const HttpResponse& response) {
  return response.content_type.starts_with(kProblemType);
}

void complete_problem(HttpResponse& response, std::string_view path, std::string_view trace_id) {
  Json body = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return;
  if (!path.empty() && !body.contains("instance")) body["instance"] = encoded_path(path);
  if (!trace_id.empty() && !body.contains("trace_id")) body["trace_id"] = trace_id;
  response.body = dump(body);
}

std::string refusal_bytes(const Error& error) {
  const HttpResponse response = problem(error);
  std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + " Refused\r\n";
  for (const auto& [name, value] : response.headers) {
    bytes.append(name).append(": ").append(value).append("\r\n");
  }
  bytes.append("Content-Type: ").append(response.content_type);
  bytes.append("\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: ");
  bytes.append(std::to_string(response.body.size())).append("\r\n\r\n").append(response.body);
  return bytes;
}

}  // namespace podium
