#include "services/gateway/event_stream.hpp"

#include <algorithm>
#include <format>
#include <thread>

#include "libs/chassis/metrics.hpp"

namespace podium::gateway {
namespace {

constexpr Metric kWatchers{"podium_sse_clients", "Clients that follow live events."};

constexpr std::int64_t kPageEvents = 500;
/// Between two looks at a projection that is behind.
constexpr std::chrono::milliseconds kProjectionPoll{50};

/// Counts the watchers for as long as it lives.
class WatcherCount {
 public:
  WatcherCount() { gauge_add(kWatchers, 1); }
  ~WatcherCount() { gauge_add(kWatchers, -1); }
  WatcherCount(const WatcherCount&) = delete;
  WatcherCount& operator=(const WatcherCount&) = delete;
};

}  // namespace

std::string event_frame(std::uint64_t id, std::string_view name, std::string_view data) {
  if (id == 0) return std::format("event: {}\ndata: {}\n\n", name, data);
  return std::format("id: {}\nevent: {}\ndata: {}\n\n", id, name, data);
}

/// What is written to one watcher, and how far it is.
struct EventStream::Writer {
  const EventFilter& filter;
  const HttpSink& sink;
  EventsHub::Position position;
  bool ended = false;

  bool event(const HubEvent& event) {
    position.sequence = event.sequence;
    if (!filter.job_id.empty() && event.name == "ended") ended = true;
    return sink(event_frame(event.sequence, event.name, event.json));
  }
  bool resync(std::string_view why) {
    return sink(event_frame(0, "resync", std::format(R"({{"reason":"{}"}})", why)));
  }
  bool end() {
    return sink(event_frame(0, "end", std::format(R"({{"job_id":"{}"}})", filter.job_id)));
  }
};

EventStream::EventStream(JobViews& views, EventsHub& hub, EventStreamOptions options)
    : views_{views}, hub_{hub}, options_{options} {}

void EventStream::write(const EventFilter& filter, std::uint64_t after, const HttpSink& sink) {
  const WatcherCount counted;
  Writer writer{.filter = filter, .sink = sink, .position = hub_.newest()};
  writer.position.sequence = after;
  // Asked before the backlog is read: then that holds all there will ever be of an ended job.
  const auto job =
      filter.job_id.empty() ? std::nullopt : views_.find(filter.job_id).value_or(std::nullopt);
  if (!sink("retry: 3000\n\n") || !write_backlog(writer)) return;
  if (job && job->ended()) writer.ended = true;
  if (!writer.ended && !write_live(writer)) return;
  writer.end();
}

// Everything up to where the ring begins must come from the projection. What the projection knows
// beyond that comes from it too; the ring goes on behind.
bool EventStream::write_backlog(Writer& writer) {
  const auto deadline = EventsHub::Clock::now() + options_.backlog_wait_max;
  while (true) {
    const auto projected = views_.projected_sequence();
    const std::uint64_t floor = hub_.floor().sequence;
    if (projected && (*projected >= floor || writer.position.sequence >= floor)) {
      return write_pages(writer, *projected);
    }
    const bool ring_is_enough =
        writer.position.sequence >= floor ||
        (!writer.filter.job_id.empty() && hub_.holds_all_of(writer.filter.job_id));
    if (ring_is_enough || !projected || EventsHub::Clock::now() > deadline) {
      if (!ring_is_enough && !writer.resync("the events before these cannot be read now")) {
        return false;
      }
      writer.position.sequence = std::max(writer.position.sequence, floor);
      return true;
    }
    std::this_thread::sleep_for(kProjectionPoll);
  }
}

bool EventStream::write_pages(Writer& writer, std::uint64_t upto) {
  while (true) {
    const auto page =
        views_.events_after(writer.filter.job_id, writer.position.sequence, kPageEvents);
    if (!page) return writer.resync("the events before these cannot be read now");
    for (const StoredEvent& stored : *page) {
      const auto event = read_hub_event(stored.sequence, stored.raw);
      writer.position.sequence = stored.sequence;
      if (event && writer.filter.takes(*event) && !writer.event(*event)) return false;
    }
    if (page->size() < static_cast<std::size_t>(kPageEvents)) break;
  }
  writer.position.sequence = std::max(writer.position.sequence, upto);
  return true;
}

// True when the job has ended; false when the client or the hub has gone.
bool EventStream::write_live(Writer& writer) {
  while (true) {
    const auto batch =
        hub_.wait(writer.position, writer.filter, EventsHub::Clock::now() + options_.ping);
    if (batch.closed) return false;
    if (batch.missed) {
      writer.resync("too many events came meanwhile");
      return false;
    }
    if (batch.events.empty() && !writer.sink(": ping\n\n")) return false;
    for (const auto& event : batch.events) {
      if (!writer.event(*event)) return false;
    }
    writer.position = batch.position;
    if (writer.ended) return true;
  }
}

}  // namespace podium::gateway
