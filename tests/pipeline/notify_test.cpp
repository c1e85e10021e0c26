// Telling of a job's end with the real parts: a mail server with TLS and passwords, a receiver of
// webhooks that fails before it takes, a notifier that is killed in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <format>
#include <map>
#include <mutex>
#include <regex>
#include <set>

#include "libs/chassis/http/server.hpp"
#include "libs/chassis/http/test_sockets.hpp"
#include "libs/chassis/signed_link.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/mail_server.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing_support::TestListener;
using testing_support::TestSocket;

/// As people would reach the gateway: behind a proxy that takes the prefix away.
const std::string kPublicUrl = "https://podium.example/prod";
/// As tests/pipeline/stack.cpp gives them to the services.
const Secret kLinkKey{"a key for the links of tests"};
const std::string kWebhookKey = "a key for the webhooks of tests";

/// Receives webhooks: /hook/{name} answers with what was lined up for the name, then with 204.
class Receiver {
 public:
  struct Call {
    std::string body;
    std::string signature;
  };

  Receiver() {
    server_.route("POST", "/hook/{name}", [this](const HttpRequest& request) {
      const std::scoped_lock lock{mutex_};
      const auto& name = request.parameters.at("name");
      calls_[name].push_back({request.body, request.header("podium-signature")});
      HttpResponse response;
      response.status = 204;
      auto& lined_up = answers_[name];
      if (!lined_up.empty()) {
        response.status = lined_up.front();
        lined_up.pop_front();
      }
      return response;
    });
    server_.start().value();
  }
  ~Receiver() { server_.stop(1s); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url(const std::string& name) const {
    return std::format("http://127.0.0.1:{}/hook/{}", server_.port(), name);
  }
  void line_up(const std::string& name, std::deque<int> statuses) {
    const std::scoped_lock lock{mutex_};
    answers_[name] = std::move(statuses);
  }
  std::vector<Call> calls(const std::string& name) {
    const std::scoped_lock lock{mutex_};
    return calls_[name];
  }

 private:
  HttpServer server_{{.port = 0}};
  std::mutex mutex_;
  std::map<std::string, std::deque<int>> answers_;  // guarded by mutex_
  std::map<std::string, std::vector<Call>> calls_;  // guarded by mutex_
};

/// What a receiver in Python would do: see docs/notifications.md.
bool verified_by_python(const Receiver::Call& call, const std::string& key) {
  constexpr auto kVerify = R"(
import hashlib, hmac, sys
body, header, key = sys.argv[1:]
parts = dict(part.split("=", 1) for part in header.split(","))
wanted = hmac.new(key.encode(), f"{parts['t']}.{body}".encode(), hashlib.sha256).hexdigest()
sys.exit(not hmac.compare_digest(wanted, parts["v1"]))
)";
  const TemporaryFolder folder;
  ProcessOptions options;
  options.command = {"python3", "-c", kVerify, call.body, call.signature, key};
  options.output = folder.path() / "log";
  Process python{std::move(options)};
  return python.wait(30s) == 0;
}

/// The path and query of a link, as the gateway is asked for them once the prefix is gone.
std::string path_of(const std::string& link) {
  EXPECT_TRUE(link.starts_with(kPublicUrl + "/")) << link;
  return link.substr(kPublicUrl.size());
}

class Notify : public ::testing::Test {
 protected:
  static std::map<std::string, std::string> environment(const MailServerProcess& mail) {
    return {{"PODIUM_PUBLIC_URL", kPublicUrl},
            {"PODIUM_SMTP_URL", mail.url()},
            {"PODIUM_SMTP_USER", MailServerProcess::user()},
            {"PODIUM_SMTP_PASSWORD", MailServerProcess::password()},
            {"PODIUM_SMTP_CA", mail.certificate()},
            {"PODIUM_MAIL_FROM", "podium@podium.example"},
            {"PODIUM_WEBHOOK_PRIVATE", "1"}};
  }

  /// A job that ends at once, because there is no such competition here.
  std::string run_short_job(json request) {
    request["kaggle_url"] = "https://www.kaggle.com/competitions/not-in-the-catalogue";
    return stack_.run_job(request);
  }

  MailServerProcess mail_;
  Receiver receiver_;
  Stack stack_{environment(mail_)};
};

TEST_F(Notify, AMailAndAWebhookTellOfTheEndWithALinkThatExpires) {
  const auto job = stack_.run_job({{"kaggle_url", "https://www.kaggle.com/competitions/titanic"},
                                   {"max_candidates", 1},
                                   {"email", "ada@example.com"},
                                   {"webhook", receiver_.url("ada")}});
  const auto status = stack_.wait_for_end(job, 300s);
  ASSERT_EQ(status.at("status"), "success");
  EXPECT_THAT(status.at("warnings").dump(), ::testing::Not(HasSubstr("mail")));
  ASSERT_TRUE(wait_until([&] { return !mail_.mails().empty(); }, 30s)) << stack_.logs();
  ASSERT_TRUE(wait_until([&] { return !receiver_.calls("ada").empty(); }, 30s)) << stack_.logs();

  const auto mails = mail_.mails();
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_TRUE(mails[0].at("tls"));
  EXPECT_TRUE(mails[0].at("signed_in"));
  EXPECT_THAT(mails[0].at("headers").at("Subject").get<std::string>(),
              HasSubstr("titanic success, accuracy"));
  EXPECT_EQ(mails[0].at("headers").at("Message-ID"), std::format("<{}.ended@podium.example>", job));
  const auto text = mails[0].at("text").get<std::string>();
  std::smatch link;
  ASSERT_TRUE(std::regex_search(text, link, std::regex{R"(https://\S+signature=\w+)"})) << text;

  const auto file = stack_.call("GET", "/result/" + job + "/submission.csv").value();
  const auto by_link = stack_.call("GET", path_of(link.str())).value();
  EXPECT_EQ(by_link.status, 200);
  EXPECT_EQ(by_link.body, file.body);
  const auto changed = stack_.call("GET", path_of(link.str()) + "0").value();
  EXPECT_EQ(changed.status, 403);
  EXPECT_EQ(json::parse(changed.body).at("code"), "LINK_REFUSED");
  const auto past = std::chrono::system_clock::now() - 1s;
  const auto path = "/result/" + job + "/submission.csv";
  const auto expired = stack_.call("GET", sign_link(path, past, kLinkKey)).value();
  EXPECT_EQ(expired.status, 403);
  EXPECT_THAT(json::parse(expired.body).at("detail").get<std::string>(), HasSubstr("expired"));

  const auto call = receiver_.calls("ada").at(0);
  EXPECT_TRUE(verified_by_python(call, kWebhookKey));
  EXPECT_FALSE(verified_by_python(call, "another key"));
  const auto body = json::parse(call.body);
  for (const auto* field : {"job_id", "status", "reason_code", "message", "best_candidate_id"}) {
    EXPECT_EQ(body.at(field), status.at(field)) << field;
  }
  EXPECT_EQ(body.at("score").at("value"), status.at("score").at("value"));
  const auto by_hook = stack_.call("GET", path_of(body.at("links").at("result"))).value();
  EXPECT_EQ(by_hook.body, file.body);
}

TEST_F(Notify, AReceiverThatFailsIsCalledAgainAlsoByTheNextNotifier) {
  receiver_.line_up("weak", {500, 503});
  const auto job =
      run_short_job({{"webhook", receiver_.url("weak")}, {"email", "later@example.com"}});
  EXPECT_EQ(stack_.wait_for_end(job, 60s).at("status"), "failed");
  ASSERT_TRUE(wait_until([&] { return receiver_.calls("weak").size() == 1; }, 30s));
  stack_.kill("notifier");
  stack_.start("notifier");
  ASSERT_TRUE(wait_until([&] { return receiver_.calls("weak").size() == 3; }, 90s))
      << stack_.logs();
  std::set<std::string> ids;
  for (const auto& call : receiver_.calls("weak")) {
    EXPECT_TRUE(verified_by_python(call, kWebhookKey));
    ids.insert(json::parse(call.body).at("id").get<std::string>());
  }
  EXPECT_THAT(ids, SizeIs(1));
  ASSERT_TRUE(wait_until([&] { return !mail_.mails().empty(); }, 90s)) << stack_.logs();
  EXPECT_THAT(mail_.mails()[0].at("text").get<std::string>(), HasSubstr("has ended: failed."));
}

TEST_F(Notify, WhoNeverAnswersDelaysNobody) {
  const TestListener silent;
  const auto stuck = run_short_job({{"webhook", std::format("http://127.0.0.1:{}/", silent.port())},
                                    {"email", "hang@example.com"}});
  EXPECT_EQ(stack_.wait_for_end(stuck, 20s).at("status"), "failed");
  const auto other =
      run_short_job({{"webhook", receiver_.url("other")}, {"email", "ada@example.com"}});
  EXPECT_EQ(stack_.wait_for_end(other, 20s).at("status"), "failed");
  EXPECT_TRUE(wait_until([&] { return receiver_.calls("other").size() == 1; }, 10s));
  EXPECT_TRUE(wait_until([&] { return mail_.mails().size() == 1; }, 10s));
}

TEST(NotifyInside, AWebhookThatLeadsInsideIsNotCalledAndMailWithoutAServerIsTold) {
  TestListener inside;
  Stack stack;
  json request{{"kaggle_url", "https://www.kaggle.com/competitions/not-in-the-catalogue"},
               {"email", "ada@example.com"},
               {"webhook", std::format("http://localhost:{}/", inside.port())}};
  const auto answer = stack.call("POST", "/run", request.dump()).value();
  ASSERT_EQ(answer.status, 201);
  EXPECT_THAT(json::parse(answer.body).at("warnings").dump(), HasSubstr("No mail will be sent"));
  stack.wait_for_end(json::parse(answer.body).at("job_id"), 60s);
  EXPECT_TRUE(wait_until(
      [&] { return stack.process("notifier").output().contains("ADDRESS_REFUSED"); }, 30s))
      << stack.logs();
  // The first to connect is this one: of the notifier nothing came.
  auto own = TestSocket::connect(inside.port());
  own.send("mine\n");
  EXPECT_EQ(inside.accept().read_until("\n"), "mine\n");
}

}  // namespace
}  // namespace podium::testing
