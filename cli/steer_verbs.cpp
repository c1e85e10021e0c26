#include <chrono>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/job_reference.hpp"
#include "cli/job_status.hpp"
#include "cli/json_fields.hpp"
#include "cli/verbs.hpp"
#include "libs/chassis/ids.hpp"

namespace podium::cli {

Outcome<Exit> give_hint(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  const auto body =
      world.gateway.post("/jobs/" + *job_id + "/hint", json_text({{"text", arguments.text}}));
  if (!body) return std::unexpected{body.error()};
  if (arguments.json) {
    world.console.out << trimmed(*body) << '\n';
  } else {
    world.console.say("passed on: candidates that are written from now on know of it");
  }
  return Exit::ok;
}

Outcome<Exit> submit_job(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  const auto body = world.gateway.post("/jobs/" + *job_id + "/submit", "{}");
  if (!body) return std::unexpected{body.error()};
  const auto job = parse_job_status(*body);
  if (!job) return std::unexpected{job.error()};
  if (arguments.json) {
    world.console.out << trimmed(*body) << '\n';
  } else {
    world.console.say(job->is_scored
                          ? "Kaggle has scored it already: " + job->kaggle
                          : std::format("on its way to Kaggle; {} status {} shows its score",
                                        world.console.command, *job_id));
  }
  return Exit::ok;
}

Outcome<Exit> retry_job(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  nlohmann::json request = nlohmann::json::object();
  if (!arguments.from_stage.empty()) request["from_stage"] = arguments.from_stage;
  const std::string key = "cli-" + new_uuid_v7(std::chrono::system_clock::now());
  const auto body =
      world.gateway.post("/jobs/" + *job_id + "/retry", request.dump(), {{"Idempotency-Key", key}});
  if (!body) return std::unexpected{body.error()};
  const auto again = parse_job_status(*body);
  if (!again) return std::unexpected{again.error()};
  world.console.out << (arguments.json ? trimmed(*body) : again->job_id) << '\n' << std::flush;
  world.console.say(std::format("tries {} again; {} watch {} looks on", *job_id,
                                world.console.command, again->job_id));
  return Exit::ok;
}

}  // namespace podium::cli
