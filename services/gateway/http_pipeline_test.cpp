// The gateway as a stranger meets it: raw requests, foreign hosts and sites, keys, problems, and
// its own description.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "libs/chassis/http/test_sockets.hpp"
#include "services/gateway/gateway.hpp"
#include "services/gateway/testing/gateway_world.hpp"
#include "services/gateway/testing/openapi_text.hpp"

namespace podium::gateway::testing {
namespace {

using nlohmann::json;
using podium::testing_support::TestSocket;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Http : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<GatewayWorld>(); }
  static void TearDownTestSuite() { world_.reset(); }
  GatewayWorld& world() { return *world_; }

 private:
  static inline std::unique_ptr<GatewayWorld> world_;
};

std::string bodyless_run(const std::string& headers) {
  return "POST /run?url=" + std::string{kTitanic} + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
         "\r\n";
}

// A client that keeps its connection sends the second request on it, unless it was told not to.
std::vector<std::string> twice_on_one_connection(int port, const std::string& request) {
  std::vector<std::string> answers;
  auto socket = TestSocket::connect(port);
  for (int i = 0; i < 2; ++i) {
    if (i > 0 && answers.back().contains("Connection: close")) socket = TestSocket::connect(port);
    EXPECT_TRUE(socket.send(request));
    answers.push_back(socket.read_http_message());
  }
  return answers;
}

TEST_F(Http, PostWithoutBodyAndLengthIsAnsweredTwiceOnAConnection) {
  for (const auto& answer : twice_on_one_connection(world().port(), bodyless_run(""))) {
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 201")) << answer;
  }
}

TEST_F(Http, PostWithoutBodyAndLengthZeroIsAnsweredTwiceOnAConnection) {
  for (const auto& answer :
       twice_on_one_connection(world().port(), bodyless_run("Content-Length: 0\r\n"))) {
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 201")) << answer;
  }
}

TEST_F(Http, PercentEncodedAddressIsTheSame) {
  const auto answer =
      world().call("POST", "/run?url=https%3A%2F%2Fwww.kaggle.com%2Fcompetitions%2Ftitanic");
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(json::parse(answer.body).at("kaggle_url"), kTitanic);
}

TEST_F(Http, ForeignHostIs400WithADetail) {
  const auto answer = world().call("GET", "/health", "", {{"Host", "evil.example"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(json::parse(answer.body).at("code"), "HOST_REFUSED");
  EXPECT_FALSE(json::parse(answer.body).at("detail").get<std::string>().empty());
}

TEST_F(Http, PagesOfOtherSitesAre403) {
  const auto tickets = world().messages("TICKETS");
  const auto answer =
      world().call("POST", "/run?url=titanic", "", {{"Origin", "http://evil.example"}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(json::parse(answer.body).at("code"), "CROSS_SITE");
  EXPECT_EQ(world().messages("TICKETS"), tickets);
}

TEST_F(Http, EveryProblemIsOneThatMachinesRead) {
  struct Case {
    const char* method;
    const char* path;
    const char* body;
    int status;
    const char* code;
  };
  for (const auto& [method, path, body, status, code] :
       {Case{"POST", "/run", "{", 400, "REQUEST_INVALID"},
        Case{"POST", "/run", R"({"url":"https://example.com/x"})", 400, "REQUEST_INVALID"},
        Case{"POST", "/run?url=titanic&email=nobody", "", 400, "REQUEST_INVALID"},
        Case{"POST", "/run?url=titanic", R"({"url":"other"})", 400, "REQUEST_INVALID"},
        Case{"GET", "/status/x", "", 404, "JOB_UNKNOWN"},
        Case{"GET", "/nowhere", "", 404, "NOT_FOUND"},
        Case{"PATCH", "/run", "", 405, "METHOD_NOT_ALLOWED"}}) {
    const auto answer = world().call(method, path, body);
    EXPECT_EQ(answer.status, status) << method << " " << path << answer.body;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    const auto problem = json::parse(answer.body);
    EXPECT_EQ(problem.at("code"), code);
    EXPECT_EQ(problem.at("status"), status);
    EXPECT_FALSE(problem.at("title").get<std::string>().empty());
    EXPECT_FALSE(problem.at("detail").get<std::string>().empty());
    EXPECT_EQ(problem.at("trace_id").get<std::string>().size(), 32U) << answer.body;
  }
}

TEST_F(Http, BodyBeyondTheLimitIs413) {
  const auto answer = world().call("POST", "/run", std::string(100'000, ' '));
  EXPECT_EQ(answer.status, 413);
}

TEST_F(Http, DescriptionsAreServed) {
  EXPECT_EQ(world().call("GET", "/openapi.yaml").body, openapi_text());
  EXPECT_THAT(world().call("GET", "/asyncapi.yaml").body, HasSubstr("asyncapi: 3.1.0"));
  EXPECT_EQ(world().call("GET", "/livez").status, 200);
  EXPECT_THAT(world().call("GET", "/metrics").body, HasSubstr("podium_build_info"));
}

TEST_F(Http, DescriptionNamesEveryRouteAndNoOther) {
  EventPublisher publisher{world().bus(), "gateway"};
  DatabaseOptions options;
  options.url = world().postgres().url();
  options.password = Secret{"podium"};
  const auto database = Database::open(options);
  ASSERT_TRUE(database.has_value());
  Config config;
  config.schemas_folder = PODIUM_SOURCE_DIR "/schemas";
  const auto gateway = Gateway::open(config, {.bus = world().bus(),
                                              .publisher = publisher,
                                              .database = **database,
                                              .artifacts = world().artifacts(),
                                              .readiness = [] { return HttpResponse{}; }});
  ASSERT_TRUE(gateway.has_value()) << gateway.error().text();
  const auto routes = (*gateway)->routes();
  EXPECT_EQ((std::set<std::string>{routes.begin(), routes.end()}), openapi_routes());
}

TEST_F(Http, WithKeysTenantsSeeOnlyTheirOwn) {
  const auto keys = world().folder() / "keys";
  std::ofstream{keys} << "ada:0123456789abcdef\nbob:fedcba9876543210\n";
  world().start_gateway(3, {{"PODIUM_API_KEYS_FILE", keys.string()}});
  const Headers ada{{"Authorization", "Bearer 0123456789abcdef"}};
  const Headers bob{{"Authorization", "Bearer fedcba9876543210"}};
  EXPECT_EQ(world().call("GET", "/jobs", "", {}, 3).status, 401);
  EXPECT_EQ(world().call("GET", "/health", "", {}, 3).status, 200);
  const auto job_id = world().run({{"url", "titanic"}}, ada, 3).at("job_id").get<std::string>();
  EXPECT_EQ(world().call("GET", "/status/" + job_id, "", ada, 3).status, 200);
  EXPECT_EQ(world().call("GET", "/status/" + job_id, "", bob, 3).status, 404);
  EXPECT_EQ(world().call("DELETE", "/jobs/" + job_id, "", bob, 3).status, 404);
  const std::string hint = R"({"text":"mine"})";
  EXPECT_EQ(world().call("POST", "/jobs/" + job_id + "/hint", hint, bob, 3).status, 404);
  EXPECT_EQ(world().call("POST", "/jobs/" + job_id + "/retry", "", bob, 3).status, 404);
  EXPECT_EQ(world().call("GET", "/jobs/" + job_id, "", bob, 3).status, 404);
  EXPECT_EQ(world().call("GET", "/jobs/" + job_id + "/artifacts/report.md", "", bob, 3).status,
            404);
  const auto list = json::parse(world().call("GET", "/jobs", "", bob, 3).body);
  EXPECT_EQ(list.at("total"), 0);
  world().stop_gateway(3);
}

TEST_F(Http, SameKeyOfTwoTenantsAreTwoJobs) {
  const auto keys = world().folder() / "more-keys";
  std::ofstream{keys} << "ada:0123456789abcdef\nbob:fedcba9876543210\n";
  world().start_gateway(4, {{"PODIUM_API_KEYS_FILE", keys.string()}});
  const auto run_as = [&](const char* key) {
    return world()
        .run({{"url", "titanic"}, {"run_id", "same"}},
             {{"Authorization", std::string{"Bearer "} + key}}, 4)
        .at("job_id")
        .get<std::string>();
  };
  EXPECT_NE(run_as("0123456789abcdef"), run_as("fedcba9876543210"));
  world().stop_gateway(4);
}

}  // namespace
}  // namespace podium::gateway::testing
