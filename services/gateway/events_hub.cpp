#include "services/gateway/events_hub.hpp"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "libs/chassis/event.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/streams.hpp"

namespace podium::gateway {
namespace {

/// Most events that one wait gives.
constexpr std::size_t kBatchMax = 256;

}  // namespace

Result<HubEvent> read_hub_event(std::uint64_t sequence, std::string_view raw) {
  const v1::Event event = PODIUM_TRY(parse_event(raw));
  HubEvent read{.sequence = sequence,
                .job_id = event.job_id(),
                .tenant = event.tenant(),
                .name = event_name(event),
                .json = {}};
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  const auto status = google::protobuf::util::MessageToJsonString(event, &read.json, options);
  if (!status.ok()) return fail(podium::errors::kInvalid, status.ToString());
  return read;
}

EventsHub::EventsHub(Bus& bus, Options options) : bus_{bus}, options_{options} {}

Result<void> EventsHub::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (const auto followed = follow(stop); !followed) {
      log_warning("events cannot be followed", {{"error", followed.error().text()}});
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, stop, options_.retry, [] { return false; });
    }
  }
  close();
  return {};
}

void EventsHub::close() {
  const std::scoped_lock lock{mutex_};
  closed_ = true;
  changed_.notify_all();
}

Result<void> EventsHub::follow(std::stop_token stop) {
  const auto state = PODIUM_TRY(bus_.stream_state(streams::kJobs));
  const std::uint64_t wanted =
      state.last_sequence > options_.events_max ? state.last_sequence - options_.events_max + 1 : 1;
  const std::uint64_t first = std::max({wanted, state.first_sequence, std::uint64_t{1}});
  {
    const std::scoped_lock lock{mutex_};
    ring_.clear();
    ring_bytes_ = 0;
    floor_ = first - 1;
    newest_ = first - 1;
    target_ = state.last_sequence;
    ++epoch_;
  }
  const auto subscription =
      PODIUM_TRY(bus_.read_ordered(streams::kJobs, all_job_subjects(), first,
                                   [this](const StoredMessage& message) { hear(message); }));
  std::unique_lock lock{mutex_};
  following_ = true;
  changed_.wait(lock, stop, [] { return false; });
  following_ = false;
  lock.unlock();  // the subscription's end waits for its last call of hear()
  return {};
}

// A sequence that runs backwards means that the stream was made anew: what is here is of another
// one.
void EventsHub::hear(const StoredMessage& message) {
  auto read = read_hub_event(message.sequence, message.data);
  if (!read) {
    log_warning("event cannot be read",
                {{"sequence", message.sequence}, {"error", read.error().text()}});
  }
  const std::scoped_lock lock{mutex_};
  if (message.sequence <= newest_) {
    ring_.clear();
    ring_bytes_ = 0;
    floor_ = message.sequence - 1;
    target_ = 0;
    ++epoch_;
  }
  newest_ = message.sequence;
  if (!read) return;
  ring_bytes_ += read->json.size();
  ring_.push_back(std::make_shared<const HubEvent>(*std::move(read)));
  drop_old();
  changed_.notify_all();
}

void EventsHub::drop_old() {
  while (ring_.size() > options_.events_max ||
         (ring_bytes_ > options_.bytes_max && ring_.size() > 1)) {
    floor_ = ring_.front()->sequence;
    ring_bytes_ -= ring_.front()->json.size();
    ring_.pop_front();
  }
}

EventsHub::Batch EventsHub::wait(Position position, const EventFilter& filter,
                                 Clock::time_point deadline) {
  Batch batch{.events = {}, .position = position, .missed = false, .closed = false};
  std::uint64_t& at = batch.position.sequence;
  std::unique_lock lock{mutex_};
  while (batch.events.empty()) {
    const auto changed = [&] { return closed_ || epoch_ != batch.position.epoch || newest_ > at; };
    if (!changed_.wait_until(lock, deadline, changed)) return batch;
    batch.closed = closed_;
    if (closed_) return batch;
    if (epoch_ != batch.position.epoch || at < floor_) {
      batch.missed = true;
      batch.position = {floor_, epoch_};
      return batch;
    }
    auto next =
        std::ranges::upper_bound(ring_, at, {}, [](const auto& event) { return event->sequence; });
    for (; next != ring_.end() && batch.events.size() < kBatchMax; ++next) {
      if (filter.takes(**next)) batch.events.push_back(*next);
      at = (*next)->sequence;
    }
    if (next == ring_.end()) at = newest_;
  }
  return batch;
}

bool EventsHub::following() const {
  const std::scoped_lock lock{mutex_};
  return following_ && newest_ >= target_;
}

EventsHub::Position EventsHub::newest() const {
  const std::scoped_lock lock{mutex_};
  return {newest_, epoch_};
}

EventsHub::Position EventsHub::floor() const {
  const std::scoped_lock lock{mutex_};
  return {floor_, epoch_};
}

bool EventsHub::holds_all_of(std::string_view job_id) const {
  const std::scoped_lock lock{mutex_};
  return std::ranges::any_of(ring_, [&](const auto& event) {
    return event->name == "requested" && event->job_id == job_id;
  });
}

}  // namespace podium::gateway
