#include "services/gateway/access.hpp"

#include <gtest/gtest.h>

#include "libs/chassis/ids.hpp"

namespace podium::gateway {
namespace {

HttpRequest request(std::multimap<std::string, std::string> headers, std::string path = "/jobs") {
  HttpRequest made;
  made.method = "GET";
  made.path = std::move(path);
  made.headers = std::move(headers);
  return made;
}

int status_of(const Access& access, const HttpRequest& request) {
  const auto refused = access.refuse(request);
  return refused ? refused->status : 200;
}

const Access& open_access() {
  static const Access access{{.keys = {}, .hosts = {"podium.example"}}};
  return access;
}

const Access& keyed_access() {
  static const Access access{
      {.keys = parse_api_keys("ada:0123456789abcdef\nbob:fedcba9876543210\n").value(),
       .hosts = {}}};
  return access;
}

TEST(Access, OwnHostNamesAreAnsweredWithAnyPort) {
  for (const auto* host : {"localhost", "localhost:8080", "127.0.0.1:1", "[::1]", "[::1]:8080",
                           "LocalHost", "podium.example:80"}) {
    EXPECT_EQ(status_of(open_access(), request({{"host", host}})), 200) << host;
  }
}

TEST(Access, OtherHostNamesAreRefused) {
  for (const auto* host : {"evil.example", "127.0.0.1.evil.example", "", "localhost.", "::1",
                           "evil.example:80", "[::1].evil.example"}) {
    EXPECT_EQ(status_of(open_access(), request({{"host", host}})), 400) << host;
  }
  EXPECT_EQ(status_of(open_access(), request({})), 400);
}

TEST(Access, PagesOfOtherSitesAreRefused) {
  EXPECT_EQ(status_of(open_access(),
                      request({{"host", "localhost:8080"}, {"origin", "http://evil.example"}})),
            403);
  EXPECT_EQ(status_of(open_access(), request({{"host", "localhost:8080"}, {"origin", "null"}})),
            403);
  EXPECT_EQ(status_of(open_access(),
                      request({{"host", "localhost:8080"}, {"sec-fetch-site", "cross-site"}})),
            403);
}

TEST(Access, AnotherPortOfTheSameMachineIsAnotherSite) {
  EXPECT_EQ(status_of(open_access(),
                      request({{"host", "localhost:8080"}, {"origin", "http://localhost:3000"}})),
            403);
}

TEST(Access, OwnPagesAreAnswered) {
  EXPECT_EQ(status_of(open_access(), request({{"host", "localhost:8080"},
                                              {"origin", "http://localhost:8080"},
                                              {"sec-fetch-site", "same-origin"}})),
            200);
}

TEST(Access, WithoutKeysEverybodyIsTheDefaultTenantAndSeesAll) {
  const auto caller = open_access().caller_of(request({{"host", "localhost"}}));
  EXPECT_EQ(caller.tenant, "default");
  EXPECT_EQ(caller.sees, "");
}

TEST(Access, WithKeysOneMustBeShown) {
  EXPECT_EQ(status_of(keyed_access(), request({{"host", "localhost"}})), 401);
  EXPECT_EQ(status_of(keyed_access(),
                      request({{"host", "localhost"}, {"authorization", "Bearer wrong"}})),
            401);
  EXPECT_EQ(status_of(keyed_access(), request({{"host", "localhost"},
                                               {"authorization", "Basic 0123456789abcdef"}})),
            401);
  EXPECT_EQ(status_of(keyed_access(), request({{"host", "localhost"},
                                               {"authorization", "bearer 0123456789abcdef"}})),
            200);
}

TEST(Access, HealthNeedsNoKey) {
  for (const auto* path : {"/health", "/livez", "/readyz", "/metrics", "/openapi.yaml"}) {
    EXPECT_EQ(status_of(keyed_access(), request({{"host", "localhost"}}, path)), 200) << path;
  }
}

TEST(Access, KeyNamesTheTenantWhoSeesItsOwn) {
  const auto caller = keyed_access().caller_of(
      request({{"host", "localhost"}, {"authorization", "Bearer fedcba9876543210"}}));
  EXPECT_EQ(caller.tenant, "bob");
  EXPECT_EQ(caller.sees, "bob");
}

TEST(ApiKeys, CommentsAndEmptyLinesAreLeftOut) {
  const auto keys = parse_api_keys("# keys\n\nada:0123456789abcdef\r\n");
  ASSERT_TRUE(keys.has_value());
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(keys->front().name, "ada");
  EXPECT_EQ(keys->front().sha256, sha256_hex("0123456789abcdef"));
}

TEST(ApiKeys, ShortKeysOddNamesAndTwinsAreRefused) {
  EXPECT_FALSE(parse_api_keys("ada:short").has_value());
  EXPECT_FALSE(parse_api_keys("Ada:0123456789abcdef").has_value());
  EXPECT_FALSE(parse_api_keys("0123456789abcdef").has_value());
  EXPECT_FALSE(parse_api_keys("ada:0123456789abcdef\nada:fedcba9876543210").has_value());
}

}  // namespace
}  // namespace podium::gateway
