#include "libs/chassis/http/request_head.hpp"

#include <gtest/gtest.h>

#include <string>

#include "libs/chassis/http/http_errors.hpp"

namespace podium::http {
namespace {

RequestHead read(std::string_view bytes) {
  return parse_request_head(bytes).value();
}

// The status that a head is refused with; 0 when it is taken.
int refused_with(std::string_view bytes) {
  const auto head = parse_request_head(bytes);
  return head ? 0 : head.error().code->http_status;
}

int target_refused_with(const std::string& target) {
  return refused_with("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
}

int header_refused_with(const std::string& header) {
  return refused_with("GET / HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n");
}

TEST(RequestHead, ReadsWhatClientsSend) {
  const RequestHead head = read(
      "POST /run?url=https%3A%2F%2Fwww.kaggle.com%2Fc%2Ftitanic&a=b+c&flag HTTP/1.1\r\n"
      "Host: localhost:8080\r\nX-Key:  value with space \r\nContent-Length: 12\r\n\r\n");
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/run");
  EXPECT_EQ(head.query.find("url")->second, "https://www.kaggle.com/c/titanic");
  EXPECT_EQ(head.query.find("a")->second, "b c");
  EXPECT_EQ(head.query.find("flag")->second, "");
  EXPECT_EQ(head.header("x-key"), "value with space");
  EXPECT_EQ(head.header("absent"), "");
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_FALSE(head.wants_close);
}

TEST(RequestHead, TakesAnUnescapedUrlInTheQuery) {
  const RequestHead head =
      read("POST /run?url=https://www.kaggle.com/competitions/titanic HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(head.query.find("url")->second, "https://www.kaggle.com/competitions/titanic");
  EXPECT_FALSE(head.content_length);
}

TEST(RequestHead, KnowsWhenTheConnectionEnds) {
  EXPECT_TRUE(read("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n").wants_close);
  EXPECT_TRUE(read("GET / HTTP/1.0\r\n\r\n").wants_close);
  EXPECT_TRUE(read("GET / HTTP/1.0\r\n\r\n").is_http_1_0);
  EXPECT_TRUE(read("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n").expects_continue);
}

TEST(RequestHead, DecodesThePathOnce) {
  EXPECT_EQ(read("GET /a%20b/%C3%A9/%2541 HTTP/1.1\r\nHost: h\r\n\r\n").path, "/a b/\xC3\xA9/%41");
}

TEST(RequestHead, RefusesPathsThatMeanSomethingElseAfterDecoding) {
  for (const auto* target : {"/a%2Fb", "/a%2fb", "/a%5Cb", "/a\\b", "/a%00b", "/a%0Ab", "/..",
                             "/a/../b", "/a/%2e%2E/b", "/./a", "/a/%2e", "/%zz", "/%4", "/a%7f"}) {
    EXPECT_EQ(target_refused_with(target), 400) << target;
  }
}

TEST(RequestHead, RefusesTargetsOfOtherForms) {
  for (const auto* target : {"http://h/a", "*", "a", "/a#b", "/\xC3\xA9", "/a\tb", ""}) {
    EXPECT_EQ(target_refused_with(target), 400) << target;
  }
  EXPECT_EQ(target_refused_with("/?a=%00"), 400);
  EXPECT_EQ(target_refused_with("/?a=%g1"), 400);
  EXPECT_EQ(target_refused_with("/" + std::string(kTargetBytesMax, 'a')), 414);
}

TEST(RequestHead, RefusesTransferAndContentEncodings) {
  EXPECT_EQ(header_refused_with("Transfer-Encoding: chunked"), 411);
  EXPECT_EQ(header_refused_with("Transfer-Encoding: identity"), 411);
  EXPECT_EQ(header_refused_with("transfer-ENCODING:xchunked\r\nContent-Length: 3"), 411);
  EXPECT_EQ(header_refused_with("Content-Encoding: gzip"), 415);
  EXPECT_EQ(header_refused_with("Content-Encoding: identity\r\nContent-Encoding: br"), 415);
  EXPECT_EQ(header_refused_with("Content-Encoding: identity"), 0);
}

TEST(RequestHead, RefusesControlCharactersInHeadersAlsoWhenTheyAreEscaped) {
  for (const std::string header :
       {"X: a\x01", "X: a\x7F", "X: a%0d%0aY: b", "X: a%0A", "X: a%00", "X: a\rb"}) {
    EXPECT_EQ(header_refused_with(header), 400) << header;
  }
  EXPECT_EQ(header_refused_with(std::string{"X: a\0b", 6}), 400);
  EXPECT_EQ(header_refused_with("X: tab\tinside"), 0);
  EXPECT_EQ(header_refused_with("X: 100%20"), 0);
}

TEST(RequestHead, RefusesHeadersThatAreReadInTwoWays) {
  for (const auto* header :
       {"Content-Length: 3\r\nContent-Length: 3", "Content-Length: +3", "Content-Length: 3, 3",
        "Content-Length: -1", "Content-Length: ", "Content-Length: 99999999999999999999",
        "Host: other", "X : space before the colon", ": no name", "no colon", " folded: line",
        "X: a\r\n folded"}) {
    EXPECT_EQ(header_refused_with(header), 400) << header;
  }
  EXPECT_EQ(refused_with("GET / HTTP/1.1\r\n\r\n"), 400) << "without Host";
}

TEST(RequestHead, RefusesTooManyOrTooLongHeaders) {
  std::string many;
  for (std::size_t i = 0; i + 1 < kHeadersMax; ++i) many += "X: y\r\n";
  EXPECT_EQ(refused_with("GET / HTTP/1.1\r\nHost: h\r\n" + many + "\r\n"), 0);
  EXPECT_EQ(refused_with("GET / HTTP/1.1\r\nHost: h\r\n" + many + "X: y\r\n\r\n"), 431);
  EXPECT_EQ(header_refused_with("X: " + std::string(kHeaderLineBytesMax, 'x')), 431);
  EXPECT_EQ(refused_with(std::string(kHeadBytesMax + 1, 'x')), 431);
}

TEST(RequestHead, RefusesBrokenLines) {
  for (const auto* bytes :
       {"GET / HTTP/1.1\nHost: h\n\n", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", "GET /\r\n\r\n",
        "GET  HTTP/1.1\r\nHost: h\r\n\r\n", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n", "", "\x16\x03\x01"}) {
    EXPECT_EQ(refused_with(bytes), 400) << bytes;
  }
  EXPECT_EQ(refused_with("PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(refused_with("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), 505);
}

TEST(PercentDecode, KnowsBothForms) {
  EXPECT_EQ(percent_decode("a+b%2Bc", false), "a+b+c");
  EXPECT_EQ(percent_decode("a+b%2Bc", true), "a b+c");
  EXPECT_EQ(percent_decode("%", false), std::nullopt);
  EXPECT_EQ(percent_decode("%1", false), std::nullopt);
  EXPECT_EQ(percent_decode("%00", false), std::nullopt);
}

}  // namespace
}  // namespace podium::http
