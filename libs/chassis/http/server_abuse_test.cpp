// What clients must not be able to do. Each test says bytes that no well-behaved client sends, and
// ends with an ordinary request that is answered.
#include <gmock/gmock.h>

#include <future>
#include <vector>

#include "libs/chassis/http/server_fixture.hpp"

namespace podium {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::TestSocket;

class ServerAbuse : public testing_support::ServerFixture {
 protected:
  void TearDown() override {
    EXPECT_EQ(get("/hello").body, "hello") << "the server must still answer";
  }
  // The status of the answer, whose connection must end after it.
  int refused(std::string_view bytes) {
    TestSocket socket = connect();
    socket.send(bytes);
    const std::string answer = socket.read_to_end();
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n")) << bytes;
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/problem+json\r\n")) << bytes;
    return status_of(answer);
  }
  int refused_header(const std::string& header) {
    return refused("POST /echo HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n");
  }
};

TEST_F(ServerAbuse, TwoBodylessPostsOnOneConnectionAreBothAnswered) {
  make_and_start();
  TestSocket socket = connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        socket.send("POST /echo?url=https://www.kaggle.com/c/titanic HTTP/1.1\r\n"
                    "Host: h\r\nUser-Agent: curl/8\r\nAccept: */*\r\n\r\n"));
    EXPECT_EQ(status_of(socket.read_http_message()), 201) << "request " << i;
  }
}

TEST_F(ServerAbuse, TransferEncodingsAreRefused) {
  make_and_start();
  EXPECT_EQ(refused_header("Transfer-Encoding: chunked\r\n\r\n-2\r\n"), 411);
  EXPECT_EQ(refused_header("Transfer-Encoding: chunked\r\nContent-Length: 5"), 411);
  EXPECT_EQ(refused_header("Transfer-Encoding : chunked"), 400);
}

TEST_F(ServerAbuse, ContentEncodingsAreRefused) {
  make_and_start();
  EXPECT_EQ(refused_header("Content-Encoding: gzip\r\nContent-Length: 3"), 415);
}

TEST_F(ServerAbuse, ControlCharactersInHeadersAreRefused) {
  make_and_start();
  EXPECT_EQ(refused_header("X-A: a%0d%0aX-B: b"), 400);
  EXPECT_EQ(refused_header("X-A: a\x01"), 400);
  EXPECT_EQ(refused_header(std::string{"X-A: \0", 6}), 400);
  EXPECT_EQ(refused_header("X-A: a\nX-B: b"), 400);
}

TEST_F(ServerAbuse, PathsThatDecodeToOthersAreRefused) {
  make_and_start();
  for (const auto* path : {"/a%2Fb", "/a%00b", "/../etc/passwd", "/%2e%2e/x", "/a/./b", "/a%5cb"}) {
    EXPECT_EQ(refused("GET " + std::string{path} + " HTTP/1.1\r\nHost: h\r\n\r\n"), 400) << path;
  }
}

TEST_F(ServerAbuse, TooManyAndTooLongHeadersAreRefused) {
  make_and_start();
  std::string many = "Host: h\r\n";
  for (int i = 0; i < 100; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(refused("GET /hello HTTP/1.1\r\n" + many + "\r\n"), 431);
  EXPECT_EQ(refused_header("X: " + std::string(10'000, 'x')), 431);
  EXPECT_EQ(refused("GET /" + std::string(10'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);
}

TEST_F(ServerAbuse, AHeadWithoutEndIsCutAtItsLimit) {
  make_and_start();
  TestSocket socket = connect();
  const std::string piece(64 * 1024, 'x');
  std::size_t sent = 0;
  socket.send("GET /hello HTTP/1.1\r\nX: ");
  // Ends when the server has refused and closed; the test's time limit ends it otherwise.
  while (sent < 1'000'000'000 && socket.send(piece)) sent += piece.size();
  EXPECT_LT(sent, 1'000'000'000U);
}

TEST_F(ServerAbuse, BodiesAboveTheLimitAreRefusedUnread) {
  make_and_start({.body_bytes_max = 1'000});
  EXPECT_EQ(refused_header("Content-Length: 1001"), 413);
  EXPECT_EQ(refused_header("Content-Length: 18446744073709551615"), 413);
  const HttpCall call{.method = "POST", .url = url("/echo"), .body = std::string(1'000, 'b')};
  EXPECT_EQ(send_http(call).value().status, 201);
}

TEST_F(ServerAbuse, TwoLengthsAreRefused) {
  make_and_start();
  EXPECT_EQ(refused_header("Content-Length: 3\r\nContent-Length: 3"), 400);
  EXPECT_EQ(refused_header("Content-Length: 3\r\nContent-Length: 5"), 400);
}

TEST_F(ServerAbuse, ASmuggledSecondRequestIsBodyNotRequest) {
  make_and_start();
  TestSocket socket = connect();
  const std::string inner = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
  socket.send("POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " +
              std::to_string(inner.size()) + "\r\n\r\n" + inner);
  const std::string all = socket.read_to_end();
  EXPECT_EQ(all.find("HTTP/1.1 2"), all.rfind("HTTP/1.1 2"));
  EXPECT_TRUE(all.ends_with(inner));
}

TEST_F(ServerAbuse, OtherProtocolsAreRefused) {
  make_and_start();
  EXPECT_EQ(refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  EXPECT_EQ(refused("\x16\x03\x01\x02\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1\nHost: h\n\n"), 400);
}

TEST_F(ServerAbuse, DrippingHeadsAndBodiesDoNotHoldOthersUp) {
  make_and_start({.requests_max = 4, .streams_max = 4});
  std::vector<TestSocket> dripping;
  for (int i = 0; i < 32; ++i) {
    dripping.push_back(connect());
    dripping.back().send("GET /hello HTTP/1.1\r\nX: y");
    dripping.push_back(connect());
    dripping.back().send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\na");
  }
  for (int round = 0; round < 10; ++round) {
    for (TestSocket& socket : dripping) socket.send("z");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(get("/hello").status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  }
}

TEST_F(ServerAbuse, ARequestThatDoesNotGetFinishedTimesOut) {
  make_and_start({.read_timeout = 50ms});
  TestSocket head = connect();
  head.send("GET /hello HTTP/1.1\r\nX: y");
  EXPECT_EQ(status_of(head.read_to_end()), 408);
  TestSocket body = connect();
  body.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_EQ(status_of(body.read_to_end()), 408);
  TestSocket silent = connect();
  EXPECT_EQ(silent.read_to_end(), "");
}

TEST_F(ServerAbuse, AClientThatTakesNothingIsCutOff) {
  make({.write_timeout = 100ms});
  const auto ended = std::make_shared<std::promise<void>>();
  server->route("GET", "/endless", [ended](const HttpRequest&) {
    HttpResponse response{.content_type = "text/plain"};
    response.stream = [ended](const HttpSink& sink) {
      const std::string piece(1'000'000, 'x');
      while (sink(piece)) {
      }
      ended->set_value();
    };
    return response;
  });
  start();
  TestSocket socket = connect();
  socket.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(ended->get_future().wait_for(20s), std::future_status::ready);
}

TEST_F(ServerAbuse, BeyondTheQueueTheAnswerIsBusy) {
  make({.requests_max = 1, .streams_max = 0, .queue_max = 1});
  std::promise<void> arrived;
  std::promise<void> go_on;
  server->route("GET", "/slow", [&](const HttpRequest&) {
    arrived.set_value();
    go_on.get_future().wait();
    return HttpResponse{};
  });
  start();
  TestSocket working = connect();
  working.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  TestSocket queued = connect();
  queued.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  // The two are told apart by their answers alone: one waits, the other is refused.
  TestSocket shed = connect();
  shed.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string answer = shed.read_to_end();
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_THAT(answer, HasSubstr("Retry-After: 2\r\n"));
  EXPECT_EQ(body_of(answer)["code"], "BUSY");
  go_on.set_value();
  EXPECT_EQ(status_of(queued.read_http_message()), 200);
  EXPECT_EQ(status_of(working.read_http_message()), 200);
}

TEST_F(ServerAbuse, ConnectionsAboveTheLimitAreRefused) {
  make_and_start({.connections_max = 2});
  std::vector<TestSocket> open;
  for (int i = 0; i < 2; ++i) {
    open.push_back(connect());
    open.back().send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(open.back().read_http_message()), 200);
  }
  TestSocket more = connect();
  EXPECT_THAT(more.read_to_end(), StartsWith("HTTP/1.1 503 "));
  open.clear();
  // The server hears of the closed ones a moment later.
  while (get("/hello").status != 200) std::this_thread::yield();
}

TEST_F(ServerAbuse, AClientThatGoesAwayHarmsNobody) {
  make_and_start();
  for (int i = 0; i < 50; ++i) {
    connect().send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    connect().send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
    connect().close();
  }
  EXPECT_EQ(get("/hello").status, 200);
}

}  // namespace
}  // namespace podium
