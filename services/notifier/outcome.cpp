#include "services/notifier/outcome.hpp"

#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "services/notifier/limits.hpp"

namespace podium::notifier {
namespace {

constexpr Metric kNotifications{"podium_notifications_total",
                                "Tries to tell of a job's end, by channel and outcome."};

}  // namespace

bool is_too_old(TimePoint ended_at, TimePoint now) {
  return now - ended_at >= kTryTimeMax;
}

Result<Events> settle(std::string_view channel, const Result<void>& told, TimePoint ended_at,
                      TimePoint now) {
  if (told) {
    count(kNotifications, {{"channel", channel}, {"outcome", "sent"}});
    log_info("the end of the job is told", {{"channel", channel}});
    return Events{};
  }
  if (told.error().is(podium::errors::kStopped)) return std::unexpected{told.error()};
  const bool may_be_mended = told.error().code->disposition == Disposition::retry;
  if (!may_be_mended || is_too_old(ended_at, now)) return give_up(channel, told.error().text());
  count(kNotifications, {{"channel", channel}, {"outcome", "retried"}});
  return std::unexpected{told.error()};
}

Events give_up(std::string_view channel, std::string_view why) {
  count(kNotifications, {{"channel", channel}, {"outcome", "given_up"}});
  log_error("the end of the job is not told", {{"channel", channel}, {"why", why}});
  return {};
}

}  // namespace podium::notifier
