// A model server on 127.0.0.1 that says exactly what a test wants, one answer for each connection,
// and keeps the requests. Test code; read `requests` after join().
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "libs/chassis/http/test_sockets.hpp"

namespace podium::codegen::models::testing {

class ModelPeer {
 public:
  using Talk = std::function<void(podium::testing_support::TestSocket& connection)>;

  /// Whole HTTP answers; see http_answer().
  explicit ModelPeer(std::vector<std::string> answers);
  /// One connection that the test speaks on itself, after the request was read.
  explicit ModelPeer(Talk talk);

  std::string url() const;
  /// Waits until all answers are given.
  void join() { thread_.join(); }
  /// Heads and bodies, after join().
  const std::vector<std::string>& requests() const { return requests_; }
  nlohmann::json body(std::size_t request) const;

 private:
  podium::testing_support::TestListener listener_;
  std::vector<std::string> requests_;
  std::jthread thread_;
};

/// An answer that ends with its connection. `headers` are lines with their ends.
std::string http_answer(int status, std::string_view content_type, std::string_view body,
                        std::string_view headers = {});
std::string stream_answer(std::string_view body, std::string_view headers = {});
std::string json_answer(int status, std::string_view body, std::string_view headers = {});

}  // namespace podium::codegen::models::testing
