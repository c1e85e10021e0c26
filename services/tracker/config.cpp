#include "services/tracker/config.hpp"

namespace podium::tracker {
namespace {

constexpr std::int64_t kBatchMax = 4'096;

}  // namespace

Result<Config> load_config(Environment& environment) {
  Config config;
  config.database = read_database_options(environment, "tracker");
  config.database.statement_timeout = kStatementTimeout;
  config.track.batch_messages_max = static_cast<std::size_t>(environment.integer(
      "PODIUM_TRACKER_BATCH_MAX", static_cast<std::int64_t>(config.track.batch_messages_max), 1,
      kBatchMax));
  config.track.batch_wait =
      environment.duration("PODIUM_TRACKER_BATCH_WAIT", config.track.batch_wait);
  config.track.standby_interval =
      environment.duration("PODIUM_TRACKER_STANDBY_INTERVAL", config.track.standby_interval);
  PODIUM_TRY(environment.check());
  return config;
}

}  // namespace podium::tracker
