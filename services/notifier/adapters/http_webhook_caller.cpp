#include "services/notifier/adapters/http_webhook_caller.hpp"

#include <format>
#include <optional>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/http/url.hpp"
#include "services/notifier/errors.hpp"
#include "services/notifier/limits.hpp"

namespace podium::notifier {
namespace {

constexpr int kGone = 410;

// Many receivers keep their secret in the path, so that only the host is told: the client's words
// are "POST <address>: <what>", and no address holds a blank.
std::string told_of(const Error& error, const std::string& url) {
  const auto parts = parse_url(url);
  const auto colon = error.detail.find(": ");
  return std::format("{}: {}", parts ? parts->host : "the receiver",
                     colon == std::string::npos ? "no call" : error.detail.substr(colon + 2));
}

Result<void> judge(int status) {
  if (status >= 200 && status < 300) return {};
  const auto& code = status == kGone ? errors::kWebhookGone : errors::kWebhookFailed;
  return fail(code, std::format("the receiver answered {}", status));
}

}  // namespace

Result<void> HttpWebhookCaller::call(const WebhookCall& call, std::stop_token stop) {
  std::optional<int> status;
  std::size_t bytes = 0;
  HttpCall http{.method = "POST", .url = call.url};
  http.headers = {{"Content-Type", "application/json"},
                  {"Podium-Event", "job.ended"},
                  {"Podium-Signature", call.signature}};
  http.body = call.body;
  http.connect_timeout = kWebhookConnectMax;
  http.total_timeout = kWebhookTimeMax;
  http.stop = std::move(stop);
  http.public_addresses_only = !private_allowed_;
  http.on_headers = [&](int told, const std::map<std::string, std::string>&) {
    status = told;
    return true;
  };
  http.on_body = [&](std::string_view piece) {
    bytes += piece.size();
    return bytes <= kWebhookAnswerBytesMax;
  };
  const auto answer = send_http(http);
  // Whatever becomes of the rest of the answer, its status has come.
  if (status) return judge(*status);
  if (!answer) return fail(*answer.error().code, told_of(answer.error(), call.url));
  return judge(answer->status);
}

}  // namespace podium::notifier
