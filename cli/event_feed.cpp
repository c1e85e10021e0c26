#include "cli/event_feed.hpp"

#include "cli/event_json.hpp"
#include "libs/chassis/http/sse_parser.hpp"

namespace podium::cli {
namespace {

/// Whether coming back may help.
bool is_passing(const Failure& failure) {
  return failure.exit == Exit::unreachable || failure.exit == Exit::error;
}

}  // namespace

EventFeed::EventFeed(const GatewayClient& gateway, std::string job_id, FeedOptions options)
    : gateway_{gateway},
      job_id_{std::move(job_id)},
      options_{options},
      reader_{[this](const std::stop_token& stop) { run(stop); }} {}

EventFeed::~EventFeed() {
  reader_.request_stop();
  changed_.notify_all();
}

std::optional<FeedItem> EventFeed::next(std::chrono::milliseconds wait) {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, wait, [&] { return !items_.empty(); })) return std::nullopt;
  FeedItem item = std::move(items_.front());
  items_.pop_front();
  return item;
}

void EventFeed::run(const std::stop_token& stop) {
  auto away_since = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    Outcome<void> outcome;
    const std::string before = last_id_;
    if (read_once(stop, outcome)) return;
    const auto now = std::chrono::steady_clock::now();
    if (outcome || last_id_ != before) away_since = now;
    if (!outcome && (!is_passing(outcome.error()) || now - away_since > options_.away_max)) {
      FeedItem failed;
      failed.kind = FeedItem::Kind::failed;
      failed.failure = outcome.error();
      put(std::move(failed));
      return;
    }
    if (!outcome && !lost_) {
      lost_ = true;
      FeedItem lost;
      lost.kind = FeedItem::Kind::lost;
      lost.failure = outcome.error();
      put(std::move(lost));
    }
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, options_.retry, [] { return false; });
  }
}

// True when nothing more is to be read.
bool EventFeed::read_once(const std::stop_token& stop, Outcome<void>& outcome) {
  bool ended = false;
  SseParser parser{[&](const SseMessage& message) {
    ended = take(message.id, message.event, message.data);
    return !ended;
  }};
  GatewayClient::Headers headers{{"Accept", "text/event-stream"}};
  if (!last_id_.empty()) headers.emplace_back("Last-Event-ID", last_id_);
  bool answered = false;
  outcome = gateway_.stream("/jobs/" + job_id_ + "/events", headers, options_.idle_max, stop,
                            [&](std::string_view piece) {
                              if (!answered && lost_) {
                                lost_ = false;
                                FeedItem restored;
                                restored.kind = FeedItem::Kind::restored;
                                put(std::move(restored));
                              }
                              answered = true;
                              return parser.feed(piece);
                            });
  if (stop.stop_requested()) return true;
  if (outcome && !answered && !last_id_.empty()) {  // 204: the gateway has nothing more for us
    FeedItem end;
    end.kind = FeedItem::Kind::end;
    put(std::move(end));
    ended = true;
  }
  return ended;
}

bool EventFeed::take(const std::string& id, const std::string& name, const std::string& data) {
  FeedItem item;
  if (name == "end") {
    item.kind = FeedItem::Kind::end;
    put(std::move(item));
    return true;
  }
  if (name == "resync") return false;  // the next connection goes on behind the last event
  if (!id.empty()) last_id_ = id;
  item.event = event_of_json(data);
  item.json = data;
  put(std::move(item));
  return false;
}

void EventFeed::put(FeedItem item) {
  const std::scoped_lock lock{mutex_};
  items_.push_back(std::move(item));
  changed_.notify_all();
}

}  // namespace podium::cli
