#include "services/executor/run_report.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/event.hpp"
#include "libs/competition/text.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/log_lines.hpp"

namespace podium::executor {
namespace {

constexpr std::size_t kMessageBytesMax = 1000;
constexpr int kWarningsMax = 20;
/// Of the columns' names: the event says what was found, the file has all of it.
constexpr int kColumnsMax = 64;
constexpr std::size_t kColumnBytesMax = 100;

void cut(std::string& text, std::size_t bytes_max) {
  text = competition::clean_text(text, bytes_max);
}

template <typename Items>
void keep_first(Items& items, int most) {
  if (items.size() > most) items.DeleteSubrange(most, items.size() - most);
}

Result<void> add_check(const CheckReport& check, ArtifactStore& artifacts, v1::Executed& executed) {
  *executed.mutable_verdict() = cut_verdict(check.verdict);
  if (check.predictions) {
    *executed.mutable_predictions() =
        PODIUM_TRY(artifacts.put_content_file(check.predictions.path()));
  }
  if (!check.verdict.accepted()) return {};
  *executed.mutable_submission() = PODIUM_TRY(artifacts.put_content_file(check.submission.path()));
  if (check.score) *executed.mutable_score() = *check.score;
  return {};
}

}  // namespace

v1::Verdict cut_verdict(v1::Verdict verdict) {
  cut(*verdict.mutable_message(), kMessageBytesMax);
  keep_first(*verdict.mutable_warnings(), kWarningsMax);
  for (auto& warning : *verdict.mutable_warnings()) cut(warning, kMessageBytesMax);
  keep_first(*verdict.mutable_columns(), kColumnsMax);
  for (auto& column : *verdict.mutable_columns()) cut(column, kColumnBytesMax);
  return verdict;
}

Result<v1::Event> executed_event(const v1::Event& ticket, RunReport& report,
                                 ArtifactStore& artifacts) {
  const auto& run = ticket.run_ticket();
  auto event = event_of(ticket, "executed", run.run_id(), run.attempt());
  auto& executed = *event.mutable_executed();
  executed.set_run_id(run.run_id());
  executed.set_candidate_id(run.candidate_id());
  executed.set_attempt(run.attempt());
  executed.set_purpose(run.purpose());
  executed.set_outcome(report.finding.outcome);
  executed.set_message(competition::clean_text(report.finding.message, kMessageBytesMax));
  executed.set_engine(report.engine);
  executed.set_exit_code(report.end.state.exit_code);
  executed.set_wall_seconds(wall_seconds_of(report.end.state));
  executed.set_cpu_seconds(report.end.usage.cpu_seconds);
  executed.set_memory_peak_bytes(report.end.usage.memory_peak_bytes);
  executed.set_log_tail(log_tail_of(report.end.log_end, kLogTailBytesMax));
  if (report.check) PODIUM_TRY(add_check(*report.check, artifacts, executed));
  if (report.log) {
    *executed.mutable_log() =
        PODIUM_TRY(artifacts.put_named(ticket.job_id(), run.candidate_id(),
                                       std::format("log-{}.txt", run.attempt()), *report.log));
  }
  return event;
}

v1::Event started_event(const v1::Event& ticket, const std::string& sandbox,
                        const std::string& engine, const v1::RunLimits& limits) {
  const auto& run = ticket.run_ticket();
  auto event = event_of(ticket, "started", run.run_id(), run.attempt());
  auto& started = *event.mutable_started();
  started.set_run_id(run.run_id());
  started.set_candidate_id(run.candidate_id());
  started.set_attempt(run.attempt());
  started.set_sandbox(sandbox);
  started.set_engine(engine);
  *started.mutable_limits() = limits;
  return event;
}

}  // namespace podium::executor
