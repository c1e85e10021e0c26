#include "services/tracker/progress.hpp"

#include <algorithm>
#include <chrono>

#include "libs/competition/words.hpp"

namespace podium::tracker {
namespace {

double share(double part, double whole) {
  return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0.0;
}

double share_of_time(const JobRow& job, Moment time) {
  if (!job.deadline) return 0;
  using Seconds = std::chrono::duration<double>;
  return share(Seconds{time - job.created_at}.count(),
               Seconds{*job.deadline - job.created_at}.count());
}

double share_of_candidates(const JobRow& job) {
  return share(static_cast<double>(job.candidates_done),
               static_cast<double>(job.candidates_max.value_or(0)));
}

std::int64_t between(std::int64_t low, std::int64_t high, double part) {
  return low + static_cast<std::int64_t>(part * static_cast<double>(high - low));
}

std::int64_t open_progress(const JobRow& job, Moment time) {
  if (job.status == "queued") return 0;
  if (job.stage == "fetching") {
    const double fetched = share(static_cast<double>(job.phase_done.value_or(0)),
                                 static_cast<double>(job.phase_total.value_or(0)));
    return between(1, kProgressScraped, fetched);
  }
  return between(kProgressScraped, kProgressOpenMax,
                 std::max(share_of_time(job, time), share_of_candidates(job)));
}

}  // namespace

std::string stage_of(const JobRow& job) {
  if (competition::is_terminal(job.status)) return "done";
  const std::int64_t open = job.candidates - job.candidates_done;
  if (open > job.drafts_open) return "executing";
  if (open > 0) return "generating";
  if (job.candidates > 0) return "scoring";
  return job.competition_title ? "planning" : "fetching";
}

std::int64_t progress_of(const JobRow& job, Moment time) {
  if (competition::is_terminal(job.status)) return kProgressDone;
  return std::max(job.progress, open_progress(job, time));
}

}  // namespace podium::tracker
