#include "services/notifier/adapters/http_webhook_caller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>

#include "libs/chassis/http/test_sockets.hpp"

namespace podium::notifier {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::TestListener;
using testing_support::TestSocket;

/// A receiver that takes one call and answers as told.
class Receiver {
 public:
  explicit Receiver(std::string answer)
      : thread_{[this, answer = std::move(answer)] {
          auto connection = listener_.accept();
          request_ = connection.read_http_message();
          connection.send(answer);
          connection.read_to_end();
        }} {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.port()) + "/h"; }
  std::string request() {
    thread_.join();
    return request_;
  }

 private:
  TestListener listener_;
  std::string request_;
  std::jthread thread_;
};

Result<void> call(Receiver& receiver) {
  HttpWebhookCaller caller{true};
  return caller.call({.url = receiver.url(), .body = "{}", .signature = "t=1,v1=aa"}, {});
}

std::string answer(const std::string& status, const std::string& body = {}) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

TEST(HttpWebhookCaller, PostsTheBodyWithItsSignature) {
  Receiver receiver{answer("204 No Content")};
  EXPECT_TRUE(call(receiver));
  const auto request = receiver.request();
  EXPECT_THAT(request, StartsWith("POST /h HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("Podium-Event: job.ended\r\n"));
  EXPECT_THAT(request, HasSubstr("Podium-Signature: t=1,v1=aa\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\n{}"));
}

TEST(HttpWebhookCaller, OnlyTwoHundredsAreSuccess) {
  for (const auto* status : {"302 Found", "404 Not Found", "500 Internal Server Error"}) {
    Receiver receiver{answer(status)};
    EXPECT_EQ(call(receiver).error().code->name, "WEBHOOK_FAILED") << status;
  }
  Receiver gone{answer("410 Gone")};
  EXPECT_EQ(call(gone).error().code->name, "WEBHOOK_GONE");
}

TEST(HttpWebhookCaller, ARedirectIsNotFollowed) {
  TestListener inside;
  Receiver receiver{"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:" +
                    std::to_string(inside.port()) + "/\r\nContent-Length: 0\r\n\r\n"};
  EXPECT_EQ(call(receiver).error().code->name, "WEBHOOK_FAILED");
  auto own = TestSocket::connect(inside.port());
  own.send("mine\n");
  EXPECT_EQ(inside.accept().read_until("\n"), "mine\n");
}

TEST(HttpWebhookCaller, ALongAnswerIsNotReadAndItsStatusCounts) {
  Receiver receiver{answer("200 OK", std::string(1'000'000, 'x'))};
  EXPECT_TRUE(call(receiver));
}

TEST(HttpWebhookCaller, OfAnAddressOnlyTheHostIsTold) {
  HttpWebhookCaller caller{false};
  const auto told = caller.call(
      {.url = "http://me:word@127.0.0.1:1/secret?key=1", .body = "{}", .signature = "t=1"}, {});
  EXPECT_THAT(told.error().detail, StartsWith("127.0.0.1: the name leads"));
}

TEST(HttpWebhookCaller, AnAddressInsideIsNotConnectedToUnlessAllowed) {
  TestListener inside;
  HttpWebhookCaller caller{false};
  for (const auto* host : {"127.0.0.1", "localhost", "[::1]", "0x7f000001"}) {
    const auto url = "http://" + std::string{host} + ":" + std::to_string(inside.port()) + "/";
    const auto told = caller.call({.url = url, .body = "{}", .signature = "t=1,v1=aa"}, {});
    EXPECT_EQ(told.error().code->name, "ADDRESS_REFUSED") << host;
  }
  auto own = TestSocket::connect(inside.port());
  own.send("mine\n");
  EXPECT_EQ(inside.accept().read_until("\n"), "mine\n");
}

}  // namespace
}  // namespace podium::notifier
