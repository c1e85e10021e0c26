// Calls to the gateway. An answer that is a problem becomes a Failure with its detail, next step
// and trace; a gateway that does not answer becomes one that says how to start it. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/outcome.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/client.hpp"

namespace podium::cli {

struct GatewayAddress {
  /// Without a slash at the end.
  std::string url = "http://127.0.0.1:8080";
  Secret api_key;
  /// How the person calls this program.
  std::string command = "./podium";
};

class GatewayClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// Every call ends with Exit::interrupted when `stop` is set.
  GatewayClient(GatewayAddress address, std::stop_token stop);

  /// The body of a 2xx answer.
  Outcome<std::string> get(std::string_view path) const;
  Outcome<std::string> post(std::string_view path, std::string body,
                            const Headers& headers = {}) const;
  /// Streams a file as the body.
  Outcome<std::string> put_file(std::string_view path, const std::filesystem::path& file) const;
  /// Streams the body of a 2xx answer; `on_piece` returns false to end the call. An answer without
  /// content (204) is a success without pieces. Ends with `stop`, not with the client's own token.
  Outcome<void> stream(std::string_view path, const Headers& headers,
                       std::chrono::milliseconds idle_timeout, std::stop_token stop,
                       const std::function<bool(std::string_view piece)>& on_piece) const;
  std::stop_token token() const { return stop_; }

  /// Any answer, whatever its status: for doctor. UNAVAILABLE, TIMEOUT.
  Result<HttpAnswer> ask(std::string_view path) const;
  /// One POST whose refusal may be looked at: an answer, or the failure of the transport.
  Outcome<HttpAnswer> try_post(std::string_view path, std::string body,
                               const Headers& headers) const;

  Failure failure_of(const HttpAnswer& answer) const;
  const GatewayAddress& address() const { return address_; }

 private:
  HttpCall call(std::string method, std::string_view path) const;
  Outcome<HttpAnswer> send(const HttpCall& call) const;
  Outcome<std::string> body_of(const Outcome<HttpAnswer>& answer) const;
  Failure failure_of(const Error& error) const;

  const GatewayAddress address_;
  const std::stop_token stop_;
};

}  // namespace podium::cli
