#include "services/tracker/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace podium::tracker {
namespace {

Result<Config> load(const std::map<std::string, std::string, std::less<>>& settings) {
  Environment environment{[&](std::string_view name) -> std::optional<std::string> {
    const auto found = settings.find(name);
    return found == settings.end() ? std::nullopt : std::optional{found->second};
  }};
  return load_config(environment);
}

TEST(Config, WithoutSettingsHasTheDefaults) {
  const auto config = load({});
  ASSERT_TRUE(config.has_value()) << config.error().text();
  EXPECT_EQ(config->database.url, "postgresql://podium_tracker@127.0.0.1/podium");
  EXPECT_EQ(config->track.batch_messages_max, 256U);
  EXPECT_EQ(config->track.batch_wait, std::chrono::milliseconds{20});
  EXPECT_LT(config->database.statement_timeout + kAnswerMargin, std::chrono::seconds{10});
}

TEST(Config, TakesWhatIsSet) {
  const auto config = load({{"DATABASE_URL", "postgresql://db/podium"},
                            {"PODIUM_DATABASE_PASSWORD", "secret"},
                            {"PODIUM_TRACKER_BATCH_MAX", "16"},
                            {"PODIUM_TRACKER_BATCH_WAIT", "5ms"},
                            {"PODIUM_TRACKER_STANDBY_INTERVAL", "2s"}});
  ASSERT_TRUE(config.has_value()) << config.error().text();
  EXPECT_EQ(config->database.url, "postgresql://db/podium");
  EXPECT_EQ(config->database.password.reveal(), "secret");
  EXPECT_EQ(config->track.batch_messages_max, 16U);
  EXPECT_EQ(config->track.batch_wait, std::chrono::milliseconds{5});
  EXPECT_EQ(config->track.standby_interval, std::chrono::seconds{2});
}

TEST(Config, NamesEveryBadSetting) {
  const auto config =
      load({{"PODIUM_TRACKER_BATCH_MAX", "0"}, {"PODIUM_TRACKER_BATCH_WAIT", "soon"}});
  ASSERT_FALSE(config.has_value());
  EXPECT_THAT(config.error().detail, ::testing::HasSubstr("PODIUM_TRACKER_BATCH_MAX"));
  EXPECT_THAT(config.error().detail, ::testing::HasSubstr("PODIUM_TRACKER_BATCH_WAIT"));
}

}  // namespace
}  // namespace podium::tracker
