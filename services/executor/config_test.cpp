#include "services/executor/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace podium::executor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    const auto profile = testing::TempDir() + "executor-config-test-seccomp.json";
    std::ofstream{profile} << R"({"defaultAction":"SCMP_ACT_ERRNO"})";
    settings_ = {{"PODIUM_SECCOMP_PROFILE", profile}, {"PODIUM_CHECK_PROGRAM", "/bin/true"}};
  }
  Result<Config> load() {
    Environment environment{[this](std::string_view name) -> std::optional<std::string> {
      const auto found = settings_.find(std::string{name});
      return found == settings_.end() ? std::nullopt : std::optional{found->second};
    }};
    return load_config(environment);
  }
  std::map<std::string, std::string> settings_;
};

TEST_F(ConfigTest, DefaultsNeedNothingButTheProfileAndTheCheck) {
  const auto config = load();
  ASSERT_TRUE(config.has_value()) << config.error().text();
  EXPECT_EQ(config->docker.host.unix_socket, "/var/run/docker.sock");
  EXPECT_EQ(config->docker.image, "podium-sandbox:dev");
  EXPECT_THAT(config->docker.seccomp_profile, HasSubstr("SCMP_ACT_ERRNO"));
  EXPECT_THAT(config->classes, ElementsAre("cpu", "memory"));
}

TEST_F(ConfigTest, AllBadSettingsAreReportedTogether) {
  settings_["DOCKER_HOST"] = "ssh://somewhere";
  settings_["DOCKER_API_VERSION"] = "1.12";
  settings_["PODIUM_EXECUTOR_CLASSES"] = "cpu,quantum";
  settings_["PODIUM_EXECUTOR_NAME"] = "Not An Id";
  settings_["PODIUM_SECCOMP_PROFILE"] = "/nonexistent";
  settings_["PODIUM_CHECK_PROGRAM"] = "/nonexistent";
  const auto config = load();
  ASSERT_FALSE(config.has_value());
  EXPECT_TRUE(config.error().is(errors::kConfiguration));
  for (const auto& name :
       {"DOCKER_HOST", "DOCKER_API_VERSION", "PODIUM_EXECUTOR_CLASSES", "PODIUM_EXECUTOR_NAME",
        "PODIUM_SECCOMP_PROFILE", "PODIUM_CHECK_PROGRAM"}) {
    EXPECT_THAT(config.error().detail, HasSubstr(name));
  }
}

TEST_F(ConfigTest, AClassIsTakenOnce) {
  settings_["PODIUM_EXECUTOR_CLASSES"] = "memory, cpu,memory";
  EXPECT_THAT(load().value().classes, ElementsAre("memory", "cpu"));
}

TEST(Capacity, FollowsTheEngineUnlessSet) {
  const EngineFacts engine{.id = "e",
                           .version = "",
                           .runtime = "",
                           .cpus = 8,
                           .memory_bytes = 32ULL << 30,
                           .image_id = ""};
  const auto capacity = capacity_of(Config{}, engine);
  EXPECT_EQ(capacity.slots, 4);
  EXPECT_EQ(capacity.cpu_milli, 8000U);
  EXPECT_EQ(capacity.memory_bytes, 24ULL << 30);
}

TEST(Capacity, ASmallEngineHasOneSlot) {
  const EngineFacts engine{.id = "e",
                           .version = "",
                           .runtime = "",
                           .cpus = 1,
                           .memory_bytes = 4ULL << 30,
                           .image_id = ""};
  EXPECT_EQ(capacity_of(Config{}, engine).slots, 1);
}

TEST(Capacity, SettingsGoFirst) {
  Config config;
  config.slots = 3;
  config.cpus = 4;
  config.memory_bytes = 1ULL << 30;
  const EngineFacts engine{.id = "e",
                           .version = "",
                           .runtime = "",
                           .cpus = 2,
                           .memory_bytes = 4ULL << 30,
                           .image_id = ""};
  const auto capacity = capacity_of(config, engine);
  EXPECT_EQ(capacity.slots, 3);
  EXPECT_EQ(capacity.cpu_milli, 4000U);
  EXPECT_EQ(capacity.run_cpu_milli_max, 2000U);
  EXPECT_EQ(capacity.memory_bytes, 1ULL << 30);
}

}  // namespace
}  // namespace podium::executor
