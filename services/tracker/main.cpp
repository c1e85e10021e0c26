// Composition root of the tracker: the only place where its ports meet their adapters.
#include <functional>

#include "libs/chassis/service.hpp"
#include "services/tracker/adapters/postgres_projection_store.hpp"
#include "services/tracker/config.hpp"
#include "services/tracker/rebuild.hpp"
#include "services/tracker/track_task.hpp"
#include "services/tracker/verbs.hpp"

namespace {

podium::Result<void> track(podium::Service& service) {
  const auto config = PODIUM_TRY(podium::tracker::load_config(service.environment()));
  auto database = PODIUM_TRY(podium::Database::open(config.database));
  auto* bus = PODIUM_TRY(service.bus());
  podium::tracker::PostgresProjectionStore store{*database};
  podium::tracker::TrackTask task{*bus, store, config.track};

  service.add_task("track", std::bind_front(&podium::tracker::TrackTask::run, &task));
  service.add_check("projection", [&store] { return store.check(); });
  return service.run_until_signalled();
}

podium::Result<void> rebuild(podium::Service& service) {
  auto config = PODIUM_TRY(podium::tracker::load_config(service.environment()));
  config.database.statement_timeout = podium::tracker::kRebuildStatementMax;
  auto database = PODIUM_TRY(podium::Database::open(config.database));
  auto* bus = PODIUM_TRY(service.bus());
  const auto report = PODIUM_TRY(podium::tracker::Rebuild(*database, *bus).run());
  return podium::tracker::print(report);
}

}  // namespace

int main(int argc, char** argv) {
  const auto verb = podium::tracker::verb_of(argc, argv, {{"", track}, {"rebuild", rebuild}});
  return podium::run_service("tracker", verb);
}
