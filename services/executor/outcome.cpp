#include "services/executor/outcome.hpp"

#include <array>
#include <format>
#include <string_view>
#include <utility>

namespace podium::executor {
namespace {

// Exit codes of the sandbox's launcher; 128 + n is signal n.
constexpr int kExitTimedOut = 124;
constexpr int kExitLauncherFailed = 125;
constexpr int kExitKilled = 128 + 9;
constexpr int kExitTerminated = 128 + 15;
constexpr int kExitSignalBase = 128;
constexpr int kSignalMax = 64;

constexpr std::array<std::pair<int, std::string_view>, 7> kSignals{{
    {4, "illegal instruction"},
    {6, "aborted"},
    {8, "arithmetic error"},
    {9, "killed"},
    {11, "segmentation fault"},
    {15, "terminated"},
    {25, "file size limit"},
}};

std::string ending(int exit_code) {
  const int signal_number = exit_code - kExitSignalBase;
  for (const auto& [number, name] : kSignals) {
    if (number == signal_number) return std::format("exit code {} ({})", exit_code, name);
  }
  if (signal_number > 0 && signal_number <= kSignalMax) {
    return std::format("exit code {} (signal {})", exit_code, signal_number);
  }
  return std::format("exit code {}", exit_code);
}

bool says_no_space(std::string_view log_end) {
  return log_end.contains("No space left on device") || log_end.contains("[Errno 28]");
}

bool is_full(const std::optional<OutputSpace>& space) {
  return space && (space->bytes_free < space->bytes / 100 || space->files_free == 0);
}

bool ended_by_engine(const SandboxState& state) {
  return state.exit_code == 0 || state.exit_code == kExitKilled ||
         state.exit_code == kExitTerminated;
}

bool memory_is_out(const RunEnd& end) {
  if (end.state.out_of_memory) return true;
  const auto limit = static_cast<double>(end.limits.memory_bytes_max());
  return end.state.exit_code == kExitKilled && limit > 0 &&
         static_cast<double>(end.usage.memory_peak_bytes) >= 0.95 * limit;
}

Finding timed_out(const RunEnd& end) {
  return {v1::RUN_OUTCOME_TIMED_OUT,
          std::format("the wall time of {} s was over", end.limits.wall_seconds_max())};
}

Finding failed(const RunEnd& end) {
  if (memory_is_out(end)) {
    return {v1::RUN_OUTCOME_OUT_OF_MEMORY,
            std::format("killed for memory: the limit is {} MB and {} MB of scratch space ({})",
                        end.limits.memory_bytes_max() >> 20, end.limits.scratch_bytes_max() >> 20,
                        ending(end.state.exit_code))};
  }
  if (is_full(end.space) || says_no_space(end.log_end)) {
    return {v1::RUN_OUTCOME_DISK_FULL,
            std::format("the scratch space of {} MB was full ({})",
                        end.limits.scratch_bytes_max() >> 20, ending(end.state.exit_code))};
  }
  if (end.state.exit_code == kExitLauncherFailed) {
    return {v1::RUN_OUTCOME_CRASHED, "the launcher could not run the program (exit code 125)"};
  }
  return {v1::RUN_OUTCOME_CRASHED, "the program ended with " + ending(end.state.exit_code)};
}

}  // namespace

double wall_seconds_of(const SandboxState& state) {
  const std::chrono::duration<double> wall = state.ended_at - state.started_at;
  return wall.count() > 0 ? wall.count() : 0;
}

Finding judge_end(const RunEnd& end) {
  switch (end.why) {
    case WatchEnd::stopped:
      return {v1::RUN_OUTCOME_CANCELLED, "the job no longer wants this run"};
    case WatchEnd::lost:
      return {v1::RUN_OUTCOME_LOST, "the sandbox vanished or its engine did not answer any more"};
    case WatchEnd::time_over:
      return timed_out(end);
    case WatchEnd::ended:
      break;
  }
  const auto& state = end.state;
  if (state.output_lost && !state.out_of_memory && ended_by_engine(state)) {
    return {v1::RUN_OUTCOME_LOST, "the engine was restarted under the run"};
  }
  // A program may end with the launcher's code for "time is up" of its own accord, but not so late.
  const bool used_its_time = wall_seconds_of(state) + 1 >= end.limits.wall_seconds_max();
  if (state.exit_code == kExitTimedOut && used_its_time) return timed_out(end);
  if (state.exit_code != 0) return failed(end);
  if (state.out_of_memory) {
    return {v1::RUN_OUTCOME_OK, "a process of the run was killed for memory, the program went on"};
  }
  return {v1::RUN_OUTCOME_OK, ""};
}

Finding judge_verdict(const RunEnd& end, const Finding& finding, const v1::Verdict& verdict) {
  if (verdict.accepted()) return finding;
  if (is_full(end.space)) {
    return {v1::RUN_OUTCOME_DISK_FULL,
            std::format("the scratch space of {} MB was full; the predictions were refused: {}",
                        end.limits.scratch_bytes_max() >> 20, verdict.message())};
  }
  return {v1::RUN_OUTCOME_INVALID_SUBMISSION,
          std::format("{}: {}", verdict.code(), verdict.message())};
}

}  // namespace podium::executor
