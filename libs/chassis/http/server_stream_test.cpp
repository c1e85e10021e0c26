// Answers that stay open, files with ranges, and uploads.
#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

#include "libs/chassis/http/server_fixture.hpp"
#include "libs/chassis/ids.hpp"

namespace podium {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::TestSocket;

class ServerStream : public testing_support::ServerFixture {
 protected:
  // Its streams use what is below.
  ~ServerStream() override { server.reset(); }

  // A stream that sends one event and then stays open until its sink says no.
  void add_event_stream() {
    server->route("GET", "/events", [this](const HttpRequest&) {
      HttpResponse response{.content_type = "text/event-stream"};
      response.stream = [this](const HttpSink& sink) {
        sink("data: first\n\n");
        std::unique_lock lock{mutex};
        while (sink("")) changed.wait_for(lock, 1ms);
        ++streams_ended;
        changed.notify_all();
      };
      return response;
    });
  }
  void wait_for_streams_ended(int count) {
    std::unique_lock lock{mutex};
    ASSERT_TRUE(changed.wait_for(lock, 20s, [&] { return streams_ended >= count; }));
  }

  std::mutex mutex;
  std::condition_variable changed;
  int streams_ended = 0;
};

constexpr std::string_view kGetEvents = "GET /events HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(ServerStream, SendsPiecesAsTheyCome) {
  make();
  add_event_stream();
  start();
  TestSocket socket = connect();
  socket.send(kGetEvents);
  const std::string head = socket.read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_EQ(socket.read_until("\n\n\r\n"), "d\r\ndata: first\n\n\r\n");
}

TEST_F(ServerStream, EndsWhenTheClientGoes) {
  make();
  add_event_stream();
  start();
  TestSocket socket = connect();
  socket.send(kGetEvents);
  socket.read_until("first");
  socket.close();
  wait_for_streams_ended(1);
}

TEST_F(ServerStream, EndsWhenTheServerStops) {
  make();
  add_event_stream();
  start();
  TestSocket socket = connect();
  socket.send(kGetEvents);
  socket.read_until("first");
  EXPECT_TRUE(server->stop(20s));
  EXPECT_TRUE(socket.read_to_end().ends_with("0\r\n\r\n"));
}

TEST_F(ServerStream, AFinishedStreamKeepsItsConnection) {
  make();
  server->route("GET", "/short", [](const HttpRequest&) {
    HttpResponse response{.content_type = "text/plain"};
    response.stream = [](const HttpSink& sink) { sink("a") && sink("bc"); };
    return response;
  });
  start();
  TestSocket socket = connect();
  for (int i = 0; i < 2; ++i) {
    socket.send("GET /short HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(socket.read_until("0\r\n\r\n").ends_with("\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"));
  }
  TestSocket old = connect();
  old.send("GET /short HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.read_to_end().ends_with("\r\n\r\nabc"));
}

TEST_F(ServerStream, BeyondItsPlacesTheServerIsBusyButStillAnswers) {
  make({.requests_max = 2, .streams_max = 2});
  add_event_stream();
  server->route("GET", "/short", [](const HttpRequest&) {
    return HttpResponse{.stream = [](const HttpSink& sink) { sink("a"); }};
  });
  start();
  TestSocket first = connect();
  TestSocket second = connect();
  for (TestSocket* socket : {&first, &second}) {
    socket->send(kGetEvents);
    socket->read_until("first");
  }
  for (const auto* path : {"/events", "/short"}) {
    const HttpAnswer busy = get(path);
    EXPECT_EQ(busy.status, 503) << path;
    EXPECT_EQ(busy.headers.at("retry-after"), "2");
  }
  EXPECT_EQ(get("/hello").status, 200);
  first.close();
  wait_for_streams_ended(1);
  // The place comes back when the worker has ended the answer, a moment later.
  while (get("/short").status == 503) std::this_thread::yield();
}

class ServerFile : public ServerStream {
 protected:
  void SetUp() override {
    for (int i = 0; i < 60'000; ++i) bytes += std::to_string(i);
    make();
    server->route("GET", "/file", [this](const HttpRequest&) {
      HttpResponse response{.headers = {{"ETag", "\"f1\""}}, .content_type = "text/csv"};
      response.content_bytes = bytes.size();
      response.content = [this](std::uint64_t offset, std::uint64_t length) -> Result<std::string> {
        return bytes.substr(offset, length);
      };
      return response;
    });
    start();
  }
  HttpAnswer get_range(std::string range, std::string only_if = "") const {
    HttpCall call{.url = url("/file"), .headers = {{"Range", std::move(range)}}};
    if (!only_if.empty()) call.headers.emplace_back("If-Range", std::move(only_if));
    return send_http(call).value();
  }

  std::string bytes;
};

TEST_F(ServerFile, IsSentWholeWithItsLength) {
  const HttpAnswer answer = get("/file");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), std::to_string(bytes.size()));
  EXPECT_EQ(answer.headers.at("accept-ranges"), "bytes");
  EXPECT_EQ(answer.body, bytes);
}

TEST_F(ServerFile, IsSentInRanges) {
  const HttpAnswer middle = get_range("bytes=70000-70009");
  EXPECT_EQ(middle.status, 206);
  EXPECT_EQ(middle.body, bytes.substr(70'000, 10));
  EXPECT_EQ(middle.headers.at("content-range"),
            "bytes 70000-70009/" + std::to_string(bytes.size()));
  EXPECT_EQ(get_range("bytes=-5").body, bytes.substr(bytes.size() - 5));
  EXPECT_EQ(get_range("bytes=100000-").body, bytes.substr(100'000));
}

TEST_F(ServerFile, SeveralRangesComeAsParts) {
  const HttpAnswer answer = get_range("bytes=0-4,10-14");
  EXPECT_EQ(answer.status, 206);
  EXPECT_THAT(answer.headers.at("content-type"), StartsWith("multipart/byteranges"));
  EXPECT_THAT(answer.body, HasSubstr(bytes.substr(0, 5)));
  EXPECT_THAT(answer.body, HasSubstr("Content-Type: text/csv"));
}

TEST_F(ServerFile, ARangeOutsideIsAProblem) {
  const HttpAnswer answer = get_range("bytes=999999999-");
  EXPECT_EQ(answer.status, 416);
  EXPECT_EQ(answer.headers.at("content-range"), "bytes */" + std::to_string(bytes.size()));
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(get("/file").status, 200);
}

TEST_F(ServerFile, ARangeThatIsNoneIsIgnored) {
  EXPECT_EQ(get_range("lines=1-2").status, 200);
  EXPECT_EQ(get_range("bytes=a-b").status, 200);
}

TEST_F(ServerFile, ARangeOfAnotherVersionGetsTheWhole) {
  EXPECT_EQ(get_range("bytes=0-4", "\"f1\"").status, 206);
  EXPECT_EQ(get_range("bytes=0-4", "\"f0\"").status, 200);
}

TEST_F(ServerFile, HeadTellsTheLength) {
  TestSocket socket = connect();
  socket.send("HEAD /file HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string answer = socket.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Content-Length: " + std::to_string(bytes.size()) + "\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ServerStream, AnEmptyFileIsAnEmptyAnswer) {
  make();
  server->route("GET", "/empty", [](const HttpRequest&) {
    HttpResponse response{.content_type = "text/csv"};
    response.content = [](std::uint64_t, std::uint64_t) -> Result<std::string> { return ""; };
    return response;
  });
  start();
  const HttpAnswer answer = get("/empty");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), "0");
  EXPECT_EQ(answer.headers.at("content-type"), "text/csv");
}

TEST_F(ServerStream, AFileThatBreaksOffClosesTheConnection) {
  make();
  server->route("GET", "/broken", [](const HttpRequest&) {
    HttpResponse response{.content_type = "text/csv", .content_bytes = 100};
    response.content = [](std::uint64_t offset, std::uint64_t) -> Result<std::string> {
      if (offset > 0) return fail(errors::kUnavailable, "the disk is gone");
      return "half";
    };
    return response;
  });
  start();
  EXPECT_TRUE(send_http({.url = url("/broken")}).error().is(errors::kUnavailable));
  EXPECT_EQ(get("/hello").status, 200);
}

class ServerUpload : public ServerStream {
 protected:
  void SetUp() override {
    make();
    server->route_upload(
        "PUT", "/archives/{name}",
        {.body_bytes_max = 64 * 1024 * 1024,
         .handle = [this](const HttpRequest& request, const HttpServer::ReadBody& read_body) {
           if (request.parameters.at("name") == "refused") {
             return problem({&errors::kInvalid, "not this one"});
           }
           Sha256 hash;
           const bool whole = read_body([&](std::string_view piece) {
             hash.update(piece);
             longest_piece = std::max(longest_piece, piece.size());
             return true;
           });
           if (!whole) return problem({&errors::kInvalid, "the client went away"});
           return HttpResponse{.status = 201, .content_type = "text/plain", .body = hash.finish()};
         }});
    start();
  }

  std::size_t longest_piece = 0;
};

TEST_F(ServerUpload, ReadsALargeBodyInPieces) {
  const std::string body(20'000'000, 'u');
  const auto answer = send_http({.method = "PUT", .url = url("/archives/a"), .body = body}).value();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, sha256_hex(body));
  EXPECT_LE(longest_piece, 64U * 1024U);
}

TEST_F(ServerUpload, KeepsTheConnectionAfterTheWholeBody) {
  TestSocket socket = connect();
  for (const std::string body : {"first", "second"}) {
    socket.send("PUT /archives/a HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(socket.read_http_message().ends_with(sha256_hex(body)));
  }
}

TEST_F(ServerUpload, AnswersBeforeTheBodyAndThenCloses) {
  TestSocket socket = connect();
  socket.send("PUT /archives/refused HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nbegin");
  const std::string answer = socket.read_to_end();
  EXPECT_EQ(status_of(answer), 400);
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
}

TEST_F(ServerUpload, TellsTheClientToGoOnOnlyWhenItWantsTheBody) {
  TestSocket wanted = connect();
  wanted.send(
      "PUT /archives/a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(wanted.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  wanted.send("body");
  EXPECT_EQ(status_of(wanted.read_http_message()), 201);
  EXPECT_EQ(status_of(exchange("PUT /archives/refused HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                               "Expect: 100-continue\r\n\r\n")),
            400);
}

TEST_F(ServerUpload, NeedsALength) {
  EXPECT_EQ(status_of(exchange("PUT /archives/a HTTP/1.1\r\nHost: h\r\n\r\n")), 411);
}

TEST_F(ServerUpload, RefusesWhatIsAboveItsLimitBeforeItComes) {
  const std::string answer =
      exchange("PUT /archives/a HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n");
  EXPECT_EQ(status_of(answer), 413);
  EXPECT_EQ(body_of(answer)["code"], "TOO_LARGE");
}

TEST_F(ServerUpload, TellsTheHandlerThatTheClientWentAway) {
  TestSocket socket = connect();
  socket.send("PUT /archives/a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf");
  socket.finish_sending();
  EXPECT_EQ(status_of(socket.read_to_end()), 400);
}

}  // namespace
}  // namespace podium
