#include "services/executor/adapters/docker_sandbox_runtime.hpp"

#include <algorithm>
#include <format>
#include <map>
#include <thread>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "services/executor/adapters/docker_answers.hpp"
#include "services/executor/adapters/docker_lists.hpp"
#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/errors.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/tar.hpp"

namespace podium::executor {
namespace {

std::string container_path(std::string_view name, std::string_view what = {}) {
  return std::format("/containers/{}{}", name, what);
}

/// NOT_FOUND is fine: what is to be gone is gone.
Result<void> done_or_gone(const Result<HttpAnswer>& answer) {
  if (answer || answer.error().is(errors::kNotFound)) return {};
  return std::unexpected{answer.error()};
}

/// A kill that fails because the container has ended is a success.
Result<void> done_or_ended(const Result<HttpAnswer>& answer) {
  if (!answer && answer.error().is(errors::kConflict)) return {};
  return done_or_gone(answer);
}

}  // namespace

DockerSandboxRuntime::DockerSandboxRuntime(DockerOptions options)
    : options_{std::move(options)}, api_{options_.host, options_.api_version}, data_{api_} {}

Result<EngineFacts> DockerSandboxRuntime::self_check() {
  api_.forget_version();
  const auto info = PODIUM_TRY(api_.call({.path = "/info"}));
  auto facts = PODIUM_TRY(docker::parse_info(info.body));
  const auto image =
      api_.call({.path = std::format("/images/{}/json", percent_encode(options_.image))});
  if (!image && image.error().is(errors::kNotFound)) {
    return fail(kSandboxUnavailable, std::format("the engine has no image {}", options_.image));
  }
  if (!image) return std::unexpected{image.error()};
  facts.image_id = PODIUM_TRY(docker::parse_image_id(image->body));
  const docker::Settings found{.stack = options_.stack,
                               .executor = options_.executor,
                               .engine = facts.id,
                               .image_id = facts.image_id,
                               .seccomp_profile = options_.seccomp_profile,
                               .runtime = options_.runtime};
  {
    const std::scoped_lock lock{mutex_};
    const bool proven =
        settings_ && settings_->engine == found.engine && settings_->image_id == found.image_id;
    if (proven) return facts;
  }
  PODIUM_TRY(probe(found));
  const std::scoped_lock lock{mutex_};
  settings_ = found;
  return facts;
}

Result<docker::Settings> DockerSandboxRuntime::settings() {
  const std::scoped_lock lock{mutex_};
  if (settings_) return *settings_;
  return fail(kSandboxUnavailable, "the engine has not passed the self-check yet");
}

Result<void> DockerSandboxRuntime::probe(const docker::Settings& found) {
  const auto name = docker::probe_container(options_.stack, options_.executor);
  PODIUM_TRY(docker::remove_container(api_, name));
  PODIUM_TRY(create_container(name, docker::probe_body(found, now())));
  auto started = start_container(name);
  auto waited = api_.call({.method = "POST",
                           .path = container_path(name, "/wait"),
                           .query = {{"condition", "not-running"}}});
  const auto removed = docker::remove_container(api_, name);
  if (!started) {
    return fail(kSandboxUnavailable,
                std::format("a sandbox cannot be started: {}", started.error().detail));
  }
  const auto answer = PODIUM_TRY(std::move(waited));
  const int status = PODIUM_TRY(docker::parse_exit_status(answer.body));
  if (status != 0) {
    return fail(kSandboxUnavailable,
                std::format("a sandbox on trial ended with exit code {}", status));
  }
  return removed;
}

Result<void> DockerSandboxRuntime::ensure_data(const DataSource& data, std::stop_token stop) {
  const auto settings = PODIUM_TRY(this->settings());
  return data_.ensure(data, settings, stop);
}

Result<void> DockerSandboxRuntime::start(const SandboxSpec& spec) {
  const auto settings = PODIUM_TRY(this->settings());
  const auto state = PODIUM_TRY(inspect(spec.run_id));
  if (state.phase == SandboxPhase::running || state.phase == SandboxPhase::ended) return {};
  // Rests of an earlier try: half of a sandbox is no beginning.
  PODIUM_TRY(remove(spec.run_id));
  auto made = make(spec, settings);
  if (made) return {};
  if (const auto removed = remove(spec.run_id); !removed) {
    log_warning("rests of a sandbox that did not start could not be removed",
                {{"run_id", spec.run_id}, {"error", removed.error().text()}});
  }
  return made;
}

Result<void> DockerSandboxRuntime::make(const SandboxSpec& spec, const docker::Settings& settings) {
  for (auto& body : {docker::work_volume_body(spec, settings, now()),
                     docker::code_volume_body(spec, settings, now())}) {
    PODIUM_TRY(api_.call({.method = "POST", .path = "/volumes/create", .body = body}));
  }
  PODIUM_TRY(make_keeper(spec, settings));
  const auto name = docker::run_container(spec.run_id);
  PODIUM_TRY(create_container(name, docker::run_body(spec, settings, now())));
  PODIUM_TRY(check_image(name, settings));
  return start_container(name);
}

/// The keeper holds a reference to the data volume, so from here on nobody can remove it: now is
/// the time to look whether it is still the complete one.
Result<void> DockerSandboxRuntime::make_keeper(const SandboxSpec& spec,
                                               const docker::Settings& settings) {
  const auto name = docker::keeper_container(spec.run_id);
  PODIUM_TRY(create_container(name, docker::keeper_body(spec, settings, now())));
  if (!PODIUM_TRY(data_.complete(spec.data_sha256))) {
    return fail(errors::kConflict, "the data volume was removed before the run could start");
  }
  // Plain tar, into a container that has never run anything: no program of the image is involved.
  PODIUM_TRY(api_.call({.method = "PUT",
                        .path = container_path(name, "/archive"),
                        .query = {{"path", std::string{kCodeFolder}}},
                        .body = tar_of_file("solution.py", spec.code),
                        .content_type = "application/x-tar"}));
  return start_container(name);
}

Result<void> DockerSandboxRuntime::create_container(const std::string& name, std::string body) {
  PODIUM_TRY(api_.call({.method = "POST",
                        .path = "/containers/create",
                        .query = {{"name", name}},
                        .body = std::move(body)}));
  return {};
}

Result<void> DockerSandboxRuntime::start_container(const std::string& name) {
  auto started = api_.call({.method = "POST", .path = container_path(name, "/start")});
  if (!started) return std::unexpected{started.error()};
  return {};
}

Result<void> DockerSandboxRuntime::check_image(const std::string& name,
                                               const docker::Settings& settings) {
  const auto answer = PODIUM_TRY(api_.call({.path = container_path(name, "/json")}));
  const auto container = PODIUM_TRY(docker::parse_container(answer.body));
  if (container.image_id == settings.image_id) return {};
  return fail(kSandboxRefused, std::format("the engine made the sandbox of image {}, not of {}",
                                           container.image_id, settings.image_id));
}

Result<SandboxState> DockerSandboxRuntime::inspect(std::string_view run_id) {
  const auto answer = api_.call({.path = container_path(docker::run_container(run_id), "/json")});
  if (!answer && answer.error().is(errors::kNotFound)) return SandboxState{};
  if (!answer) return std::unexpected{answer.error()};
  auto state = PODIUM_TRY(docker::parse_container(answer->body)).state;
  if (state.phase != SandboxPhase::ended) return state;
  // The keeper is never stopped by us before the output is collected: if it runs no more, the
  // engine was restarted, and the memory that held the output is gone.
  const auto keeper =
      api_.call({.path = container_path(docker::keeper_container(run_id), "/json")});
  if (!keeper && !keeper.error().is(errors::kNotFound)) return std::unexpected{keeper.error()};
  state.output_lost = true;
  if (!keeper) return state;
  const auto kept = PODIUM_TRY(docker::parse_container(keeper->body)).state;
  state.output_lost = kept.phase != SandboxPhase::running;
  return state;
}

Result<bool> DockerSandboxRuntime::wait(std::string_view run_id, std::chrono::milliseconds timeout,
                                        std::stop_token stop) {
  // A container that was made but never started would answer 0 at once: callers have started it.
  const auto answer = api_.call({.method = "POST",
                                 .path = container_path(docker::run_container(run_id), "/wait"),
                                 .query = {{"condition", "not-running"}},
                                 .total_timeout = timeout,
                                 .stop = stop});
  if (answer) return true;
  if (answer.error().is(errors::kTimeout)) return false;
  return std::unexpected{answer.error()};
}

Result<std::optional<Usage>> DockerSandboxRuntime::usage(std::string_view run_id) {
  const auto answer = api_.call({.path = container_path(docker::run_container(run_id), "/stats"),
                                 .query = {{"stream", "false"}, {"one-shot", "true"}}});
  if (!answer && answer.error().is(errors::kNotFound)) return std::nullopt;
  if (!answer) return std::unexpected{answer.error()};
  return docker::parse_stats(answer->body);
}

Result<void> DockerSandboxRuntime::kill(std::string_view run_id) {
  return done_or_ended(api_.call({.method = "POST",
                                  .path = container_path(docker::run_container(run_id), "/kill"),
                                  .query = {{"signal", "KILL"}}}));
}

Result<void> DockerSandboxRuntime::remove(std::string_view run_id) {
  PODIUM_TRY(docker::remove_container(api_, docker::run_container(run_id)));
  PODIUM_TRY(docker::remove_container(api_, docker::keeper_container(run_id)));
  PODIUM_TRY(docker::remove_volume(api_, docker::work_volume(run_id)));
  return docker::remove_volume(api_, docker::code_volume(run_id));
}

Result<std::vector<SandboxListing>> DockerSandboxRuntime::list() {
  auto found = PODIUM_TRY(docker::list_containers(api_, docker::of_kind("run", options_.stack)));
  std::ranges::move(PODIUM_TRY(docker::list_volumes(api_, docker::of_kind("run", options_.stack))),
                    std::back_inserter(found));
  std::map<std::string, SandboxListing> runs;
  for (const auto& part : found) {
    const auto run_id = part.label(docker::kRunLabel);
    if (run_id.empty()) continue;
    auto& run = runs[run_id];
    run.run_id = run_id;
    run.job_id = part.label(docker::kJobLabel);
    run.reap_after = std::max(run.reap_after, part.time(docker::kReapAfterLabel));
  }
  std::vector<SandboxListing> all;
  for (auto& [run_id, run] : runs) all.push_back(std::move(run));
  return all;
}

Result<std::vector<DataListing>> DockerSandboxRuntime::list_data() {
  return data_.list(options_.stack);
}

Result<void> DockerSandboxRuntime::remove_data(std::string_view sha256) {
  return data_.remove(sha256);
}

Result<void> DockerSandboxRuntime::clear_stale_helpers(
    const std::function<bool(std::string_view executor)>& is_alive) {
  const auto settings = PODIUM_TRY(this->settings());
  const auto probes =
      PODIUM_TRY(docker::list_containers(api_, docker::of_kind("probe", options_.stack)));
  for (const auto& probe : probes) {
    const bool overdue = now() > probe.time(docker::kReapAfterLabel);
    if (overdue) PODIUM_TRY(docker::remove_container(api_, probe.name));
  }
  return data_.clear_stale_fills(settings, is_alive);
}

}  // namespace podium::executor
