#include "libs/chassis/service.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "libs/chassis/log.hpp"
#include "libs/chassis/service_health.hpp"
#include "libs/chassis/service_signals.hpp"
#include "libs/chassis/service_tasks.hpp"
#include "libs/chassis/trace.hpp"
#include "libs/chassis/version.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Of kDrainMax, what is kept for the health server and the last spans.
constexpr milliseconds kFarewell{1'500};
/// For a readiness probe under way.
constexpr milliseconds kLastProbeMax{300};
/// For the last spans; a collector that is away must not cost more.
constexpr milliseconds kLastSpansMax{1'000};
/// How often the stages are asked whether one has ended with a fatal error.
constexpr milliseconds kFatalCheck{200};

constexpr int kExitError = 1;
constexpr int kExitConfiguration = 2;

// "host-pid": which of several replicas it was.
std::string instance_id() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) return std::to_string(getpid());
  return std::string{host.data()} + "-" + std::to_string(getpid());
}

// A core would hold keys; a closed pipe is an error of the call that writes to it.
void prepare_process() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  std::signal(SIGPIPE, SIG_IGN);
}

class ServiceProcess final : public Service {
 public:
  explicit ServiceProcess(std::string_view name);

  Environment& environment() override { return environment_; }
  const std::string& name() const override { return name_; }
  Result<Bus*> bus() override;
  EventPublisher& publisher() override;
  void add_stage(StageOptions options, StageHandler handler) override;
  void add_task(std::string task, std::function<Result<void>(std::stop_token)> run) override;
  void add_check(std::string check, std::function<Result<void>()> run) override;
  void add_credential(std::string credential, CredentialCheck check) override;
  void on_drain(std::function<void()> action) override;
  Result<void> run_until_signalled() override;
  bool draining() const override { return draining_; }
  HttpResponse readiness() override { return health_.report(); }

 private:
  struct StagePlan {
    StageOptions options;
    StageHandler handler;
  };

  Result<void> start();
  Result<void> start_stages();
  void wait_for_the_end();
  bool drain();
  bool join_stages(Clock::time_point deadline);
  void on_signal(int count);
  void end_with(Error error);

  std::string name_;
  Environment environment_;
  ServiceHealth health_;
  HttpServerOptions health_options_;
  std::unique_ptr<Bus> bus_;
  std::optional<EventPublisher> publisher_;
  std::vector<StagePlan> stage_plans_;
  std::vector<std::unique_ptr<StageRunner>> stages_;
  ServiceTasks tasks_;
  std::vector<std::function<void()>> drain_actions_;
  std::optional<HttpServer> health_server_;
  std::atomic<bool> draining_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by `mutex_`.
  bool running_ = false;
  bool signalled_ = false;
  std::optional<Error> error_;

  // Last: its thread uses the rest.
  ServiceSignals signals_;
};

ServiceProcess::ServiceProcess(std::string_view name)
    : name_{name},
      health_{name_},
      tasks_{[this](Error error) { end_with(std::move(error)); }},
      signals_{[this](int count) { on_signal(count); }} {
  const std::string level = environment_.text("PODIUM_LOG_LEVEL", "info");
  if (!start_log(name_, level)) {
    environment_.problem("PODIUM_LOG_LEVEL",
                         "must be debug, info, warning or error, not '" + level + "'");
  }
  if (const auto tracing = start_tracing("podium-" + name_, version(), instance_id()); !tracing) {
    environment_.problem("Tracing:", tracing.error().detail);
  }
  health_options_ = read_health_options(environment_);
}

Result<Bus*> ServiceProcess::bus() {
  if (bus_ != nullptr) return bus_.get();
  const BusOptions options = read_bus_options(environment_, name_);
  PODIUM_TRY(environment_.check());
  bus_ = PODIUM_TRY(Bus::connect(options));
  publisher_.emplace(*bus_, name_);
  health_.add_check("bus", [this]() -> Result<void> {
    if (bus_->connected()) return {};
    return fail(errors::kUnavailable, "there is no connection to NATS");
  });
  return bus_.get();
}

EventPublisher& ServiceProcess::publisher() {
  if (!publisher_) throw std::logic_error{"publisher() is asked for before bus()"};
  return *publisher_;
}

void ServiceProcess::add_stage(StageOptions options, StageHandler handler) {
  stage_plans_.push_back({std::move(options), std::move(handler)});
}

void ServiceProcess::add_task(std::string task, std::function<Result<void>(std::stop_token)> run) {
  tasks_.add(std::move(task), std::move(run));
}

void ServiceProcess::add_check(std::string check, std::function<Result<void>()> run) {
  health_.add_check(std::move(check), std::move(run));
}

void ServiceProcess::add_credential(std::string credential, CredentialCheck check) {
  health_.credentials().add(std::move(credential), std::move(check));
}

void ServiceProcess::on_drain(std::function<void()> action) {
  drain_actions_.push_back(std::move(action));
}

void ServiceProcess::on_signal(int count) {
  const std::scoped_lock lock{mutex_};
  if (count > 1) {
    log_warning("a second signal ends the service at once");
    _exit(kExitError);
  }
  if (!running_) {
    log_info("a signal ends the service before it has begun");
    _exit(EXIT_SUCCESS);
  }
  signalled_ = true;
  changed_.notify_all();
}

void ServiceProcess::end_with(Error error) {
  const std::scoped_lock lock{mutex_};
  if (!error_) error_ = std::move(error);
  changed_.notify_all();
}

Result<void> ServiceProcess::run_until_signalled() {
  PODIUM_TRY(environment_.check());
  {
    const std::scoped_lock lock{mutex_};
    running_ = true;
  }
  if (auto started = start(); !started) {
    end_with(std::move(started).error());
  } else {
    log_info("the service runs", {{"version", version()}, {"health_port", health_server_->port()}});
    wait_for_the_end();
  }
  if (!drain()) {
    // Threads that still work use what the caller would now destroy.
    log_error("the service does not drain in time and ends as it is");
    stop_tracing(kLastSpansMax);
    _exit(kExitError);
  }
  const std::scoped_lock lock{mutex_};
  if (error_) return std::unexpected{*error_};
  return {};
}

Result<void> ServiceProcess::start() {
  health_server_.emplace(health_options_);
  add_health_routes(*health_server_, health_);
  PODIUM_TRY(health_server_->start());
  PODIUM_TRY(start_stages());
  tasks_.start();
  return {};
}

Result<void> ServiceProcess::start_stages() {
  if (stage_plans_.empty()) return {};
  PODIUM_TRY(bus());
  for (StagePlan& plan : stage_plans_) {
    stages_.push_back(std::make_unique<StageRunner>(*bus_, *publisher_, std::move(plan.options),
                                                    std::move(plan.handler)));
  }
  for (const auto& stage : stages_) PODIUM_TRY(stage->start());
  return {};
}

void ServiceProcess::wait_for_the_end() {
  std::unique_lock lock{mutex_};
  while (!changed_.wait_for(lock, kFatalCheck, [this] { return signalled_ || error_; })) {
    for (const auto& stage : stages_) {
      if (!error_) error_ = stage->fatal_error();
    }
  }
}

// False when something still works; what stages had in hand is handed back in any case.
bool ServiceProcess::drain() {
  const auto begin = Clock::now();
  const auto deadline = begin + kDrainMax - kFarewell;
  draining_ = true;
  health_.set_draining();
  log_info("the service drains");
  for (const auto& action : drain_actions_) action();
  tasks_.request_stop();
  bool all_ended = join_stages(deadline);
  for (const std::string& task : tasks_.join(deadline)) {
    log_error("a task does not end", {{"task", task}});
    all_ended = false;
  }
  if (bus_ != nullptr) bus_->flush();
  if (health_server_) all_ended &= health_server_->stop(kLastProbeMax);
  const std::chrono::duration<double> taken = Clock::now() - begin;
  log_info("the service has drained", {{"seconds", taken.count()}, {"complete", all_ended}});
  return all_ended;
}

bool ServiceProcess::join_stages(Clock::time_point deadline) {
  for (const auto& stage : stages_) stage->stop();
  bool all_ended = true;
  for (const auto& stage : stages_) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    all_ended &= stage->join(std::max(left, milliseconds{0}));
  }
  return all_ended;
}

int run_guarded(Service& service, const std::function<Result<void>(Service&)>& compose) {
  Result<void> result;
  try {
    result = compose(service);
  } catch (const std::exception& error) {
    result = fail(errors::kInternal, error.what());
  }
  if (result) return EXIT_SUCCESS;
  log_error("the service ends with an error", {{"code", result.error().code->name},
                                               {"detail", result.error().detail},
                                               {"advice", result.error().code->sentence}});
  return result.error().is(errors::kConfiguration) ? kExitConfiguration : kExitError;
}

}  // namespace

int run_service(std::string_view name, const std::function<Result<void>(Service&)>& compose) {
  prepare_process();
  ServiceProcess service{name};
  const int code = run_guarded(service, compose);
  stop_tracing(kLastSpansMax);
  return code;
}

}  // namespace podium
