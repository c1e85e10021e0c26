#include "libs/chassis/http/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <format>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "libs/chassis/http/test_sockets.hpp"

namespace podium {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::TestListener;
using testing_support::TestSocket;

// A peer on a thread of its own: takes one connection and says what the test wants.
class Peer {
 public:
  explicit Peer(std::function<void(TestSocket& connection)> talk) : Peer{{}, std::move(talk)} {}
  Peer(std::unique_ptr<TestListener> listener, std::function<void(TestSocket& connection)> talk)
      : listener_{listener ? std::move(listener) : std::make_unique<TestListener>()},
        thread_{[this, talk = std::move(talk)] {
          TestSocket connection = listener_->accept();
          talk(connection);
        }} {}

  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(listener_->port()) + std::string{path};
  }
  void join() { thread_.join(); }

 private:
  std::unique_ptr<TestListener> listener_;
  std::jthread thread_;
};

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// Keeps the connection until the client closes it.
void wait_for_close(TestSocket& connection) {
  connection.read_to_end();
}

TEST(HttpClient, GivesStatusHeadersAndBody) {
  std::string request;
  Peer peer{[&](TestSocket& connection) {
    request = connection.read_http_message();
    connection.send(
        "HTTP/1.1 404 Not Found\r\nX-Thing: one\r\nX-THING:  two \r\n"
        "Content-Length: 4\r\n\r\ngone");
  }};
  const auto answer = send_http({.url = peer.url("/a?b=c"), .headers = {{"X-Key", "v"}}}).value();
  peer.join();
  EXPECT_THAT(request, StartsWith("GET /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("X-Key: v\r\n"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.headers.at("x-thing"), "two");
  EXPECT_EQ(answer.body, "gone");
}

TEST(HttpClient, SendsABodyWithItsLengthAndWithoutExpect) {
  std::string request;
  Peer peer{[&](TestSocket& connection) {
    request = connection.read_http_message();
    connection.send(kOk);
  }};
  const std::string body(2'000'000, 'b');
  HttpCall call{.method = "POST", .url = peer.url("/"), .body = body};
  call.headers = {{"Content-Type", "application/json"}};
  ASSERT_TRUE(send_http(call));
  peer.join();
  EXPECT_THAT(request, HasSubstr("Content-Length: 2000000\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("Expect")));
  EXPECT_TRUE(request.ends_with("\r\n\r\n" + body));
}

TEST(HttpClient, SendsAnEmptyPostWithLengthZeroAndNoContentType) {
  std::string request;
  Peer peer{[&](TestSocket& connection) {
    request = connection.read_http_message();
    connection.send(kOk);
  }};
  ASSERT_TRUE(send_http({.method = "POST", .url = peer.url("/")}));
  peer.join();
  EXPECT_THAT(request, HasSubstr("Content-Length: 0\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("Content-Type")));
}

// Gives `bytes` once, then the end.
std::function<std::size_t(char*, std::size_t)> source_of(std::string bytes) {
  return [bytes = std::move(bytes)](char* buffer, std::size_t room) mutable {
    const std::size_t count = bytes.copy(buffer, room);
    bytes.erase(0, count);
    return count;
  };
}

TEST(HttpClient, StreamsABodyOfKnownLength) {
  std::string request;
  Peer peer{[&](TestSocket& connection) {
    request = connection.read_http_message();
    connection.send(kOk);
  }};
  HttpCall call{.method = "PUT", .url = peer.url("/archive")};
  call.body_source = source_of(std::string(300'000, 's'));
  call.body_bytes = 300'000;
  ASSERT_TRUE(send_http(call));
  peer.join();
  EXPECT_THAT(request, StartsWith("PUT /archive HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Length: 300000\r\n"));
  EXPECT_TRUE(request.ends_with(std::string(300'000, 's')));
}

TEST(HttpClient, StreamsABodyOfUnknownLengthInChunks) {
  std::string head;
  std::string body;
  Peer peer{[&](TestSocket& connection) {
    head = connection.read_until("\r\n\r\n");
    body = connection.read_until("0\r\n\r\n");
    connection.send(kOk);
  }};
  HttpCall call{.method = "POST", .url = peer.url("/")};
  call.body_source = source_of("chunky");
  ASSERT_TRUE(send_http(call));
  peer.join();
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(body, "6\r\nchunky\r\n0\r\n\r\n");
}

TEST(HttpClient, ABodySourceCanAbortItsCall) {
  Peer peer{wait_for_close};
  HttpCall call{.method = "PUT", .url = peer.url("/")};
  call.body_source = [](char*, std::size_t) { return kHttpBodyAborted; };
  call.body_bytes = 10;
  EXPECT_TRUE(send_http(call).error().is(errors::kStopped));
}

TEST(HttpClient, SpeaksOverAUnixSocket) {
  const std::string path = testing::TempDir() + "podium-client-" + std::to_string(getpid());
  std::string request;
  Peer peer{std::make_unique<TestListener>(path), [&](TestSocket& connection) {
              request = connection.read_http_message();
              connection.send(kOk);
            }};
  const auto answer = send_http({.url = "http://docker/v1.41/_ping", .unix_socket = path});
  peer.join();
  unlink(path.c_str());
  EXPECT_EQ(answer.value().body, "ok");
  EXPECT_THAT(request, StartsWith("GET /v1.41/_ping HTTP/1.1\r\nHost: docker\r\n"));
}

TEST(HttpClient, HandsPiecesOnAsTheyCome) {
  std::promise<void> first_piece_came;
  Peer peer{[&](TestSocket& connection) {
    connection.read_http_message();
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
    first_piece_came.get_future().wait();
    connection.send("6\r\nsecond\r\n0\r\n\r\n");
  }};
  std::string all;
  int heads = 0;
  HttpCall call{.url = peer.url("/")};
  call.on_headers = [&](int status, const auto& headers) {
    ++heads;
    return status == 200 && headers.contains("transfer-encoding") && all.empty();
  };
  call.on_body = [&](std::string_view piece) {
    if (all.empty()) first_piece_came.set_value();
    all += piece;
    return true;
  };
  const auto answer = send_http(call).value();
  EXPECT_EQ(all, "firstsecond");
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(heads, 1);
}

TEST(HttpClient, StopsAtOnceWhileNothingArrives) {
  std::stop_source stop;
  std::promise<void> streaming;
  Peer peer{[&](TestSocket& connection) {
    connection.read_http_message();
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    wait_for_close(connection);
  }};
  HttpCall call{.url = peer.url("/"), .total_timeout = 0ms, .stop = stop.get_token()};
  call.on_body = [&](std::string_view) {
    streaming.set_value();
    return true;
  };
  auto result = std::async(std::launch::async, [&] { return send_http(call); });
  streaming.get_future().wait();
  const auto asked = std::chrono::steady_clock::now();
  stop.request_stop();
  EXPECT_TRUE(result.get().error().is(errors::kStopped));
  // Without the wake-up it would be the second between two looks.
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 500ms);
}

TEST(HttpClient, DoesNotBeginWhenItIsToStop) {
  std::stop_source stop;
  stop.request_stop();
  const auto result = send_http({.url = "http://127.0.0.1:1/", .stop = stop.get_token()});
  EXPECT_TRUE(result.error().is(errors::kStopped));
}

TEST(HttpClient, EndsAtItsTotalTimeout) {
  Peer peer{wait_for_close};
  const auto result = send_http({.url = peer.url("/"), .total_timeout = 50ms});
  EXPECT_TRUE(result.error().is(errors::kTimeout));
  EXPECT_THAT(result.error().detail, HasSubstr("50 ms"));
}

TEST(HttpClient, EndsWhenNothingComesForTheIdleTimeout) {
  Peer peer{[](TestSocket& connection) {
    connection.read_http_message();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    wait_for_close(connection);
  }};
  const auto result = send_http({.url = peer.url("/"), .total_timeout = 0ms, .idle_timeout = 50ms});
  EXPECT_TRUE(result.error().is(errors::kTimeout));
  EXPECT_THAT(result.error().detail, HasSubstr("nothing came"));
}

TEST(HttpClient, RefusesAnAnswerAboveItsLimit) {
  Peer peer{[](TestSocket& connection) {
    connection.read_http_message();
    connection.send("HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'));
  }};
  const auto result = send_http({.url = peer.url("/"), .response_bytes_max = 50'000});
  EXPECT_TRUE(result.error().is(errors::kTooLarge));
}

TEST(HttpClient, SpeaksOnlyHttp) {
  for (const auto* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", ""}) {
    EXPECT_TRUE(send_http({.url = url}).error().is(errors::kInvalid)) << url;
  }
}

TEST(HttpClient, DoesNotFollowRedirects) {
  Peer peer{[](TestSocket& connection) {
    connection.read_http_message();
    connection.send(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
        "Content-Length: 0\r\n\r\n");
  }};
  const auto answer = send_http({.url = peer.url("/")}).value();
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.headers.at("location"), "http://127.0.0.1:1/");
}

TEST(HttpClient, TakesTheLastHeadAfterAnInterimOne) {
  Peer peer{[](TestSocket& connection) {
    connection.read_http_message();
    connection.send("HTTP/1.1 100 Continue\r\nX-Interim: yes\r\n\r\n");
    connection.send(kOk);
  }};
  int heads = 0;
  HttpCall call{.method = "POST", .url = peer.url("/"), .body = "x"};
  call.on_headers = [&](int, const auto&) { return ++heads == 1; };
  const auto answer = send_http(call).value();
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.headers.contains("x-interim"));
}

TEST(HttpClient, AReceiverThatWantsNoMoreStopsTheCall) {
  for (const bool at_the_head : {true, false}) {
    Peer peer{[](TestSocket& connection) {
      connection.read_http_message();
      connection.send(kOk);
      wait_for_close(connection);
    }};
    HttpCall call{.url = peer.url("/")};
    call.on_headers = [&](int, const auto&) { return !at_the_head; };
    call.on_body = [](std::string_view) { return false; };
    EXPECT_TRUE(send_http(call).error().is(errors::kStopped));
  }
}

TEST(HttpClient, AnExceptionOfACallbackIsAnInternalError) {
  Peer peer{[](TestSocket& connection) {
    connection.read_http_message();
    connection.send(kOk);
  }};
  HttpCall call{.url = peer.url("/")};
  call.on_body = [](std::string_view) -> bool { throw std::runtime_error{"callback broke"}; };
  const auto result = send_http(call);
  EXPECT_TRUE(result.error().is(errors::kInternal));
  EXPECT_THAT(result.error().detail, HasSubstr("callback broke"));
}

TEST(HttpClient, RefusesHeadersThatWouldSmuggleOthers) {
  for (const auto value : {"a\r\nX-Evil: 1"sv, "a\nb"sv, "a\0b"sv}) {
    const auto result =
        send_http({.url = "http://127.0.0.1:1/", .headers = {{"X", std::string{value}}}});
    EXPECT_TRUE(result.error().is(errors::kInvalid));
    EXPECT_THAT(result.error().detail, Not(HasSubstr("Evil")));
  }
  EXPECT_TRUE(send_http({.method = "GET /x HTTP/1.1\r\nX:", .url = "http://127.0.0.1:1/"})
                  .error()
                  .is(errors::kInvalid));
}

TEST(HttpClient, NobodyListeningIsUnavailable) {
  int port = 0;
  {
    port = TestListener{}.port();
  }
  const auto result = send_http({.url = "http://127.0.0.1:" + std::to_string(port) + "/"});
  EXPECT_TRUE(result.error().is(errors::kUnavailable));
  EXPECT_THAT(result.error().detail, HasSubstr(std::to_string(port)));
}

TEST(HttpClient, AnAnswerThatIsCutShortIsUnavailable) {
  for (const auto* cut : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfi"}) {
    Peer peer{[&](TestSocket& connection) {
      connection.read_http_message();
      connection.send(cut);
    }};
    EXPECT_TRUE(send_http({.url = peer.url("/")}).error().is(errors::kUnavailable)) << cut;
  }
}

TEST(HttpClient, ErrorsTellNeitherPasswordNorQuery) {
  const auto result = send_http({.url = "http://user:hunter2@127.0.0.1:1/path?key=s3cret"});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().detail, HasSubstr("127.0.0.1:1/path"));
  EXPECT_THAT(result.error().detail, Not(HasSubstr("hunter2")));
  EXPECT_THAT(result.error().detail, Not(HasSubstr("s3cret")));
}

TEST(HttpClient, TakesAProxyFromTheEnvironmentOnlyWhenAsked) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  Peer peer{[](TestSocket& connection) {
    connection.read_http_message();
    connection.send(kOk);
  }};
  EXPECT_TRUE(send_http({.url = peer.url("/")}));
  EXPECT_FALSE(send_http({.url = peer.url("/"), .proxy_from_environment = true}));
  unsetenv("http_proxy");
}

TEST(HttpClient, AskedSoItConnectsToPublicAddressesOnlyWhateverNameLeadsThere) {
  TestListener listener;
  const auto port = std::to_string(listener.port());
  for (const auto& host : {"127.0.0.1"s, "localhost"s, "127.1"s, "0x7f.1"s, "2130706433"s,
                           "[::ffff:127.0.0.1]"s, "0.0.0.0"s, "[::1]"s, "[::]"s}) {
    HttpCall call{.url = std::format("http://{}:{}/", host, port)};
    call.public_addresses_only = true;
    const auto answer = send_http(call);
    ASSERT_FALSE(answer) << host;
    EXPECT_EQ(answer.error().code->name, "ADDRESS_REFUSED") << host;
  }
  // The first to connect is this one: of the others none came so far.
  auto own = TestSocket::connect(listener.port());
  own.send("mine\n");
  EXPECT_EQ(listener.accept().read_until("\n"), "mine\n");
}

TEST(PercentEncode, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b/c?d=e&f%\xc3\xa9"), "a%20b%2Fc%3Fd%3De%26f%25%C3%A9");
}

}  // namespace
}  // namespace podium
