#include "services/gateway/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace podium::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Config> read(std::map<std::string, std::string, std::less<>> settings) {
  Environment environment{[&settings](std::string_view name) -> std::optional<std::string> {
    const auto found = settings.find(name);
    if (found == settings.end()) return std::nullopt;
    return found->second;
  }};
  return load_config(environment);
}

TEST(GatewayConfig, WithoutSettingsItListensOnLoopbackOnly) {
  const auto config = read({});
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->http.host, "127.0.0.1");
  EXPECT_EQ(config->http.port, 8080);
  EXPECT_EQ(config->upload_bytes_max, 2ULL << 30);
  EXPECT_TRUE(config->access.keys.empty());
}

TEST(GatewayConfig, HostNamesAreAListInLowerCase) {
  const auto config = read({{"PODIUM_HTTP_HOSTS", "Podium.example, other.example,"}});
  ASSERT_TRUE(config.has_value());
  EXPECT_THAT(config->access.hosts, ElementsAre("podium.example", "other.example"));
}

TEST(GatewayConfig, TheHostThatLinksNameIsAnsweredTo) {
  const auto config = read({{"PODIUM_PUBLIC_URL", "https://Podium.example:8443/prod"}});
  ASSERT_TRUE(config.has_value());
  EXPECT_THAT(config->access.hosts, ElementsAre("podium.example"));
  EXPECT_FALSE(read({{"PODIUM_PUBLIC_URL", "http://"}}).has_value());
}

TEST(GatewayConfig, AMailServerIsOnlyKnownToBeThere) {
  EXPECT_FALSE(read({})->sends_mail);
  EXPECT_TRUE(read({{"PODIUM_SMTP_URL", "smtp://mail.example:587"}})->sends_mail);
}

TEST(GatewayConfig, AllWrongSettingsAreReportedTogether) {
  const auto config = read({{"PODIUM_HTTP_PORT", "eighty"},
                            {"PODIUM_UPLOAD_BYTES_MAX", "much"},
                            {"PODIUM_API_KEYS_FILE", "/nonexistent/keys"}});
  ASSERT_FALSE(config.has_value());
  EXPECT_THAT(config.error().detail, HasSubstr("PODIUM_HTTP_PORT"));
  EXPECT_THAT(config.error().detail, HasSubstr("PODIUM_UPLOAD_BYTES_MAX"));
  EXPECT_THAT(config.error().detail, HasSubstr("PODIUM_API_KEYS_FILE"));
}

}  // namespace
}  // namespace podium::gateway
