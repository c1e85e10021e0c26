// The events of one job as they come, read from the gateway by a thread of its own. Comes back by
// itself after a broken connection, at the event where it was. One reader.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/gateway_client.hpp"
#include "podium/v1/event.pb.h"

namespace podium::cli {

struct FeedItem {
  enum class Kind {
    event,     ///< An event came.
    end,       ///< The job has ended and everything came.
    lost,      ///< The connection broke; the feed tries again.
    restored,  ///< It is back.
    failed,    ///< It is given up; `failure` says why.
  };
  Kind kind = Kind::event;
  v1::Event event;
  /// The event as protobuf JSON, in one line.
  std::string json;
  Failure failure;
};

struct FeedOptions {
  /// A stream that says nothing for so long is broken: the gateway pings every 15 s.
  std::chrono::milliseconds idle_max{45'000};
  std::chrono::milliseconds retry{1'000};
  /// A gateway that is away for longer is given up.
  std::chrono::milliseconds away_max{120'000};
};

class EventFeed {
 public:
  EventFeed(const GatewayClient& gateway, std::string job_id, FeedOptions options = {});
  ~EventFeed();
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  /// The next item; nullopt when none came within `wait`.
  std::optional<FeedItem> next(std::chrono::milliseconds wait);

 private:
  void run(const std::stop_token& stop);
  bool read_once(const std::stop_token& stop, Outcome<void>& outcome);
  bool take(const std::string& id, const std::string& name, const std::string& data);
  void put(FeedItem item);

  const GatewayClient& gateway_;
  const std::string job_id_;
  const FeedOptions options_;
  std::string last_id_;  // of the reading thread
  bool lost_ = false;    // of the reading thread
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<FeedItem> items_;  // guarded by mutex_
  std::jthread reader_;
};

}  // namespace podium::cli
