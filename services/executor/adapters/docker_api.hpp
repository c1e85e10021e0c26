// Calls of the Docker Engine API over its socket. The version is negotiated with the first call
// (GET /_ping), never fixed: engines of today refuse the versions of yesterday. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/result.hpp"
#include "services/executor/adapters/docker_host.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {

using DockerQuery = std::vector<std::pair<std::string, std::string>>;

struct DockerCall {
  std::string method = "GET";
  /// Without version: "/containers/create".
  std::string path;
  DockerQuery query = {};
  /// JSON, or a tar when `content_type` says so.
  std::string body = {};
  std::string content_type = "application/json";
  std::function<std::size_t(char* buffer, std::size_t room)> body_source = {};
  std::int64_t body_bytes = -1;
  std::function<bool(std::string_view piece)> on_body = {};
  /// Only for answers of success; false ends the call with STOPPED.
  std::function<bool(const std::map<std::string, std::string>& headers)> on_headers = {};
  /// 0 means none.
  std::chrono::milliseconds total_timeout{kEngineCallMax};
  std::chrono::milliseconds idle_timeout{0};
  std::stop_token stop = {};
};

/// The version to speak with an engine that says it speaks up to `engine_version`: the lower of its
/// newest and ours. SANDBOX_UNAVAILABLE when it is too old or says nothing sensible.
Result<std::string> negotiate_version(std::string_view engine_version);

/// What an answer with an error status means: NOT_FOUND, CONFLICT, SANDBOX_REFUSED for what the
/// engine will never do, SANDBOX_UNAVAILABLE for the rest; with the engine's own words.
Error error_of_answer(int status, std::string_view body, std::string_view what);

class DockerApi {
 public:
  /// `version` speaks that version ("1.41") without asking; empty negotiates.
  DockerApi(DockerHost host, std::string version);

  /// Success for any status below 400, 304 included.
  Result<HttpAnswer> call(DockerCall call);
  /// The version that is spoken.
  Result<std::string> version();
  /// Negotiates anew with the next call: the engine may have been replaced.
  void forget_version();

 private:
  const DockerHost host_;
  const std::string forced_version_;
  std::mutex mutex_;
  std::string version_;  // guarded by mutex_
};

}  // namespace podium::executor
