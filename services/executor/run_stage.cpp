#include "services/executor/run_stage.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/event.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/trace.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/run_log.hpp"

namespace podium::executor {
namespace {

constexpr Metric kSandboxTime{"podium_sandbox_duration_seconds",
                              "Time of one run in a sandbox, by outcome."};

/// A ticket whose claim was taken by somebody faster is looked at again soon.
constexpr std::chrono::milliseconds kLostRaceDelay{1'000};

std::string sandbox_name(const LiveRun& run) {
  return "podium-" + run.run_id();
}

Settlement acknowledge() {
  return {};
}

Settlement hand_back(std::chrono::milliseconds delay) {
  return {.kind = Settlement::Kind::hand_back, .delay = delay, .reason = {}};
}

std::chrono::milliseconds retry_delay(std::uint64_t deliveries) {
  const auto doublings = std::min<std::uint64_t>(deliveries - 1, 10);
  return std::min(kRetryDelayFirst * (1 << doublings), kRetryDelayMax);
}

const std::string& parent_of(const LiveRun& run) {
  return run.ticket().trace().traceparent();
}

LiveLog::Publish log_publisher(RunLedger& ledger, const v1::Event& ticket) {
  return [&ledger, ticket](const v1::LogLines& batch) -> Result<void> {
    auto event =
        event_of(ticket, "log_lines", batch.run_id(), static_cast<unsigned>(batch.first_line()));
    event.set_producer("executor");
    *event.mutable_log_lines() = batch;
    return ledger.publish_quietly(event);
  };
}

}  // namespace

RunStage::RunStage(RunParts parts)
    : parts_{std::move(parts)},
      preparation_{parts_.runtime, parts_.check, parts_.artifacts, parts_.scratch},
      examination_{parts_.runtime, parts_.check, parts_.scratch} {}

Settlement RunStage::handle(LiveRun& run) {
  const LogScope scope{run.job_id(), trace_id_of(parent_of(run)), ""};
  const auto settlement = work(run);
  if (settlement) return *settlement;
  return settlement_of(run, settlement.error());
}

Settlement RunStage::settlement_of(LiveRun& run, const Error& error) {
  if (run.stop_reason() == StopReason::draining) {
    hand_back_claim(run);
    return hand_back(kDrainDelay);
  }
  log_warning("a run could not be handled",
              {{"run_id", run.run_id()}, {"code", error.code->name}, {"error", error.text()}});
  if (error.code->disposition != Disposition::reject) {
    return hand_back(retry_delay(run.deliveries()));
  }
  clean_up(run);
  return {.kind = Settlement::Kind::terminate, .delay = {}, .reason = error.text()};
}

v1::RunLimits RunStage::limits_of(const LiveRun& run) const {
  const auto claim = run.claim();
  const bool started = claim && claim->claim.has_started_at();
  return grant(run.ticket().run_ticket(), parts_.capacity,
               started ? from_proto(claim->claim.started_at()) : now());
}

Result<RunStage::Look> RunStage::look(const LiveRun& run) {
  Look look;
  look.facts.executed = PODIUM_TRY(parts_.ledger.is_executed(run.job_id(), run.run_id()));
  look.facts.job = PODIUM_TRY(parts_.ledger.job_state(run.job_id()));
  look.claim = PODIUM_TRY(parts_.claims.get(run.run_id()));
  if (look.claim) look.facts.claim = look.claim->claim;
  look.facts.sandbox = PODIUM_TRY(parts_.runtime.inspect(run.run_id()));
  look.facts.now = now();
  return look;
}

Result<Settlement> RunStage::work(LiveRun& run) {
  const auto look = PODIUM_TRY(this->look(run));
  switch (decide_run(look.facts, parts_.claims.self())) {
    case RunAction::settle:
      return settle_executed(run, look);
    case RunAction::hand_back:
      return hand_back(kForeignClaimDelay);
    case RunAction::cancel:
      return conclude_unrun(run, v1::RUN_OUTCOME_CANCELLED, "the job no longer wants this run");
    case RunAction::lose:
      return conclude_unrun(run, v1::RUN_OUTCOME_LOST, "the sandbox vanished from its engine");
    case RunAction::start:
      return start(run, look);
    case RunAction::adopt:
      return adopt(run, look);
  }
  return acknowledge();
}

Result<Settlement> RunStage::settle_executed(LiveRun& run, const Look& look) {
  const auto holder = holder_of(look.facts.claim, parts_.claims.self(), look.facts.now);
  if (holder != ClaimHolder::another) clean_up(run);
  return acknowledge();
}

/// False when somebody else was faster.
Result<bool> RunStage::take_claim(LiveRun& run, const Look& look) {
  auto taken = parts_.claims.take(run.ticket(), look.claim, now());
  if (!taken && taken.error().is(errors::kConflict)) return false;
  if (!taken) return std::unexpected{taken.error()};
  run.set_claim(std::move(*taken));
  return true;
}

Result<Settlement> RunStage::start(LiveRun& run, const Look& look) {
  auto limits = limits_of(run);
  if (limits.wall_seconds_max() == 0) {
    return conclude_unrun(run, v1::RUN_OUTCOME_CANCELLED,
                          "the job's time was over before the run could begin");
  }
  if (!PODIUM_TRY(take_claim(run, look))) return hand_back(kLostRaceDelay);
  if (const auto started = start_sandbox(run, limits); !started) {
    undo_start(run);
    return std::unexpected{started.error()};
  }
  return follow(run, limits);
}

Result<void> RunStage::start_sandbox(LiveRun& run, v1::RunLimits& limits) {
  const auto& ticket = run.ticket().run_ticket();
  PODIUM_TRY(parts_.ledger.publish(
      started_event(run.ticket(), sandbox_name(run), parts_.claims.self().engine, limits),
      parent_of(run)));
  const auto competition = PODIUM_TRY(preparation_.competition_of(ticket));
  PODIUM_TRY(preparation_.bring_data(
      ticket, [&](std::uint64_t done, std::uint64_t all) { tell_progress(run, done, all); },
      run.stop_token()));
  SandboxSpec spec{.run_id = run.run_id(),
                   .job_id = run.job_id(),
                   .attempt = ticket.attempt(),
                   .limits = {},
                   .slug = competition.names.slug,
                   .data_sha256 = ticket.data().sha256(),
                   .code = PODIUM_TRY(preparation_.code_of(ticket)),
                   .traceparent = parent_of(run),
                   .reap_after = {}};
  // Bringing the data may have taken a while; the job's deadline has not moved.
  limits.set_wall_seconds_max(std::min(
      limits.wall_seconds_max(), std::max(limits_of(run).wall_seconds_max(), std::uint32_t{1})));
  spec.limits = limits;
  spec.reap_after = now() + std::chrono::seconds{limits.wall_seconds_max()} + kReapGrace;
  PODIUM_TRY(parts_.runtime.start(spec));
  PODIUM_TRY(run.change_claim(
      [&](const HeldClaim& held) { return parts_.claims.note_started(held, now()); }));
  start_span("sandbox started", SpanKind::internal, parent_of(run),
             {{"container.name", sandbox_name(run)}, {"podium.run.id", run.run_id()}})
      .end();
  return {};
}

Result<Settlement> RunStage::adopt(LiveRun& run, const Look& look) {
  if (!PODIUM_TRY(take_claim(run, look))) return hand_back(kLostRaceDelay);
  if (!run.claim()->claim.has_started_at()) {
    PODIUM_TRY(run.change_claim([&](const HeldClaim& held) {
      return parts_.claims.note_started(held, look.facts.sandbox.started_at);
    }));
  }
  log_info("a sandbox is adopted", {{"run_id", run.run_id()}});
  return follow(run, limits_of(run));
}

Result<Settlement> RunStage::follow(LiveRun& run, const v1::RunLimits& limits) {
  const auto& ticket = run.ticket().run_ticket();
  auto span = start_span("execute_tool sandbox", SpanKind::internal, parent_of(run),
                         {{"gen_ai.operation.name", "execute_tool"},
                          {"gen_ai.tool.name", "sandbox"},
                          {"container.name", sandbox_name(run)},
                          {"podium.run.id", run.run_id()},
                          {"podium.candidate.id", ticket.candidate_id()}});
  RunLog log{parts_.runtime, run.run_id(),
             PODIUM_TRY(LogRecord::make(parts_.scratch, limits.log_bytes_max())),
             std::make_unique<LiveLog>(run.run_id(), ticket.candidate_id(),
                                       log_publisher(parts_.ledger, run.ticket()))};
  const auto started_at = from_proto(run.claim()->claim.started_at());
  const auto kill_at = started_at + std::chrono::seconds{limits.wall_seconds_max()} + kKillGrace;
  auto watched =
      watch_run(parts_.runtime, run.run_id(), kill_at, run.stop_token(), parts_.watch_times);
  if (watched.why == WatchEnd::stopped && run.stop_reason() != StopReason::unwanted) {
    span.event("left", {{"reason", "the executor stops or no longer owns the run"}});
    return leave(run);
  }
  if (watched.why == WatchEnd::stopped) watched.state = PODIUM_TRY(end_unwanted(run));
  log.finish();
  RunEnd end{.why = watched.why,
             .state = watched.state,
             .usage = watched.usage,
             .space = std::nullopt,
             .log_end = std::string{log.end()},
             .limits = limits};
  auto report = PODIUM_TRY(judge(run, std::move(end)));
  report.log = PODIUM_TRY(log.whole());
  span.set("process.exit.code", report.end.state.exit_code);
  span.set("podium.sandbox.outcome", v1::RunOutcome_Name(report.finding.outcome));
  span.set("podium.sandbox.oom_killed", report.end.state.out_of_memory);
  span.set("podium.sandbox.timeout", report.finding.outcome == v1::RUN_OUTCOME_TIMED_OUT);
  span.set("podium.sandbox.cpu_s", report.end.usage.cpu_seconds);
  span.set("podium.sandbox.mem_peak_bytes", report.end.usage.memory_peak_bytes);
  span.set("container.id", report.end.state.sandbox_id);
  span.end();
  return conclude(run, std::move(report));
}

/// Its times are asked once more, so that the report says how long it ran.
Result<SandboxState> RunStage::end_unwanted(LiveRun& run) {
  PODIUM_TRY(parts_.runtime.kill(run.run_id()));
  const auto ended = parts_.runtime.wait(run.run_id(), kKillTimeMax, {});
  if (!ended && !ended.error().is(errors::kNotFound)) return std::unexpected{ended.error()};
  return parts_.runtime.inspect(run.run_id());
}

/// Leaves the sandbox to our engine's next executor, or to the engine that has taken the run over.
Result<Settlement> RunStage::leave(LiveRun& run) {
  if (run.stop_reason() == StopReason::disowned) {
    run.set_claim(std::nullopt);
    PODIUM_TRY(parts_.runtime.remove(run.run_id()));
    return hand_back(kForeignClaimDelay);
  }
  hand_back_claim(run);
  return hand_back(kDrainDelay);
}

void RunStage::hand_back_claim(LiveRun& run) {
  const auto handed_back =
      run.change_claim([&](const HeldClaim& held) { return parts_.claims.hand_back(held, now()); });
  if (!handed_back) {
    log_warning("a claim could not be handed back; its grace ends it",
                {{"run_id", run.run_id()}, {"error", handed_back.error().text()}});
  }
  run.set_claim(std::nullopt);
}

Result<RunReport> RunStage::judge(LiveRun& run, RunEnd end) {
  const auto& ticket = run.ticket().run_ticket();
  const auto look_at_space = [&]() -> Result<void> {
    if (end.why == WatchEnd::ended && !end.state.output_lost) {
      end.space = PODIUM_TRY(parts_.runtime.output_space(run.run_id()));
    }
    return {};
  };
  if (end.state.exit_code != 0) PODIUM_TRY(look_at_space());
  RunReport report{.finding = judge_end(end),
                   .end = {},
                   .check = std::nullopt,
                   .log = std::nullopt,
                   .engine = parts_.claims.self().engine};
  if (report.finding.outcome == v1::RUN_OUTCOME_OK) {
    auto competition = PODIUM_TRY(preparation_.competition_of(ticket));
    report.check = PODIUM_TRY(
        examination_.examine(ticket, end.limits, competition, end.log_end, run.stop_token()));
    if (!report.check->verdict.accepted()) PODIUM_TRY(look_at_space());
    report.finding = judge_verdict(end, report.finding, report.check->verdict);
  }
  report.end = std::move(end);
  return report;
}

Result<Settlement> RunStage::conclude_unrun(LiveRun& run, v1::RunOutcome outcome,
                                            std::string message) {
  RunReport report;
  report.finding = {outcome, std::move(message)};
  report.engine = parts_.claims.self().engine;
  return conclude(run, std::move(report));
}

Result<Settlement> RunStage::conclude(LiveRun& run, RunReport report) {
  const auto event = PODIUM_TRY(executed_event(run.ticket(), report, parts_.artifacts));
  PODIUM_TRY(parts_.ledger.publish(event, parent_of(run)));
  const auto outcome = v1::RunOutcome_Name(report.finding.outcome);
  log_info("run executed", {{"run_id", run.run_id()},
                            {"outcome", outcome},
                            {"exit_code", report.end.state.exit_code},
                            {"wall_seconds", wall_seconds_of(report.end.state)}});
  observe_seconds(kSandboxTime, wall_seconds_of(report.end.state), {{"outcome", outcome}});
  clean_up(run);
  return acknowledge();
}

/// What fails here is done by the reaper.
void RunStage::clean_up(LiveRun& run) {
  run.set_claim(std::nullopt);
  const auto removed = parts_.runtime.remove(run.run_id());
  const auto released = parts_.claims.release(run.run_id());
  for (const auto* const done : {&removed, &released}) {
    if (*done) continue;
    log_warning("what is left of a run stays for the reaper",
                {{"run_id", run.run_id()}, {"error", done->error().text()}});
  }
}

/// Nothing runs: whoever gets the ticket next may begin at once.
void RunStage::undo_start(LiveRun& run) {
  run.set_claim(std::nullopt);
  const auto removed = parts_.runtime.remove(run.run_id());
  const auto withdrawn = parts_.claims.withdraw(run.run_id());
  if (removed && withdrawn) return;
  log_warning("what is left of a run that did not start stays for the reaper",
              {{"run_id", run.run_id()}});
}

void RunStage::tell_progress(const LiveRun& run, std::uint64_t done, std::uint64_t total) {
  auto event = event_of(run.ticket(), "progressed", run.run_id(),
                        static_cast<unsigned>(now().time_since_epoch() / kProgressEvery));
  auto& progressed = *event.mutable_progressed();
  progressed.set_phase("bringing data to the engine");
  progressed.set_done(done);
  progressed.set_total(total);
  progressed.set_unit("bytes");
  if (const auto told = parts_.ledger.publish(event, parent_of(run)); !told) {
    log_debug("progress could not be told", {{"error", told.error().text()}});
  }
}

}  // namespace podium::executor
