#include <gtest/gtest.h>

#include <map>

#include "libs/chassis/bus/bus.hpp"

namespace podium {
namespace {

BusOptions read(std::map<std::string, std::string, std::less<>> settings) {
  Environment environment{[&](std::string_view name) -> std::optional<std::string> {
    const auto found = settings.find(name);
    return found == settings.end() ? std::nullopt : std::optional{found->second};
  }};
  return read_bus_options(environment, "scraper");
}

TEST(BusOptions, WithoutUserTheServiceNamesTheInboxes) {
  const auto options = read({});
  EXPECT_EQ(options.url, "nats://127.0.0.1:4222");
  EXPECT_EQ(options.name, "scraper");
  EXPECT_TRUE(options.user.empty());
}

TEST(BusOptions, TheUserNamesTheInboxes) {
  const auto options = read(
      {{"NATS_URL", "nats://nats:4222"}, {"NATS_USER", "viewer"}, {"NATS_PASSWORD", "secret"}});
  EXPECT_EQ(options.url, "nats://nats:4222");
  EXPECT_EQ(options.user, "viewer");
  EXPECT_EQ(options.name, "viewer");
  EXPECT_EQ(options.password.reveal(), "secret");
}

}  // namespace
}  // namespace podium
