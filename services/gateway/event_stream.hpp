// Events as `text/event-stream` (WHATWG HTML, section 9.2): the backlog from PostgreSQL, then what
// the hub hears, each once and in the order of the stream; the id of an event is its stream
// sequence, so that a client that comes back with Last-Event-ID goes on where it was. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "libs/chassis/http/server.hpp"
#include "services/gateway/events_hub.hpp"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

/// One frame. `id` 0 leaves the id out. `data` must be one line.
std::string event_frame(std::uint64_t id, std::string_view name, std::string_view data);

struct EventStreamOptions {
  std::chrono::milliseconds ping{15'000};
  /// How long the projection is waited for when the ring does not reach back to it.
  std::chrono::milliseconds backlog_wait_max{5'000};
};

class EventStream {
 public:
  EventStream(JobViews& views, EventsHub& hub, EventStreamOptions options = {});

  /// Writes the events that the filter takes after `after`, without end for all jobs; of one job
  /// until it has ended, then the frame `end`. `resync` says that events are missing here: the
  /// watcher must look at the job anew. Returns when the client has gone, fell behind the ring, or
  /// the hub closed.
  void write(const EventFilter& filter, std::uint64_t after, const HttpSink& sink);

 private:
  struct Writer;
  bool write_backlog(Writer& writer);
  bool write_pages(Writer& writer, std::uint64_t upto);
  bool write_live(Writer& writer);

  JobViews& views_;
  EventsHub& hub_;
  const EventStreamOptions options_;
};

}  // namespace podium::gateway
