// What every program under services/ is made of: environment, log (PODIUM_LOG_LEVEL), tracing
// (OTEL_*), metrics, bus (NATS_*), health server (PODIUM_HEALTH_HOST, PODIUM_HEALTH_PORT), stages,
// signals, drain. One service a process, owned by run_service(); used by the thread that composes,
// but draining() and readiness() by any. A service is written as a composition in its main.cpp:
//
//   int main() {
//     return podium::run_service("scraper", [](podium::Service& service) -> podium::Result<void> {
//       ...make adapters...
//       service.add_stage({.name = "scrape", ...}, std::bind_front(&ScrapeStage::handle, &stage));
//       return service.run_until_signalled();
//     });
//   }
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/credential_checks.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// SIGTERM to exit at the most; work that is not finished by then is handed back.
inline constexpr std::chrono::milliseconds kDrainMax{10'000};

class Service {
 public:
  virtual ~Service() = default;
  /// The chassis has read its own settings from it already: its check() reports those as well.
  virtual Environment& environment() = 0;
  virtual const std::string& name() const = 0;
  /// Connected by the first call (NATS_URL ...), which adds the readiness check `bus`; the error
  /// ends the program and is retried by the restart policy.
  virtual Result<Bus*> bus() = 0;
  /// After bus() only; throws std::logic_error before.
  virtual EventPublisher& publisher() = 0;

  /// A stage that starts with run_until_signalled().
  virtual void add_stage(StageOptions options, StageHandler handler) = 0;
  /// The same for an object whose handle() is the stage; it must outlive the service's run.
  template <typename Stage>
  void add(StageOptions options, Stage& stage) {
    add_stage(std::move(options), std::bind_front(&Stage::handle, &stage));
  }
  /// A thread that runs until its token is set (watchers, beats). Started with the stages; when it
  /// returns an error the service ends with it.
  virtual void add_task(std::string task, std::function<Result<void>(std::stop_token)> run) = 0;
  /// A readiness check by name: success, or what is missing. Called at each /readyz, from several
  /// threads; it should answer within a second.
  virtual void add_check(std::string check, std::function<Result<void>()> run) = 0;
  /// A credential that `podium doctor` has checked by a harmless call, by the name that people know
  /// it by. Called when /credentials is asked for, at most once a minute.
  virtual void add_credential(std::string credential, CredentialCheck check) = 0;
  /// Called when draining begins, before stages are stopped; counts against kDrainMax.
  virtual void on_drain(std::function<void()> action) = 0;

  /// The health server (/livez, /readyz, /metrics, /credentials) and everything added start here.
  /// Returns success after SIGTERM or SIGINT and a drain within kDrainMax, or the error that ended
  /// a stage or a task. Stages finish what they have in hand or hand it back; when threads still
  /// work after that, the process ends here with code 1. A second signal ends it at once, a signal
  /// before this call too.
  virtual Result<void> run_until_signalled() = 0;
  /// True once a signal came.
  virtual bool draining() const = 0;
  /// The readiness report as JSON text with its HTTP status, for servers of one's own.
  virtual HttpResponse readiness() = 0;
};

/// Runs `compose` with a Service; the exit code of the program: 0 after a signal, 2 for a
/// configuration error (whose detail names every bad setting), 1 for any other. Logs the error,
/// keeps cores from being written and SIGPIPE from being fatal.
int run_service(std::string_view name, const std::function<Result<void>(Service&)>& compose);

}  // namespace podium
