#include "libs/chassis/bus/stage_runner.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "libs/chassis/bus/open_deliveries.hpp"
#include "libs/chassis/bus/stage_handling.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;

/// How long one fetch waits; bounds how long an idle worker takes to stop.
constexpr milliseconds kFetchWait{1'000};
/// Pause after a fetch that failed because the broker is away.
constexpr milliseconds kFetchRetryDelay{500};

}  // namespace

/// What the workers share; outlives them because each holds it.
struct StageRunner::Shared {
  Shared(Bus& bus_of_stage, EventPublisher& publisher, StageOptions stage_options,
         StageHandler stage_handler)
      : bus{bus_of_stage},
        options{std::move(stage_options)},
        handler{std::move(stage_handler)},
        handling{publisher, options, handler, open, stop.get_token()} {}

  Bus& bus;
  const StageOptions options;
  const StageHandler handler;
  std::stop_source stop;
  OpenDeliveries open;
  StageHandling handling;
  mutable std::mutex mutex;
  std::condition_variable_any changed;
  int working = 0;             // guarded by mutex
  std::optional<Error> fatal;  // guarded by mutex

  void work(PullConsumer& consumer);
  bool take_one(PullConsumer& consumer);
  void end_with(Error error);
  void worker_ended();
  void beat_until_all_ended();
};

StageRunner::StageRunner(Bus& bus, EventPublisher& publisher, StageOptions options,
                         StageHandler handler)
    : shared_{std::make_shared<Shared>(bus, publisher, std::move(options), std::move(handler))} {}

StageRunner::~StageRunner() {
  stop();
}

Result<void> StageRunner::start() {
  const auto& options = shared_->options;
  std::vector<std::unique_ptr<PullConsumer>> consumers;
  for (int i = 0; i < options.workers; ++i) {
    consumers.push_back(PODIUM_TRY(shared_->bus.pull(options.stream, options.durable)));
  }
  shared_->working = options.workers;
  for (auto& consumer : consumers) {
    workers_.emplace_back([shared = shared_, own = std::move(consumer)] {
      shared->work(*own);
      shared->worker_ended();
    });
  }
  workers_.emplace_back([shared = shared_] { shared->beat_until_all_ended(); });
  return {};
}

void StageRunner::stop() {
  shared_->stop.request_stop();
}

bool StageRunner::join(milliseconds timeout) {
  {
    std::unique_lock lock{shared_->mutex};
    const auto all_ended = [this] { return shared_->working == 0; };
    if (shared_->changed.wait_for(lock, timeout, all_ended)) return true;
  }
  const auto handed_back = shared_->open.hand_back();
  shared_->bus.flush();
  log_warning("the stage did not end in time and its events are handed back",
              {{"stage", shared_->options.name}, {"events", handed_back}});
  return false;
}

std::optional<Error> StageRunner::fatal_error() const {
  const std::scoped_lock lock{shared_->mutex};
  return shared_->fatal;
}

void StageRunner::Shared::work(PullConsumer& consumer) {
  bool broker_answers = true;
  while (!stop.stop_requested()) {
    const auto fetched = take_one(consumer);
    if (fetched != broker_answers) {
      log_info(fetched ? "events are fetched again" : "no events can be fetched",
               {{"stage", options.name}});
      broker_answers = fetched;
    }
    if (fetched) continue;
    std::unique_lock lock{mutex};
    changed.wait_for(lock, stop.get_token(), kFetchRetryDelay, [] { return false; });
  }
}

/// False when nothing could be fetched because the broker is away.
bool StageRunner::Shared::take_one(PullConsumer& consumer) {
  auto delivery = consumer.next(kFetchWait);
  if (!delivery) {
    const bool fatal_now = delivery.error().code->disposition == Disposition::fatal;
    if (fatal_now) end_with(std::move(delivery.error()));
    return false;
  }
  // An empty answer says that nothing was left.
  const auto pending = *delivery == nullptr ? 0 : (*delivery)->pending();
  gauge(metrics::kConsumerPending, static_cast<double>(pending), {{"consumer", options.durable}});
  if (*delivery == nullptr) return true;
  if (stop.stop_requested()) {
    const auto handed_back = (*delivery)->retry_after(milliseconds::zero());
    if (!handed_back) log_warning("an event waits for its AckWait", {{"stage", options.name}});
    return true;
  }
  if (auto error = handling.handle(**delivery)) end_with(*std::move(error));
  return true;
}

void StageRunner::Shared::end_with(Error error) {
  {
    const std::scoped_lock lock{mutex};
    if (!fatal) fatal = std::move(error);
  }
  stop.request_stop();
}

void StageRunner::Shared::worker_ended() {
  const std::scoped_lock lock{mutex};
  --working;
  changed.notify_all();
}

void StageRunner::Shared::beat_until_all_ended() {
  std::unique_lock lock{mutex};
  while (!changed.wait_for(lock, options.ack_wait / 3, [this] { return working == 0; })) {
    lock.unlock();
    open.beat();
    lock.lock();
  }
}

}  // namespace podium
