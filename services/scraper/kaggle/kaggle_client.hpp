// Calls of Kaggle's API (the RPC dialect of its own client 1.8 and later): one POST a call, JSON
// both ways. Reads are repeated after 429, 5xx and broken connections, with a growing delay or as
// Retry-After says, within a bound on the whole wait. Cookies are never sent back and redirects
// never followed: both break authentication. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/http/client.hpp"
#include "libs/chassis/result.hpp"
#include "services/scraper/kaggle/kaggle_answers.hpp"
#include "services/scraper/kaggle/kaggle_credentials.hpp"

namespace podium::scraper {

struct KaggleEndpoint {
  /// "https://api.kaggle.com/v1"; methods are appended.
  std::string url;
  /// Value of the header Authorization; empty asks as nobody.
  Secret authorization;
};

/// Waits, for tests to replace: false when it was stopped.
using KaggleSleep =
    std::function<bool(std::chrono::milliseconds wait, const std::stop_token& stop)>;

class KaggleClient {
 public:
  explicit KaggleClient(KaggleEndpoint endpoint, KaggleSleep sleep = pause_for);

  /// The answer of `competitions.CompetitionApiService/<method>`. A refusal is the error that
  /// reason_of() makes of it; SCRAPE_FAILED when Kaggle does not answer within the bounds; STOPPED.
  Result<nlohmann::json> ask(std::string_view method, std::string_view slug,
                             const nlohmann::json& question, const std::stop_token& stop);

  /// What Kaggle answered, whatever it was.
  struct Reply {
    /// What is wrong with it; nullopt when nothing is.
    std::optional<KaggleProblem> problem;
    std::string body;
  };
  /// One call without a repeat, for what must not happen twice or has a time of its own to be
  /// repeated. UNAVAILABLE and TIMEOUT leave its effect unknown; STOPPED too.
  Result<Reply> ask_once(std::string_view method, const nlohmann::json& question,
                         const std::stop_token& stop);

  /// What takes the bytes should Kaggle send them at once; false from either ends the call.
  struct FileSink {
    /// From the beginning, after a cut once more.
    std::function<bool(const std::map<std::string, std::string>& headers)> begin;
    std::function<bool(std::string_view piece)> take;
  };
  /// Asks for all data of a competition in one file: the address of the bytes; empty when they came
  /// at once.
  Result<std::string> ask_for_download(std::string_view slug, const FileSink& sink,
                                       const std::stop_token& stop);

  /// Waits as between tries; false when it was stopped.
  bool wait(std::chrono::milliseconds time, const std::stop_token& stop) const {
    return sleep_(time, stop);
  }

 private:
  /// As problem_in(), without the credential that Kaggle may repeat.
  std::optional<KaggleProblem> refusal_in(int status, std::string_view body) const;
  HttpCall call_of(std::string_view method, const nlohmann::json& question,
                   const std::stop_token& stop) const;

  KaggleEndpoint endpoint_;
  KaggleSleep sleep_;
};

/// One question to a method (`<service>/<name>`) of Kaggle's API, with the limits of a read.
HttpCall kaggle_call(const KaggleEndpoint& endpoint, std::string_view method,
                     const nlohmann::json& question, const std::stop_token& stop);

/// Sends one call to Kaggle or its storage and counts what came of it. `operation` is a method of
/// the API or what is done with the storage.
Result<HttpAnswer> send_to_kaggle(const HttpCall& call, std::string_view operation);

/// The header of this lower-case name, empty when there is none.
std::string header_in(const std::map<std::string, std::string>& headers, const std::string& name);

/// How long to wait before try number `tries` + 1, 1 being the first: Retry-After in seconds or as
/// an HTTP date (RFC 9110), else the growing delay.
std::chrono::milliseconds kaggle_delay(int tries, std::string_view retry_after,
                                       std::chrono::system_clock::time_point now);

}  // namespace podium::scraper
