#include "libs/chassis/http/server.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "libs/chassis/http/server_fixture.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/trace.hpp"

namespace podium {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::TestSocket;

class Server : public testing_support::ServerFixture {};

TEST_F(Server, AnswersOverOneKeptConnection) {
  make_and_start();
  TestSocket socket = connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(socket.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"));
    const std::string answer = socket.read_http_message();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\nhello"));
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Connection: close")));
  }
}

TEST_F(Server, AnswersPipelinedRequestsInOrder) {
  make_and_start();
  TestSocket socket = connect();
  socket.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\ntwo");
  EXPECT_TRUE(socket.read_http_message().ends_with("\r\n\r\none"));
  EXPECT_TRUE(socket.read_http_message().ends_with("\r\n\r\ntwo"));
}

TEST_F(Server, GivesHandlersPathQueryHeadersAndAddress) {
  make();
  HttpRequest seen;
  server->route("PUT", "/jobs/{id}/hints/{name}", [&](const HttpRequest& request) {
    seen = request;
    return HttpResponse{};
  });
  start();
  const HttpCall call{.method = "PUT",
                      .url = url("/jobs/j-1/hints/a%20b?x=1&y=%26"),
                      .headers = {{"X-Thing", "v"}},
                      .body = "advice"};
  EXPECT_EQ(send_http(call).value().status, 200);
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.path, "/jobs/j-1/hints/a b");
  EXPECT_EQ(seen.parameters.at("id"), "j-1");
  EXPECT_EQ(seen.parameters.at("name"), "a b");
  EXPECT_EQ(seen.query_value("y"), "&");
  EXPECT_EQ(seen.query_value("z"), std::nullopt);
  EXPECT_EQ(seen.header("x-thing"), "v");
  EXPECT_EQ(seen.body, "advice");
  EXPECT_EQ(seen.remote_address, "127.0.0.1");
  EXPECT_TRUE(is_traceparent(seen.traceparent));
}

TEST_F(Server, ErrorsAreProblemsWithEveryField) {
  make_and_start();
  const HttpAnswer answer = get("/nothing/here");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  const json body = json::parse(answer.body);
  EXPECT_EQ(body["type"], "urn:podium:problem:NOT_FOUND");
  EXPECT_EQ(body["title"], errors::kNotFound.sentence);
  EXPECT_EQ(body["status"], 404);
  EXPECT_EQ(body["code"], "NOT_FOUND");
  EXPECT_EQ(body["instance"], "/nothing/here");
  EXPECT_EQ(body["trace_id"], trace_id_of(answer.headers.at("traceparent")));
  EXPECT_FALSE(body["detail"].get<std::string>().empty());
}

TEST_F(Server, AProblemOfAHandlerIsCompleted) {
  make();
  server->route("GET", "/broken", [](const HttpRequest&) {
    return problem({&errors::kUnavailable, "the broker is away"});
  });
  start();
  const HttpAnswer answer = get("/broken");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.at("retry-after"), "2");
  const json body = json::parse(answer.body);
  EXPECT_EQ(body["detail"], "the broker is away");
  EXPECT_EQ(body["instance"], "/broken");
  EXPECT_TRUE(body.contains("trace_id"));
}

TEST_F(Server, AnUnknownMethodIsToldTheKnownOnes) {
  make_and_start();
  const auto answer = send_http({.method = "DELETE", .url = url("/hello")}).value();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD");
  EXPECT_THAT(exchange("BREW /hello HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
}

TEST_F(Server, HeadIsAnsweredLikeGetWithoutTheBody) {
  make_and_start();
  TestSocket socket = connect();
  socket.send("HEAD /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string answer = socket.read_to_end();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(Server, ClosesWhenTheClientAsksOrSpeaksHttp10) {
  make_and_start();
  for (const auto* head : {"GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                           "GET /hello HTTP/1.0\r\n\r\n"}) {
    TestSocket socket = connect();
    socket.send(head);
    const std::string answer = socket.read_to_end();
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(answer.ends_with("hello"));
  }
}

TEST_F(Server, AHandlerThatThrowsIsAnInternalErrorAndTheServerLives) {
  make();
  server->route("GET", "/throws", [](const HttpRequest&) -> HttpResponse {
    throw std::runtime_error{"a secret of the inside"};
  });
  start();
  const HttpAnswer answer = get("/throws");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  EXPECT_EQ(get("/hello").status, 200);
}

TEST_F(Server, TheGateSeesEveryRequestAndMayAnswer) {
  make();
  server->set_gate([](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.header("x-key") == "right") return std::nullopt;
    return problem({&errors::kInvalid, "no key"});
  });
  start();
  EXPECT_EQ(get("/hello").status, 400);
  EXPECT_EQ(get("/nothing").status, 400);
  EXPECT_EQ(send_http({.url = url("/hello"), .headers = {{"X-Key", "right"}}}).value().status, 200);
}

TEST_F(Server, AddsASecurityPolicyToHtmlUnlessThereIsOne) {
  make();
  server->route("GET", "/page", [](const HttpRequest&) {
    return HttpResponse{.content_type = "text/html; charset=utf-8", .body = "<p>"};
  });
  server->route("GET", "/own", [](const HttpRequest&) {
    return HttpResponse{.headers = {{"content-security-policy", "default-src 'none'"}},
                        .content_type = "text/html",
                        .body = "<p>"};
  });
  start();
  EXPECT_EQ(get("/page").headers.at("content-security-policy"), "default-src 'self'");
  EXPECT_EQ(get("/own").headers.at("content-security-policy"), "default-src 'none'");
  EXPECT_FALSE(get("/hello").headers.contains("content-security-policy"));
}

TEST_F(Server, AClientThatHasTheVersionGets304) {
  make();
  server->route("GET", "/tagged", [](const HttpRequest&) {
    return HttpResponse{.headers = {{"ETag", "\"v1\""}}, .body = "{}"};
  });
  start();
  TestSocket socket = connect();
  socket.send(
      "GET /tagged HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"v1\"\r\n\r\n"
      "GET /tagged HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"v0\"\r\n\r\n");
  const std::string first = socket.read_until("\r\n\r\n");
  EXPECT_THAT(first, StartsWith("HTTP/1.1 304 "));
  EXPECT_THAT(first, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(socket.read_http_message(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Server, AHeaderOfAHandlerCannotSmuggleAnother) {
  make();
  server->route("GET", "/odd", [](const HttpRequest&) {
    return HttpResponse{.headers = {{"X-Odd", "a\r\nX-Evil: 1"}}, .body = "{}"};
  });
  start();
  EXPECT_FALSE(get("/odd").headers.contains("x-evil"));
}

TEST_F(Server, ManyClientsAtOnceAreAllAnswered) {
  make_and_start({.requests_max = 8, .streams_max = 8});
  constexpr int kClients = 16;
  constexpr int kRequests = 50;
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> clients;
    for (int client = 0; client < kClients; ++client) {
      clients.emplace_back([&, client] {
        TestSocket socket = connect();
        for (int i = 0; i < kRequests; ++i) {
          const std::string body = std::to_string(client * kRequests + i);
          socket.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body);
          answered += socket.read_http_message().ends_with("\r\n\r\n" + body) ? 1 : 0;
        }
      });
    }
  }
  EXPECT_EQ(answered, kClients * kRequests);
}

TEST_F(Server, TellsItsRoutes) {
  make();
  EXPECT_THAT(server->routes(), testing::ElementsAre("GET /hello", "POST /echo"));
}

TEST_F(Server, ATakenPortIsUnavailable) {
  make_and_start();
  HttpServer other{{.port = server->port()}};
  const auto result = other.start();
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(errors::kUnavailable));
  EXPECT_THAT(result.error().detail, HasSubstr(std::to_string(server->port())));
}

TEST_F(Server, CountsEveryAnswerByRouteMethodAndCode) {
  make();
  server->route("GET", "/counted/{id}", [](const HttpRequest&) { return HttpResponse{}; });
  start();
  get("/counted/1");
  get("/counted/2");
  server->stop(10s);
  EXPECT_THAT(metrics_text(),
              HasSubstr("podium_http_request_duration_seconds_count{code=\"200\",method=\"GET\","
                        "route=\"/counted/{id}\"} 2"));
}

TEST_F(Server, TheClientsTraceIsNotTheParentOfOurs) {
  make_and_start();
  const auto answer =
      send_http(
          {.url = url("/hello"),
           .headers = {{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}})
          .value();
  const std::string ours = answer.headers.at("traceparent");
  EXPECT_TRUE(is_traceparent(ours));
  EXPECT_NE(trace_id_of(ours), "0af7651916cd43dd8448eb211c80319c");
}

TEST_F(Server, ReadsAreRecordedOnlyForClientsThatRecordThemselves) {
  make_and_start();
  const auto traceparent_of = [&](const HttpCall& call) {
    return send_http(call).value().headers.at("traceparent");
  };
  const std::string read = traceparent_of({.url = url("/hello")});
  EXPECT_TRUE(is_traceparent(read));
  EXPECT_FALSE(is_sampled(read));
  EXPECT_TRUE(is_sampled(traceparent_of({.method = "POST", .url = url("/echo")})));
  EXPECT_TRUE(is_sampled(traceparent_of(
      {.url = url("/hello"),
       .headers = {{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}})));
}

TEST_F(Server, RoutesOfHealthMakeNoTrace) {
  make();
  server->route("GET", "/livez", [](const HttpRequest&) { return HttpResponse{}; });
  start();
  EXPECT_FALSE(get("/livez").headers.contains("traceparent"));
}

TEST_F(Server, StoppingLetsRequestsFinishAndThenClosesTheirConnection) {
  make();
  std::promise<void> arrived;
  std::promise<void> go_on;
  server->route("GET", "/slow", [&](const HttpRequest& request) {
    arrived.set_value();
    go_on.get_future().wait();
    return HttpResponse{.body = request.stop.stop_requested() ? "stopping" : "not stopping"};
  });
  start();
  TestSocket idle = connect();
  idle.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  idle.read_http_message();
  TestSocket busy = connect();
  busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { return server->stop(20s); });
  EXPECT_EQ(idle.read_to_end(), "") << "an idle connection is closed at once";
  go_on.set_value();
  const std::string answer = busy.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\nstopping"));
  EXPECT_TRUE(stopped.get());
}

TEST_F(Server, StoppingCutsWhatDoesNotFinish) {
  make();
  std::promise<void> arrived;
  std::promise<void> go_on;
  server->route("GET", "/stuck", [&](const HttpRequest&) {
    arrived.set_value();
    go_on.get_future().wait();
    return HttpResponse{};
  });
  start();
  TestSocket socket = connect();
  socket.send("GET /stuck HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  EXPECT_FALSE(server->stop(10ms));
  EXPECT_EQ(socket.read_to_end(), "");
  go_on.set_value();
}

}  // namespace
}  // namespace podium
