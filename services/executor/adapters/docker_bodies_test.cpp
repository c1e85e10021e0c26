#include "services/executor/adapters/docker_bodies.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace podium::executor::docker {
namespace {

using Json = nlohmann::json;

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};

Settings settings() {
  return {.stack = "podium",
          .executor = "executor-1",
          .engine = "E:1",
          .image_id = "sha256:abc",
          .seccomp_profile = "{\"x\":1}",
          .runtime = ""};
}

SandboxSpec spec() {
  SandboxSpec one;
  one.run_id = "job-c1-1";
  one.job_id = "job";
  one.attempt = 2;
  one.limits.set_wall_seconds_max(60);
  one.limits.set_cpu_milli(1500);
  one.limits.set_memory_bytes_max(1'000'000'000);
  one.limits.set_pids_max(512);
  one.limits.set_scratch_bytes_max(400'000'000);
  one.slug = "titanic";
  one.data_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  one.code = "print(1)";
  one.traceparent = "00-11111111111111111111111111111111-2222222222222222-01";
  one.reap_after = kNow + std::chrono::seconds{180};
  return one;
}

// The whole body, so that nothing of what keeps a sandbox a sandbox changes unseen.
TEST(DockerBodies, TheSandboxIsAskedForExactlySo) {
  const auto expected = Json::parse(R"json({
    "Image": "sha256:abc",
    "Hostname": "sandbox",
    "User": "10001:10001",
    "WorkingDir": "/kaggle/working",
    "NetworkDisabled": true,
    "Healthcheck": {"Test": ["NONE"]},
    "Env": ["PODIUM_WALL_SECONDS=60", "PODIUM_CPUS=2", "PODIUM_INPUT=/kaggle/input/titanic",
            "PODIUM_COMPETITION=titanic",
            "TRACEPARENT=00-11111111111111111111111111111111-2222222222222222-01"],
    "Labels": {"podium": "run", "podium.stack": "podium", "podium.run": "job-c1-1",
               "podium.job": "job", "podium.engine": "E:1", "podium.executor": "executor-1",
               "podium.attempt": "2", "podium.created": "1800000000",
               "podium.reap_after": "1800000180"},
    "HostConfig": {
      "NetworkMode": "none",
      "IpcMode": "private",
      "ReadonlyRootfs": true,
      "CapDrop": ["ALL"],
      "SecurityOpt": ["no-new-privileges", "seccomp={\"x\":1}"],
      "Memory": 1400000000,
      "MemorySwap": 1400000000,
      "NanoCpus": 1500000000,
      "CpuShares": 512,
      "OomScoreAdj": 500,
      "PidsLimit": 512,
      "ShmSize": 250000000,
      "PublishAllPorts": false,
      "AutoRemove": false,
      "RestartPolicy": {"Name": "no"},
      "Tmpfs": {"/tmp": "size=100000000,nr_inodes=65536,mode=1777,noexec,nosuid,nodev"},
      "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0},
                  {"Name": "nofile", "Soft": 1024, "Hard": 1024},
                  {"Name": "fsize", "Soft": 300000000, "Hard": 300000000}],
      "LogConfig": {"Type": "local",
                    "Config": {"max-size": "4m", "max-file": "2", "compress": "false"}},
      "Mounts": [
        {"Type": "volume", "Source": "podium-job-c1-1-code", "Target": "/kaggle/code",
         "ReadOnly": true, "VolumeOptions": {"NoCopy": true}},
        {"Type": "volume", "Source": "podium-data-0123456789abcdef0123456789abcdef",
         "Target": "/kaggle/input/titanic", "ReadOnly": true, "VolumeOptions": {"NoCopy": true}},
        {"Type": "volume", "Source": "podium-job-c1-1-work", "Target": "/kaggle/working",
         "ReadOnly": false, "VolumeOptions": {"NoCopy": true}}]
    }})json");
  EXPECT_EQ(Json::parse(run_body(spec(), settings(), kNow)), expected);
}

TEST(DockerBodies, AnotherRuntimeIsAskedForByName) {
  auto with_runtime = settings();
  with_runtime.runtime = "runsc";
  const auto body = Json::parse(run_body(spec(), with_runtime, kNow));
  EXPECT_EQ(body["HostConfig"]["Runtime"], "runsc");
}

TEST(DockerBodies, TheWorkingFolderIsMemoryWithACap) {
  const auto body = Json::parse(work_volume_body(spec(), settings(), kNow));
  EXPECT_EQ(body["Name"], "podium-job-c1-1-work");
  EXPECT_EQ(body["DriverOpts"]["type"], "tmpfs");
  EXPECT_EQ(body["DriverOpts"]["o"],
            "size=300000000,nr_inodes=65536,mode=0700,uid=10001,gid=10001,noexec,nosuid,nodev");
  EXPECT_EQ(body["Labels"]["podium.run"], "job-c1-1");
}

TEST(DockerBodies, TheKeeperOnlySleepsAndMayNotWriteTheOutput) {
  const auto body = Json::parse(keeper_body(spec(), settings(), kNow));
  EXPECT_EQ(body["Entrypoint"], Json::array({"sleep", "infinity"}));
  const auto& host = body["HostConfig"];
  EXPECT_EQ(host["NetworkMode"], "none");
  EXPECT_EQ(host["CapDrop"], Json::array({"ALL"}));
  for (const auto& mount : host["Mounts"]) {
    EXPECT_EQ(mount["ReadOnly"], mount["Target"] != "/kaggle/code") << mount;
  }
}

TEST(DockerBodies, NoContainerHasAPathOfTheHostOrANetworkOrAPrivilege) {
  const std::string sha256 = spec().data_sha256;
  for (const auto& text :
       {run_body(spec(), settings(), kNow), keeper_body(spec(), settings(), kNow),
        fill_body(sha256, settings(), kNow), probe_body(settings(), kNow)}) {
    const auto host = Json::parse(text)["HostConfig"];
    for (const auto* forbidden :
         {"Binds", "Devices", "Privileged", "CapAdd", "PidMode", "VolumesFrom"}) {
      EXPECT_FALSE(host.contains(forbidden)) << forbidden;
    }
    EXPECT_EQ(host["NetworkMode"], "none");
    EXPECT_EQ(host["Memory"], host["MemorySwap"]);
    EXPECT_TRUE(host["ReadonlyRootfs"].get<bool>());
    for (const auto& mount : host.value("Mounts", Json::array())) {
      EXPECT_EQ(mount["Type"], "volume");
    }
  }
}

TEST(DockerBodies, AMarkerSpeaksForOneFillOnly) {
  const std::string sha256 = spec().data_sha256;
  const auto volume = Json::parse(data_volume_body(sha256, 42, "fill-1", settings(), kNow));
  const auto marker = Json::parse(data_marker_body(sha256, "fill-1", settings(), kNow));
  EXPECT_EQ(volume["Labels"]["podium.fill"], marker["Labels"]["podium.fill"]);
  EXPECT_EQ(volume["Labels"]["podium.sha256"], sha256);
  EXPECT_EQ(volume["Labels"]["podium.bytes"], "42");
  EXPECT_NE(volume["Name"], marker["Name"]);
}

}  // namespace
}  // namespace podium::executor::docker
