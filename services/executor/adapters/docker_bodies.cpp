#include "services/executor/adapters/docker_bodies.hpp"

#include <format>
#include <nlohmann/json.hpp>

#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/grant.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor::docker {
namespace {

using Json = nlohmann::json;

/// The image's user `candidate`.
constexpr std::string_view kUser = "10001:10001";
/// A sandbox yields to the services beside it: half of the usual share, first to die when the whole
/// machine is out of memory.
constexpr int kCpuShares = 512;
constexpr int kOomScoreAdjustment = 500;
constexpr std::uint64_t kKeeperMemoryBytes = 32ULL << 20;
constexpr int kKeeperPids = 8;
/// Data comes in through the page cache, which is charged to whoever writes.
constexpr std::uint64_t kFillMemoryBytes = 256ULL << 20;
/// Shared memory between the processes of one run, part of its memory.
constexpr std::uint64_t kShmShare = 4;
constexpr std::uint64_t kProbeMemoryBytes = 64ULL << 20;

std::string seconds_of(TimePoint time) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

Json common_labels(std::string_view kind, const Settings& settings, TimePoint now,
                   TimePoint reap_after) {
  return {{kKindLabel, kind},
          {kStackLabel, settings.stack},
          {kEngineLabel, settings.engine},
          {kExecutorLabel, settings.executor},
          {kCreatedLabel, seconds_of(now)},
          {kReapAfterLabel, seconds_of(reap_after)}};
}

Json run_labels(const SandboxSpec& spec, const Settings& settings, TimePoint now) {
  auto labels = common_labels("run", settings, now, spec.reap_after);
  labels[kRunLabel] = spec.run_id;
  labels[kJobLabel] = spec.job_id;
  labels[kAttemptLabel] = std::to_string(spec.attempt);
  return labels;
}

/// NoCopy: nothing of the image is copied into a volume.
Json mount(const std::string& volume, const std::string& target, bool read_only) {
  return {{"Type", "volume"},
          {"Source", volume},
          {"Target", target},
          {"ReadOnly", read_only},
          {"VolumeOptions", {{"NoCopy", true}}}};
}

std::string data_folder(const SandboxSpec& spec) {
  return std::format("{}/{}", kInputFolder, spec.slug);
}

/// What every container of ours has in common: no network, no privileges, no swap, a bounded log.
Json locked_host(std::uint64_t memory_bytes, std::uint64_t pids_max) {
  return {{"NetworkMode", "none"},
          {"IpcMode", "private"},
          {"ReadonlyRootfs", true},
          {"CapDrop", Json::array({"ALL"})},
          {"SecurityOpt", Json::array({"no-new-privileges"})},
          {"Memory", memory_bytes},
          {"MemorySwap", memory_bytes},
          {"PidsLimit", pids_max},
          {"PublishAllPorts", false},
          {"AutoRemove", false},
          {"RestartPolicy", {{"Name", "no"}}},
          {"LogConfig",
           {{"Type", "local"},
            {"Config", {{"max-size", "4m"}, {"max-file", "2"}, {"compress", "false"}}}}}};
}

Json container(const Settings& settings, Json labels, Json host) {
  return {{"Image", settings.image_id},
          {"Hostname", "sandbox"},
          {"User", kUser},
          {"NetworkDisabled", true},
          {"Healthcheck", {{"Test", Json::array({"NONE"})}}},
          {"Labels", std::move(labels)},
          {"HostConfig", std::move(host)}};
}

/// What keeps a candidate's program in: the lock above, the seccomp profile and the limits.
Json sandbox_host(const Settings& settings, const v1::RunLimits& limits) {
  const auto shares = scratch_shares(limits);
  auto host = locked_host(sandbox_memory_bytes(limits), limits.pids_max());
  host["SecurityOpt"].push_back("seccomp=" + settings.seccomp_profile);
  host["NanoCpus"] = static_cast<std::uint64_t>(limits.cpu_milli()) * 1'000'000;
  host["CpuShares"] = kCpuShares;
  host["OomScoreAdj"] = kOomScoreAdjustment;
  host["ShmSize"] = limits.memory_bytes_max() / kShmShare;
  host["Tmpfs"] = {{"/tmp", std::format("size={},nr_inodes={},mode=1777,noexec,nosuid,nodev",
                                        shares.tmp_bytes, kScratchInodesMax)}};
  const auto ulimit = [](std::string_view name, std::uint64_t most) {
    return Json{{"Name", name}, {"Soft", most}, {"Hard", most}};
  };
  host["Ulimits"] = Json::array(
      {ulimit("core", 0), ulimit("nofile", kOpenFilesMax), ulimit("fsize", shares.working_bytes)});
  if (!settings.runtime.empty()) host["Runtime"] = settings.runtime;
  return host;
}

std::string volume_body(const std::string& name, Json labels) {
  return Json{{"Name", name}, {"Driver", "local"}, {"Labels", std::move(labels)}}.dump();
}

}  // namespace

std::string run_body(const SandboxSpec& spec, const Settings& settings, TimePoint now) {
  auto host = sandbox_host(settings, spec.limits);
  host["Mounts"] = Json::array({
      mount(code_volume(spec.run_id), std::string{kCodeFolder}, true),
      mount(data_volume(spec.data_sha256), data_folder(spec), true),
      mount(work_volume(spec.run_id), std::string{kWorkingFolder}, false),
  });
  auto body = container(settings, run_labels(spec, settings, now), std::move(host));
  body["WorkingDir"] = kWorkingFolder;
  body["Env"] = Json::array({
      std::format("PODIUM_WALL_SECONDS={}", spec.limits.wall_seconds_max()),
      std::format("PODIUM_CPUS={}", cpus_of(spec.limits)),
      std::format("PODIUM_INPUT={}", data_folder(spec)),
      std::format("PODIUM_COMPETITION={}", spec.slug),
      std::format("TRACEPARENT={}", spec.traceparent),
  });
  return body.dump();
}

std::string keeper_body(const SandboxSpec& spec, const Settings& settings, TimePoint now) {
  auto host = locked_host(kKeeperMemoryBytes, kKeeperPids);
  host["Mounts"] = Json::array({
      mount(code_volume(spec.run_id), std::string{kCodeFolder}, false),
      mount(data_volume(spec.data_sha256), data_folder(spec), true),
      mount(work_volume(spec.run_id), std::string{kWorkingFolder}, true),
  });
  auto body = container(settings, run_labels(spec, settings, now), std::move(host));
  body["Entrypoint"] = Json::array({"sleep", "infinity"});
  body["StopSignal"] = "SIGKILL";
  return body.dump();
}

std::string work_volume_body(const SandboxSpec& spec, const Settings& settings, TimePoint now) {
  const auto options =
      std::format("size={},nr_inodes={},mode=0700,uid=10001,gid=10001,noexec,nosuid,nodev",
                  scratch_shares(spec.limits).working_bytes, kScratchInodesMax);
  return Json{{"Name", work_volume(spec.run_id)},
              {"Driver", "local"},
              {"DriverOpts", {{"type", "tmpfs"}, {"device", "tmpfs"}, {"o", options}}},
              {"Labels", run_labels(spec, settings, now)}}
      .dump();
}

std::string code_volume_body(const SandboxSpec& spec, const Settings& settings, TimePoint now) {
  return volume_body(code_volume(spec.run_id), run_labels(spec, settings, now));
}

std::string data_volume_body(std::string_view sha256, std::uint64_t bytes, std::string_view fill,
                             const Settings& settings, TimePoint now) {
  auto labels = common_labels("data", settings, now, now + kFillTimeMax);
  labels[kDataLabel] = sha256;
  labels[kBytesLabel] = std::to_string(bytes);
  labels[kFillLabel] = fill;
  return volume_body(data_volume(sha256), std::move(labels));
}

std::string data_marker_body(std::string_view sha256, std::string_view fill,
                             const Settings& settings, TimePoint now) {
  auto labels = common_labels("data-complete", settings, now, now + kFillTimeMax);
  labels[kDataLabel] = sha256;
  labels[kFillLabel] = fill;
  return volume_body(data_marker(sha256), std::move(labels));
}

std::string fill_body(std::string_view sha256, const Settings& settings, TimePoint now) {
  auto labels = common_labels("fill", settings, now, now + kFillTimeMax);
  labels[kDataLabel] = sha256;
  auto host = locked_host(kFillMemoryBytes, kKeeperPids);
  host["Mounts"] = Json::array({mount(data_volume(sha256), std::string{kInputFolder}, false)});
  auto body = container(settings, std::move(labels), std::move(host));
  body["Entrypoint"] = Json::array({"sync", "-f", std::string{kInputFolder}});
  return body.dump();
}

std::string probe_body(const Settings& settings, TimePoint now) {
  v1::RunLimits limits;
  limits.set_cpu_milli(kCpuMilliMin);
  limits.set_memory_bytes_max(kProbeMemoryBytes);
  limits.set_scratch_bytes_max(kScratchBytesMin);
  limits.set_pids_max(kKeeperPids);
  auto labels = common_labels("probe", settings, now, now + kEngineCallMax);
  auto body = container(settings, std::move(labels), sandbox_host(settings, limits));
  body["Cmd"] = Json::array({"true"});
  body["Env"] = Json::array({"PODIUM_WALL_SECONDS=10"});
  return body.dump();
}

}  // namespace podium::executor::docker
