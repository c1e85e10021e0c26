// The thread that accepts connections and waits on them: a request reaches a worker only when its
// head, and the body of an ordinary route, have arrived whole. So idle, slow and dripping clients
// cost a descriptor each and no thread. Public functions are thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <vector>

#include "libs/chassis/http/connection.hpp"
#include "libs/chassis/http/request_head.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"

namespace podium::http {

/// A kept connection that asks nothing is closed after so long.
inline constexpr std::chrono::milliseconds kIdleMax{60'000};
/// How long what a refused client still sends is read and dropped, so that it sees the answer.
inline constexpr std::chrono::milliseconds kLingerMax{2'000};
/// And how much of it.
inline constexpr std::uint64_t kLingerBytesMax = 16 * 1024 * 1024;
/// Bodies that are being read, of all connections together; beyond, requests are answered 503.
inline constexpr std::uint64_t kWaitingBodiesBytesMax = 128 * 1024 * 1024;

/// A request that has arrived, or what is wrong with it.
struct ArrivedRequest {
  /// Its buffer begins with the body.
  std::unique_ptr<HttpConnection> connection;
  RequestHead head{};
  /// The head could not be read, or the body may not come: to be answered with this.
  std::optional<Error> refusal{};
  /// Of the buffer, this request's body. 0 when the handler reads it itself.
  std::size_t body_bytes = 0;
};

class ConnectionLoop {
 public:
  struct BodyPlan {
    std::uint64_t bytes_max = 0;
    /// Read the body before the handler is called.
    bool read_first = true;
  };
  struct Callbacks {
    /// What to do about a request's body.
    std::function<BodyPlan(const RequestHead& head)> plan;
    /// Takes the request over; false, leaving it untouched, when there is no room for it.
    std::function<bool(ArrivedRequest&& request)> serve;
  };
  enum class Next { keep, close, linger };

  ConnectionLoop(const HttpServerOptions& options, Callbacks callbacks);
  /// Stops without waiting for anybody.
  ~ConnectionLoop();
  ConnectionLoop(const ConnectionLoop&) = delete;
  ConnectionLoop& operator=(const ConnectionLoop&) = delete;

  /// Binds and starts the thread. UNAVAILABLE when the address cannot be had.
  Result<void> start();
  int port() const { return port_; }

  /// A worker has answered: the connection waits for the next request, or ends.
  void give_back(std::unique_ptr<HttpConnection> connection, Next next);
  /// Takes no more connections; waits until every request under way is answered, at most `timeout`;
  /// then cuts the rest. False when it had to.
  bool stop(std::chrono::milliseconds timeout);

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase { idle, head, body, lingering };
  struct Waiting {
    std::unique_ptr<HttpConnection> connection;
    Phase phase = Phase::idle;
    Clock::time_point deadline;
    RequestHead head{};
    std::uint64_t body_bytes = 0;
    std::uint64_t dropped_bytes = 0;
  };

  void run();
  void accept_all();
  void accept_one(int descriptor, std::string remote_address);
  void take_back();
  void wait_on(std::unique_ptr<HttpConnection> connection, Phase phase,
               std::chrono::milliseconds timeout);
  void on_readable(int descriptor);
  /// Looks at what has been read; hands the request over when it is whole.
  void advance(Waiting& waiting);
  void take_head(Waiting& waiting);
  void plan_body(Waiting& waiting);
  void hand_over(Waiting& waiting, std::optional<Error> refusal);
  void refuse_at_once(Waiting& waiting, const Error& error);
  void forget(int descriptor);
  void end_overdue(Clock::time_point now);
  void close_what_waits(bool all);
  void wake() const;
  void watch_listener(bool on);

  const HttpServerOptions options_;
  const Callbacks callbacks_;
  int listener_ = -1;
  int epoll_ = -1;
  int wake_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> cut_ = false;
  std::thread thread_;

  // Used by the loop's thread alone.
  std::unordered_map<int, Waiting> waiting_;
  std::uint64_t waiting_bodies_bytes_ = 0;
  bool listener_is_watched_ = false;

  std::mutex mutex_;
  std::condition_variable all_gone_;
  // Guarded by `mutex_`.
  std::vector<std::pair<std::unique_ptr<HttpConnection>, Next>> returned_;
  std::set<int> busy_;
  std::size_t waiting_count_ = 0;
};

}  // namespace podium::http
