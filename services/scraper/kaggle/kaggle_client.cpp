#include "services/scraper/kaggle/kaggle_client.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "libs/chassis/http/credential.hpp"
#include "libs/chassis/http/http_time.hpp"
#include "libs/chassis/http/vendor_calls.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/version.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;

bool is_worth_a_repeat(int status) {
  return status == 429 || status >= 500;
}

/// Kaggle may be there again in a moment; anything else stays as it is.
bool is_worth_a_repeat(const Error& error) {
  return error.is(errors::kUnavailable) || error.is(errors::kTimeout);
}

/// The tries of one call: whether there is another one, and the wait before it.
class Tries {
 public:
  Tries(const KaggleSleep& sleep, std::stop_token stop) : sleep_{sleep}, stop_{std::move(stop)} {}

  /// For time that brought what was asked for, if not all of it.
  void forgive(std::chrono::nanoseconds time) { begun_ += time; }

  /// Waits for the next try; false when there is none left, or it was stopped.
  bool wait(std::string_view retry_after) {
    if (++done_ >= kKaggleTriesMax) return false;
    const auto delay = kaggle_delay(done_, retry_after, std::chrono::system_clock::now());
    // What answers took counts as well: a server that only hangs is not waited for eight times.
    const auto answers = std::chrono::steady_clock::now() - begun_;
    if (waited_ + delay + answers > kKaggleWaitMax) return false;
    waited_ += delay;
    return sleep_(delay, stop_);
  }

 private:
  const KaggleSleep& sleep_;
  std::stop_token stop_;
  int done_ = 0;
  std::chrono::milliseconds waited_{0};
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

void log_refusal(std::string_view method, const KaggleProblem& problem, const HttpAnswer& answer) {
  log_info("Kaggle refused a call",
           {{"method", std::string{method}},
            {"status", std::to_string(problem.status)},
            {"request_id", header_in(answer.headers, "x-kaggle-requestid")}});
}

std::unexpected<Error> unreachable(std::string_view method, const Error& error) {
  if (error.is(errors::kStopped)) return std::unexpected{error};
  return fail(competition::reasons::kScrapeFailed,
              std::format("Kaggle did not answer {}: {}", method, error.detail));
}

}  // namespace

std::chrono::milliseconds kaggle_delay(int tries, std::string_view retry_after,
                                       std::chrono::system_clock::time_point now) {
  const auto grown = std::chrono::duration_cast<std::chrono::milliseconds>(
      kKaggleDelayFirst * std::pow(kKaggleDelayFactor, tries - 1));
  // What the server asks for has been too short at times, so ours is the least.
  return std::max(parse_retry_after(retry_after, now).value_or(grown), grown);
}

HttpCall kaggle_call(const KaggleEndpoint& endpoint, std::string_view method, const json& question,
                     const std::stop_token& stop) {
  HttpCall call;
  call.method = "POST";
  call.url = std::format("{}/{}", endpoint.url, method);
  call.headers = {{"Content-Type", "application/json"},
                  {"Accept", "application/json"},
                  {"User-Agent", std::format("podium/{}", version())}};
  if (!endpoint.authorization.empty()) {
    call.headers.emplace_back("Authorization", endpoint.authorization.reveal());
  }
  call.body = question.dump();
  call.connect_timeout = kKaggleConnectMax;
  call.total_timeout = kKaggleAnswerMax;
  call.response_bytes_max = kKaggleAnswerBytesMax;
  call.stop = stop;
  call.proxy_from_environment = true;
  return call;
}

Result<HttpAnswer> send_to_kaggle(const HttpCall& call, std::string_view operation) {
  auto answer = send_http(call);
  count_vendor_call({.vendor = "kaggle", .operation = operation}, answer);
  return answer;
}

KaggleClient::KaggleClient(KaggleEndpoint endpoint, KaggleSleep sleep)
    : endpoint_{std::move(endpoint)}, sleep_{std::move(sleep)} {}

std::optional<KaggleProblem> KaggleClient::refusal_in(int status, std::string_view body) const {
  auto problem = problem_in(status, body);
  // "Bearer <token>"
  const auto& sent = endpoint_.authorization.reveal();
  const auto secret = std::string_view{sent}.substr(sent.find(' ') + 1);
  if (problem) problem->message = without_secret(std::move(problem->message), secret);
  return problem;
}

HttpCall KaggleClient::call_of(std::string_view method, const json& question,
                               const std::stop_token& stop) const {
  return kaggle_call(endpoint_, std::format("competitions.CompetitionApiService/{}", method),
                     question, stop);
}

Result<json> KaggleClient::ask(std::string_view method, std::string_view slug, const json& question,
                               const std::stop_token& stop) {
  const auto call = call_of(method, question, stop);
  Tries tries{sleep_, stop};
  while (true) {
    const auto answer = send_to_kaggle(call, method);
    if (!answer) {
      if (!is_worth_a_repeat(answer.error()) || !tries.wait("")) {
        return unreachable(method, answer.error());
      }
      continue;
    }
    const auto problem = refusal_in(answer->status, answer->body);
    if (!problem) {
      auto told = parse_answer(answer->body);
      if (!told.is_discarded()) return told;
      return fail(competition::reasons::kScrapeFailed,
                  std::format("Kaggle's answer to {} is no JSON", method));
    }
    log_refusal(method, *problem, *answer);
    const bool again =
        is_worth_a_repeat(problem->status) && tries.wait(header_in(answer->headers, "retry-after"));
    if (stop.stop_requested()) return fail(errors::kStopped, "the call was stopped");
    if (!again) return std::unexpected{reason_of(*problem, slug)};
  }
}

Result<KaggleClient::Reply> KaggleClient::ask_once(std::string_view method, const json& question,
                                                   const std::stop_token& stop) {
  auto answer = PODIUM_TRY(send_to_kaggle(call_of(method, question, stop), method));
  Reply reply{.problem = refusal_in(answer.status, answer.body), .body = {}};
  if (reply.problem) log_refusal(method, *reply.problem, answer);
  reply.body = std::move(answer.body);
  return reply;
}

Result<std::string> KaggleClient::ask_for_download(std::string_view slug, const FileSink& sink,
                                                   const std::stop_token& stop) {
  constexpr std::string_view kMethod = "DownloadDataFiles";
  auto call = call_of(kMethod, {{"competitionName", slug}}, stop);
  call.total_timeout = std::chrono::milliseconds{0};
  call.idle_timeout = kKaggleIdleMax;
  call.response_bytes_max = std::numeric_limits<std::uint64_t>::max();
  Tries tries{sleep_, stop};
  while (true) {
    bool is_file = false;
    std::string words;
    call.on_headers = [&](int status, const auto& headers) {
      // A refusal may come with 200, and is JSON then.
      is_file = status == 200 && !header_in(headers, "content-type").contains("json");
      return !is_file || sink.begin(headers);
    };
    call.on_body = [&](std::string_view piece) {
      if (is_file) return sink.take(piece);
      words.append(piece.substr(0, kKaggleAnswerBytesMax - words.size()));
      return words.size() < kKaggleAnswerBytesMax;
    };
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = send_to_kaggle(call, kMethod);
    if (is_file) tries.forgive(std::chrono::steady_clock::now() - begun);
    if (!answer && words.size() >= kKaggleAnswerBytesMax) {
      return fail(competition::reasons::kScrapeFailed,
                  std::format("Kaggle's answer to {} is longer than {} bytes", kMethod,
                              kKaggleAnswerBytesMax));
    }
    if (!answer) {
      if (!is_worth_a_repeat(answer.error()) || !tries.wait("")) {
        return unreachable(kMethod, answer.error());
      }
      continue;
    }
    if (is_file) return std::string{};
    auto location = header_in(answer->headers, "location");
    if (answer->status >= 300 && answer->status < 400 && !location.empty()) return location;
    const auto problem = refusal_in(answer->status, words)
                             .value_or(KaggleProblem{.status = answer->status, .message = {}});
    const bool again =
        is_worth_a_repeat(problem.status) && tries.wait(header_in(answer->headers, "retry-after"));
    if (stop.stop_requested()) return fail(errors::kStopped, "the call was stopped");
    if (!again) return std::unexpected{reason_of(problem, slug)};
  }
}

std::string header_in(const std::map<std::string, std::string>& headers, const std::string& name) {
  const auto at = headers.find(name);
  return at == headers.end() ? "" : at->second;
}

}  // namespace podium::scraper
