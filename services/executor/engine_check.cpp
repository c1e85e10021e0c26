#include "services/executor/engine_check.hpp"

#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "services/executor/errors.hpp"

namespace podium::executor {
Result<void> EngineCheck::run(std::stop_token stop) {
  while (true) {
    pause_for(ready() ? every_ : retry_every_, stop);
    if (stop.stop_requested()) return {};
    const auto facts = ask();
    const std::scoped_lock lock{mutex_};
    if (facts && facts->id != engine_id_) {
      return fail(kSandboxUnavailable, "another engine answers than before");
    }
  }
}

std::optional<EngineFacts> EngineCheck::wait_until_ready(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (const auto facts = ask()) return *facts;
    pause_for(retry_every_, stop);
  }
  return std::nullopt;
}

Result<void> EngineCheck::ready() const {
  const std::scoped_lock lock{mutex_};
  if (problem_) return std::unexpected{*problem_};
  return {};
}

Result<EngineFacts> EngineCheck::ask() {
  auto facts = runtime_.self_check();
  const std::scoped_lock lock{mutex_};
  const bool was_ready = !problem_;
  if (facts && engine_id_.empty()) engine_id_ = facts->id;
  problem_ = facts ? std::nullopt : std::optional{facts.error()};
  if (facts && !was_ready) {
    log_info("sandboxes can be started",
             {{"engine", facts->id}, {"version", facts->version}, {"image", facts->image_id}});
  }
  if (!facts && was_ready) {
    log_error("sandboxes cannot be started", {{"error", facts.error().text()}});
  }
  return facts;
}

}  // namespace podium::executor
