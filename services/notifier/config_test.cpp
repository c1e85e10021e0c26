#include "services/notifier/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace podium::notifier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Settings = std::map<std::string, std::string, std::less<>>;

const Settings kKeys{{"PODIUM_LINK_KEY", "0123456789abcdef"},
                     {"PODIUM_WEBHOOK_KEY", "fedcba9876543210"}};

Result<Config> load(Settings settings) {
  settings.insert(kKeys.begin(), kKeys.end());
  Environment environment{[&](std::string_view name) -> std::optional<std::string> {
    const auto found = settings.find(name);
    return found == settings.end() ? std::nullopt : std::optional{found->second};
  }};
  return load_config(environment);
}

TEST(Config, KeysAreEnoughAndNoMailIsSentThen) {
  const auto config = load({});
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->mail.from, "");
  EXPECT_EQ(config->links.public_url, "http://127.0.0.1:8080");
  EXPECT_EQ(config->links.time, std::chrono::hours{24});
  EXPECT_FALSE(config->private_webhooks);
  EXPECT_EQ(webhook_options(*config).durable, "notifier-webhook");
  EXPECT_EQ(mail_options(*config).retry_delay_max, std::chrono::hours{1});
}

TEST(Config, TakesWhatIsSet) {
  const auto config = load({{"PODIUM_SMTP_URL", "smtps://mail.example:465"},
                            {"PODIUM_SMTP_USER", "podium"},
                            {"PODIUM_SMTP_PASSWORD", "secret"},
                            {"PODIUM_MAIL_FROM", "podium@mail.example"},
                            {"PODIUM_PUBLIC_URL", "https://podium.example/prod/"},
                            {"PODIUM_LINK_TIME", "2h"},
                            {"PODIUM_WEBHOOK_PRIVATE", "1"}});
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->mail_server.password.reveal(), "secret");
  EXPECT_FALSE(config->mail_server.plain_allowed);
  EXPECT_EQ(config->links.public_url, "https://podium.example/prod");
  EXPECT_EQ(config->links.time, std::chrono::hours{2});
  EXPECT_TRUE(config->private_webhooks);
}

TEST(Config, EveryBadSettingIsNamedAndNoSecretShown) {
  const auto config = load({{"PODIUM_SMTP_URL", "mail.example"},
                            {"PODIUM_MAIL_FROM", "podium"},
                            {"PODIUM_PUBLIC_URL", "podium.example"},
                            {"PODIUM_LINK_KEY", "short"},
                            {"PODIUM_LINK_TIME", "8d"},
                            {"PODIUM_WEBHOOK_KEY", ""}});
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().detail,
              AllOf(HasSubstr("PODIUM_SMTP_URL"), HasSubstr("PODIUM_MAIL_FROM"),
                    HasSubstr("PODIUM_PUBLIC_URL"), HasSubstr("PODIUM_LINK_KEY"),
                    HasSubstr("PODIUM_LINK_TIME"), HasSubstr("PODIUM_WEBHOOK_KEY"),
                    Not(HasSubstr("short "))));
}

TEST(Config, APasswordDoesNotBelongIntoTheAddressOfTheServer) {
  EXPECT_FALSE(load({{"PODIUM_SMTP_URL", "smtp://me:secret@mail.example"},
                     {"PODIUM_MAIL_FROM", "podium@mail.example"}}));
}

}  // namespace
}  // namespace podium::notifier
