#include "services/executor/grant.hpp"

#include <algorithm>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

/// `asked`, or `otherwise` when nothing was asked, within [least, most].
template <typename Number>
Number granted(Number asked, Number otherwise, Number least, Number most) {
  const Number wanted = asked == 0 ? otherwise : asked;
  return std::clamp(wanted, std::min(least, most), most);
}

std::uint32_t wall_seconds(const v1::RunTicket& ticket, TimePoint now) {
  const auto asked = granted(ticket.limits().wall_seconds_max(), kWallSecondsDefault,
                             std::uint32_t{1}, kWallSecondsMax);
  if (!ticket.has_deadline()) return asked;
  const auto left =
      std::chrono::duration_cast<std::chrono::seconds>(from_proto(ticket.deadline()) - now).count();
  return left <= 0 ? 0 : static_cast<std::uint32_t>(std::min<std::int64_t>(asked, left));
}

}  // namespace

v1::RunLimits grant(const v1::RunTicket& ticket, const Capacity& capacity, TimePoint now) {
  const auto& asked = ticket.limits();
  v1::RunLimits limits;
  limits.set_wall_seconds_max(wall_seconds(ticket, now));
  limits.set_cpu_milli(granted(asked.cpu_milli(), kCpuMilliDefault, kCpuMilliMin,
                               std::min(capacity.cpu_milli, capacity.run_cpu_milli_max)));
  limits.set_pids_max(granted(asked.pids_max(), kPidsDefault, std::uint32_t{16}, kPidsMax));
  limits.set_predictions_bytes_max(granted(asked.predictions_bytes_max(), kPredictionsBytesDefault,
                                           std::uint64_t{1}, kPredictionsBytesMax));
  limits.set_log_bytes_max(
      granted(asked.log_bytes_max(), kLogBytesDefault, std::uint64_t{4096}, kLogBytesMax));
  // Scratch may take at most half of the whole, so that there is memory left to work with.
  const auto scratch_most =
      std::max(std::min(kScratchBytesMax, capacity.memory_bytes / 2), kScratchBytesMin);
  limits.set_scratch_bytes_max(
      granted(asked.scratch_bytes_max(), kScratchBytesDefault, kScratchBytesMin, scratch_most));
  const auto memory_most =
      std::max(capacity.memory_bytes - std::min(limits.scratch_bytes_max(), capacity.memory_bytes),
               kMemoryBytesMin);
  limits.set_memory_bytes_max(
      granted(asked.memory_bytes_max(), kMemoryBytesDefault, kMemoryBytesMin, memory_most));
  return limits;
}

ScratchShares scratch_shares(const v1::RunLimits& limits) {
  const auto tmp = limits.scratch_bytes_max() / 4;
  return {.tmp_bytes = tmp, .working_bytes = limits.scratch_bytes_max() - tmp};
}

std::uint64_t sandbox_memory_bytes(const v1::RunLimits& limits) {
  return limits.memory_bytes_max() + limits.scratch_bytes_max();
}

std::uint32_t cpus_of(const v1::RunLimits& limits) {
  return std::max(1U, (limits.cpu_milli() + 999) / 1000);
}

}  // namespace podium::executor
