#include "libs/chassis/http/url.hpp"

#include <gtest/gtest.h>

#include "libs/chassis/http/mail.hpp"

namespace podium {
namespace {

TEST(Url, IsTakenApart) {
  const auto url = parse_url("HTTPS://me:secret@Podium.Example:8443/prod?a=b");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "podium.example");
  EXPECT_TRUE(url->has_user);
  EXPECT_EQ(parse_url("smtp://[::1]:25")->host, "[::1]");
  EXPECT_FALSE(parse_url("smtp://mail.example:587")->has_user);
}

TEST(Url, OnlyWholeOnesOfHttpAreCalled) {
  for (const auto* good : {"http://a", "https://a.example/hook?x=1", "http://127.0.0.1:8080/"}) {
    EXPECT_TRUE(is_http_url(good)) << good;
  }
  for (const auto* bad :
       {"", "a.example", "http://", "https://a b", "https://a\r\nX: y", "ftp://a",
        "file:///etc/passwd", "gopher://a", "javascript:alert(1)", "http://ä.example"}) {
    EXPECT_FALSE(is_http_url(bad)) << bad;
  }
}

TEST(MailAddress, IsOneMailboxInAscii) {
  for (const auto* good : {"a@example.com", "ada.lovelace+kaggle@mail.example.org"}) {
    EXPECT_TRUE(is_mail_address(good)) << good;
  }
  for (const auto* bad :
       {"", "a", "a@", "@example.com", "a@example", "a@@example.com", "a@b@example.com",
        "a b@example.com", "a@example.com\r\nBcc: b@example.com", "a@example.com,b@example.com",
        "<a@example.com>", "a@.example.com", "a@example..com", "a@example.com.", "ä@example.com",
        "a\x7f@example.com"}) {
    EXPECT_FALSE(is_mail_address(bad)) << bad;
  }
  EXPECT_FALSE(is_mail_address(std::string(250, 'a') + "@b.example"));
}

}  // namespace
}  // namespace podium
