#include "cli/job_watch.hpp"

#include <format>

#include "cli/event_feed.hpp"
#include "cli/verbs.hpp"
#include "cli/watch_display.hpp"

namespace podium::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Between two looks at the clock, the keyboard and the moving line.
constexpr std::chrono::milliseconds kTick{200};

std::string ways_on(const GatewayClient& gateway, const std::string& job_id) {
  const std::string& command = gateway.address().command;
  return std::format("the job goes on: {} watch {} comes back, {} cancel {} ends it", command,
                     job_id, command, job_id);
}

TimePoint start_of(const JobStatus& job) {
  const auto seconds = parse_time(job.created_at);
  if (!seconds) return std::chrono::system_clock::now();
  return TimePoint{std::chrono::milliseconds{static_cast<std::int64_t>(*seconds * 1000)}};
}

/// One watch, from the first event to the last.
class Watch {
 public:
  Watch(const GatewayClient& gateway, const Console& console, Interrupts& interrupts,
        const WatchOptions& options, TimePoint start)
      : gateway_{gateway},
        console_{console},
        interrupts_{interrupts},
        options_{options},
        display_{console, start},
        feed_{gateway, options.job_id} {}

  /// Success when the job has ended.
  Outcome<void> run() {
    const auto deadline =
        options_.timeout ? Clock::now() + *options_.timeout : Clock::time_point::max();
    while (true) {
      if (interrupts_.stopped()) return detached(Exit::interrupted, "detached");
      if (Clock::now() >= deadline) return detached(Exit::timeout, "the job has not ended in time");
      if (const auto item = feed_.next(kTick)) {
        const auto more = take(*item);
        if (!more) return std::unexpected{more.error()};
        if (!*more) return {};
      } else if (!options_.json) {
        display_.tick(std::chrono::system_clock::now(), Clock::now());
      }
      if (!console_.out) return give_up(Exit::error, "", "", "");  // the reader has gone
    }
  }

 private:
  Outcome<bool> take(const FeedItem& item) {
    switch (item.kind) {
      case FeedItem::Kind::event:
        show(item);
        return true;
      case FeedItem::Kind::end:
        return false;
      case FeedItem::Kind::lost:
        display_.note("the connection is lost; trying again (" + item.failure.why + ")");
        return true;
      case FeedItem::Kind::restored:
        display_.note("connected again");
        return true;
      case FeedItem::Kind::failed:
        break;
    }
    return std::unexpected{item.failure};
  }

  void show(const FeedItem& item) {
    if (options_.json) {
      console_.out << item.json << '\n' << std::flush;
    } else {
      display_.event(item.event);
    }
  }

  Outcome<void> detached(Exit exit, std::string what) const {
    return give_up(exit, std::move(what), "", ways_on(gateway_, options_.job_id));
  }

  const GatewayClient& gateway_;
  const Console& console_;
  Interrupts& interrupts_;
  const WatchOptions& options_;
  WatchDisplay display_;
  EventFeed feed_;
};

void cancel_on_interrupt(const GatewayClient& gateway, const Console& console,
                         Interrupts& interrupts, const std::string& job_id) {
  interrupts.on_first([&gateway, &console, job_id] {
    const auto cancelled = gateway.post("/jobs/" + job_id + "/cancel", "{}");
    console.say(cancelled ? "cancelling the job; Ctrl-C again leaves at once"
                          : "the job cannot be cancelled: " + cancelled.error().what);
  });
}

}  // namespace

Outcome<Exit> watch_job(const GatewayClient& gateway, const Console& console,
                        Interrupts& interrupts, const WatchOptions& options) {
  const std::string path = "/status/" + options.job_id;
  const auto before = gateway.get(path).and_then(parse_job_status);
  if (!before) return std::unexpected{before.error()};
  if (options.cancel_on_interrupt) {
    cancel_on_interrupt(gateway, console, interrupts, options.job_id);
  }
  const auto watched = Watch{gateway, console, interrupts, options, start_of(*before)}.run();
  if (!watched) return std::unexpected{watched.error()};

  const auto body = gateway.get(path);
  if (!body) return std::unexpected{body.error()};
  const auto job = parse_job_status(*body);
  if (!job) return std::unexpected{job.error()};
  if (options.json) {
    console.out << trimmed(*body) << '\n' << std::flush;
  } else {
    console.out << '\n' << describe(*job, console) << std::flush;
  }
  return exit_of(*job);
}

}  // namespace podium::cli
