#include "services/gateway/access.hpp"

#include <gtest/gtest.h>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/signed_link.hpp"

namespace podium::gateway {
namespace {

constexpr TimePoint kNow{std::chrono::seconds{1'700'000'000}};

HttpRequest request(std::multimap<std::string, std::string> headers, std::string path = "/jobs") {
  HttpRequest made;
  made.method = "GET";
  made.path = std::move(path);
  made.headers = std::move(headers);
  return made;
}

int status_of(const Access& access, const HttpRequest& request) {
  const auto refused = access.refuse(request, kNow);
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

// A request for what the link opens, from the page of somebody's mail.
HttpRequest by_link(const std::string& link) {
  auto made = request({{"host", "localhost"}, {"sec-fetch-site", "cross-site"}},
                      link.substr(0, link.find('?')));
  std::string_view rest = std::string_view{link}.substr(link.find('?') + 1);
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    made.query.emplace(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
  }
  return made;
}

TEST(Access, ASignedLinkOpensItsFileWithoutAKeyFromAnyPage) {
  const Secret key{"a key of sixteen bytes"};
  const auto link = sign_link("/result/j-1/submission.csv", kNow + std::chrono::hours{1}, key);
  const Access keyed{
      {.keys = parse_api_keys("ada:0123456789abcdef\n").value(), .hosts = {}, .link_key = key}};
  EXPECT_EQ(status_of(keyed, by_link(link)), 200);
  EXPECT_EQ(keyed.caller_of(by_link(link)).sees, "");

  auto elsewhere = by_link(link);
  elsewhere.path = "/result/j-2/submission.csv";
  EXPECT_EQ(status_of(keyed, elsewhere), 403);
  elsewhere.path = "/jobs/j-1";
  EXPECT_EQ(status_of(keyed, elsewhere), 403);
  elsewhere.headers.erase("sec-fetch-site");
  EXPECT_EQ(status_of(keyed, elsewhere), 401);
}

TEST(Access, ALinkThatIsExpiredOrNotWholeIsRefusedAlsoWithoutApiKeys) {
  const Secret key{"a key of sixteen bytes"};
  const Access open{{.keys = {}, .hosts = {}, .link_key = key}};
  const auto path = "/result/j-1/submission.csv";
  EXPECT_EQ(status_of(open, by_link(sign_link(path, kNow, key))), 403);
  const auto link = sign_link(path, kNow + std::chrono::hours{1}, key);
  EXPECT_EQ(status_of(open, by_link(link + "0")), 403);
  EXPECT_EQ(status_of(open, by_link(link.substr(0, link.find('&')))), 403);
  // Where no key is shared, no link can be checked.
  EXPECT_EQ(status_of(open_access(), by_link(link)), 403);
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
