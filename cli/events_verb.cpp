#include <algorithm>
#include <condition_variable>
#include <deque>
#include <format>
#include <map>
#include <mutex>
#include <optional>

#include "cli/event_json.hpp"
#include "cli/event_line.hpp"
#include "cli/job_reference.hpp"
#include "cli/verbs.hpp"
#include "cli/viewer_bus.hpp"
#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"

namespace podium::cli {
namespace {

/// Events of all jobs that are shown without -f and --since.
constexpr std::uint64_t kTailEvents = 50;
/// Between two looks at the keyboard.
constexpr std::chrono::milliseconds kTick{200};
/// Without a new message for so long, what was counted is taken to be gone from the stream.
constexpr std::chrono::milliseconds kQuietMax{5'000};
/// Messages that wait to be printed; beyond, the bus's thread waits.
constexpr std::size_t kWaitingMax = 1'000;

class Messages {
 public:
  void put(const StoredMessage& message) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return closed_ || waiting_.size() < kWaitingMax; });
    if (!closed_) waiting_.push_back(message);
    changed_.notify_all();
  }
  std::optional<StoredMessage> take() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, kTick, [&] { return !waiting_.empty(); })) return std::nullopt;
    StoredMessage message = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return message;
  }
  /// Lets the bus's thread go on, so that its subscription can end.
  void close() {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<StoredMessage> waiting_;  // guarded by mutex_
  bool closed_ = false;                // guarded by mutex_
};

/// Prints events; of several jobs with the job's id before each line.
class EventPrinter {
 public:
  EventPrinter(const Console& console, bool json, bool of_one_job)
      : console_{console}, json_{json}, of_one_job_{of_one_job} {}

  void print(const StoredMessage& message) {
    const auto event = parse_event(message.data);
    if (!event) return;
    if (json_) {
      console_.out << to_json_line(*event) << '\n' << std::flush;
      return;
    }
    const auto time = from_proto(event->time());
    const auto start = starts_.try_emplace(event->job_id(), time).first->second;
    std::string head;
    if (!of_one_job_) {
      head = toned(one_line(event->job_id()), Tone::dim, console_.out_has_color) + "  ";
    }
    const int columns = of_one_job_ || console_.columns == 0 ? console_.columns
                                                             : std::max(console_.columns - 38, 40);
    console_.out << head << line_text(event_line(*event, start), console_.out_has_color, columns)
                 << '\n'
                 << std::flush;
  }

 private:
  const Console& console_;
  const bool json_;
  const bool of_one_job_;
  std::map<std::string, TimePoint> starts_;
};

struct Range {
  std::string subject;
  std::uint64_t first = 1;
  /// How many messages there are; 0 with -f, which has no end.
  std::uint64_t count = 0;
};

Result<Range> range_of(Bus& bus, const Arguments& arguments, const std::string& job_id) {
  Range range{.subject = job_id.empty() ? all_job_subjects() : job_subjects(job_id),
              .first = std::max<std::uint64_t>(arguments.since, 1),
              .count = 0};
  const auto state = PODIUM_TRY(bus.stream_state(streams::kJobs));
  if (job_id.empty() && arguments.since == 0) {
    const std::uint64_t tail = arguments.follow ? 0 : kTailEvents;
    range.first = std::max(state.last_sequence + 1 - std::min(tail, state.last_sequence),
                           state.first_sequence);
  }
  if (arguments.follow) return range;
  if (job_id.empty()) {
    range.first = std::max(range.first, state.first_sequence);
    range.count = state.last_sequence + 1 - std::min(range.first, state.last_sequence + 1);
  } else {
    range.count = PODIUM_TRY(messages_on(bus, streams::kJobs, range.subject));
  }
  return range;
}

/// True when Ctrl-C ended it.
Result<bool> print_range(Bus& bus, const Range& range, bool follow, const World& world,
                         EventPrinter& printer) {
  Messages messages;
  const auto subscription = PODIUM_TRY(
      bus.read_ordered(streams::kJobs, range.subject, range.first,
                       [&messages](const StoredMessage& message) { messages.put(message); }));
  const struct Closer {
    Messages& messages;
    ~Closer() { messages.close(); }
  } closer{messages};
  std::uint64_t printed = 0;
  auto heard_at = std::chrono::steady_clock::now();
  while (follow || printed < range.count) {
    if (world.interrupts.stopped()) return true;
    if (!world.console.out) return false;
    const auto now = std::chrono::steady_clock::now();
    if (const auto message = messages.take()) {
      printer.print(*message);
      ++printed;
      heard_at = now;
    } else if (!follow && now - heard_at > kQuietMax) {
      break;
    }
  }
  return false;
}

Failure bus_failure(const Error& error, const BusOptions& options, const std::string& command) {
  return {.exit = Exit::unreachable,
          .what = "events cannot be read from " + options.url,
          .why = error.text(),
          .next = command +
                  " doctor looks for what is wrong; NATS_URL and PODIUM_VIEWER_PASSWORD "
                  "say where and with what password",
          .trace_id = {}};
}

}  // namespace

Outcome<Exit> show_events(const Arguments& arguments, const World& world) {
  std::string job_id;
  if (!arguments.subject.empty()) {
    auto found = find_job_id(world.gateway, arguments.subject);
    if (!found) return std::unexpected{found.error()};
    job_id = *std::move(found);
  }
  const std::string& command = world.console.command;
  const BusOptions options = read_viewer_options(world.environment);
  const auto bus = Bus::connect(options);
  if (!bus) return std::unexpected{bus_failure(bus.error(), options, command)};
  const auto range = range_of(**bus, arguments, job_id);
  if (!range) return std::unexpected{bus_failure(range.error(), options, command)};
  if (!job_id.empty() && !arguments.follow && range->count == 0) {
    return give_up(Exit::not_found, "there are no events of the job " + job_id,
                   "it is unknown, or older than the stream keeps events",
                   command + " jobs lists all jobs");
  }
  if (arguments.follow) world.console.say("following events; Ctrl-C ends it");
  EventPrinter printer{world.console, arguments.json, !job_id.empty()};
  const auto interrupted = print_range(**bus, *range, arguments.follow, world, printer);
  if (!interrupted) return std::unexpected{bus_failure(interrupted.error(), options, command)};
  return *interrupted ? Exit::interrupted : Exit::ok;
}

}  // namespace podium::cli
