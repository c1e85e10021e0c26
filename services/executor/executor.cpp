#include "services/executor/executor.hpp"

#include <thread>

#include "libs/chassis/event.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/streams.hpp"
#include "services/executor/beats.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/reaper.hpp"
#include "services/executor/run_claims.hpp"
#include "services/executor/run_pool.hpp"
#include "services/executor/run_stage.hpp"
#include "services/executor/slots.hpp"
#include "services/executor/ticket_loop.hpp"

namespace podium::executor {

Executor::Executor(Parts parts, Config config)
    : parts_{parts}, config_{std::move(config)}, engine_{parts_.runtime} {}

Result<void> Executor::run(std::stop_token stop) {
  const auto engine = engine_.wait_until_ready(stop);
  return engine ? work(*engine, stop) : Result<void>{};
}

Result<void> Executor::work(const EngineFacts& engine, std::stop_token stop) {
  RunClaims claims{parts_.claims, {.engine = engine.id, .executor = config_.docker.executor}};
  SlotAccount slots{capacity_of(config_, engine)};
  RunStage stage{{.runtime = parts_.runtime,
                  .check = parts_.check,
                  .ledger = parts_.ledger,
                  .claims = claims,
                  .artifacts = parts_.artifacts,
                  .capacity = slots.capacity(),
                  .scratch = config_.scratch,
                  .watch_times = usual_watch_times()}};
  RunPool pool{stage, live_, slots};
  const auto adopt = [&](const v1::RunClaim& claim) {
    const auto added = live_.add(claim.ticket(), nullptr);
    if (!added.is_new) return;
    const auto limits = stage.limits_of(*added.run);
    slots.take(limits);
    pool.begin(added.run, limits);
  };
  Reaper reaper{{.runtime = parts_.runtime,
                 .ledger = parts_.ledger,
                 .claims = claims,
                 .live = live_,
                 .capacity = parts_.capacity,
                 .adopt = adopt,
                 .data_volumes_max = config_.data_volumes_max,
                 .data_bytes_max = config_.data_bytes_max}};
  Beats beats{live_, claims, slots, parts_.capacity};
  TicketLoop tickets{
      {.open =
           [this](std::string_view durable) { return parts_.bus.pull(streams::kRuns, durable); },
       .stage = stage,
       .live = live_,
       .slots = slots,
       .pool = pool,
       .ready = [this] { return engine_.ready().has_value(); }},
      Turns{config_.classes}};

  const auto cancelled = PODIUM_TRY(listen(subjects_of_event("cancel_requested")));
  const auto ended = PODIUM_TRY(listen(subjects_of_event("ended")));
  std::stop_source tickets_stop;
  const std::stop_callback forward{stop, [&tickets_stop] { tickets_stop.request_stop(); }};
  Result<void> engine_is_the_same;
  std::jthread check_thread{[&](std::stop_token own) {
    engine_is_the_same = engine_.run(own);
    tickets_stop.request_stop();
  }};
  const std::jthread beat_thread{[&beats](std::stop_token own) { beats.run(own); }};
  const std::jthread reap_thread{[&reaper](std::stop_token own) { reaper.run(own); }};
  tickets.run(tickets_stop.get_token());
  live_.close();
  if (!pool.wait_idle(kHandBackMax)) log_warning("not every run could be handed back in time");
  check_thread.request_stop();
  check_thread.join();
  return engine_is_the_same;
}

Result<std::unique_ptr<Subscription>> Executor::listen(std::string_view subject) {
  return parts_.bus.subscribe(subject, [this](const std::string& heard, std::string_view) {
    live_.stop_job(job_of_subject(heard), StopReason::unwanted);
  });
}

}  // namespace podium::executor
