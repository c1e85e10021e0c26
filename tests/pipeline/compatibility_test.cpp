// What the clients of the AWS ancestor send, line by line, with stand-ins for Kaggle and the model
// and a real mail server; and what `podium doctor` says of the credentials of such a stack.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <format>
#include <regex>

#include "libs/chassis/signed_link.hpp"
#include "tests/pipeline/model_standin.hpp"
#include "tests/pipeline/small_titanic.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/mail_server.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kJobMax = 180s;
const std::string kT = "https://www.kaggle.com/competitions/titanic";
const std::string kEncodedT = "https%3A%2F%2Fwww.kaggle.com%2Fcompetitions%2Ftitanic";
const std::string kMail = "a@example.com";
/// As people reach the gateway: through a proxy that takes the prefix away.
const std::string kPublicUrl = "https://podium.example/prod";
/// As tests/pipeline/stack.cpp gives it to the services.
const Secret kLinkKey{"a key for the links of tests"};
/// Values that are found nowhere but where they belong.
const std::string kToken = KaggleStandin::token() + "-canary-0815";
const std::string kModelKey = "sk-standin-canary-0815";

/// A reply with a fenced program that leaves what `made` makes of the sample.
std::string fenced_program(const std::string& made) {
  return std::format(
      "The plan: keep it short.\n\n```python\nimport json\nimport os\nfrom pathlib import Path\n\n"
      "import pandas as pd\n\n"
      "sample = pd.read_csv(next(Path(os.environ[\"PODIUM_INPUT\"]).rglob(\"sample*.csv\")))\n"
      "{}.to_csv(\"/kaggle/working/submission.csv\", index=False)\n"
      "print(json.dumps({{\"metric\": \"accuracy\", \"value\": 0.6, \"direction\": \"maximize\", "
      "\"folds\": 5}}))\n```\nThat is all.\n",
      made);
}

json model_script() {
  const json empty = {{"text", fenced_program("sample.head(0)")}};
  const json narrow = {{"text", fenced_program("sample[[sample.columns[0]]]")}};
  return {{"rules",
           {{{"when", {{"prompt_contains", "Without Rows"}}}, {"answers", {empty}}},
            {{"when", {{"prompt_contains", "Without Columns"}}}, {"answers", {narrow}}}}},
          {"answers", {"prose_around"}}};
}

/// One stack for all tests of this file: starting it costs seconds.
class Compatibility : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    data = std::make_unique<TemporaryFolder>();
    const auto titanic = data->path() / "titanic";
    std::filesystem::create_directory(titanic);
    write_small_titanic(titanic);
    // Rows to predict and none to learn from: what the model writes is all that there is.
    for (const auto* name : {"without-rows", "without-columns"}) {
      std::filesystem::create_directory(data->path() / name);
      for (const auto* file : {"test.csv", "sample_submission.csv"}) {
        std::filesystem::copy_file(titanic / file, data->path() / name / file);
      }
    }
    // Its own, because what Kaggle has told of a competition is kept for a while.
    std::filesystem::copy(titanic, data->path() / "rules-to-accept");
    kaggle = std::make_unique<KaggleStandin>(data->path());
    models = std::make_unique<ModelStandin>(model_script());
    mail = std::make_unique<MailServerProcess>();
    auto environment = models->environment();
    environment["PODIUM_LOCAL_MODELS_KEY"] = kModelKey;
    environment.insert({{"PODIUM_OFFLINE", "0"},
                        {"PODIUM_KAGGLE_URL", kaggle->api_url()},
                        {"PODIUM_KAGGLE_STORAGE_HOSTS", kaggle->storage_host()},
                        {"PODIUM_REUSE_WINNERS", "0"},
                        {"KAGGLE_API_TOKEN", kToken},
                        {"PODIUM_PUBLIC_URL", kPublicUrl},
                        {"PODIUM_SMTP_URL", mail->url()},
                        {"PODIUM_SMTP_USER", MailServerProcess::user()},
                        {"PODIUM_SMTP_PASSWORD", MailServerProcess::password()},
                        {"PODIUM_SMTP_CA", mail->certificate()},
                        {"PODIUM_MAIL_FROM", "podium@podium.example"}});
    stack = std::make_unique<Stack>(std::move(environment));
    start_proxy();
  }
  static void TearDownTestSuite() {
    proxy.reset();
    stack.reset();
    mail.reset();
    models.reset();
    kaggle.reset();
    data.reset();
  }
  static void start_proxy() {
    proxy_port = free_port();
    ProcessOptions options;
    const std::string program = PODIUM_SOURCE_DIR "/tests/support/prefix_proxy.py";
    options.command = {"python3",   program,
                       "--port",    std::to_string(proxy_port),
                       "--gateway", stack->environment_of("gateway").at("PODIUM_HTTP_PORT")};
    options.output = stack->folder() / "proxy.log";
    proxy = std::make_unique<Process>(std::move(options));
    ASSERT_TRUE(wait_until([] { return proxy->output().contains("ready"); }, 30s));
  }

  /// A call by the proxy, as a client outside makes it.
  static HttpAnswer ask(const std::string& method, const std::string& path) {
    HttpCall call;
    call.method = method;
    call.url = std::format("http://127.0.0.1:{}{}", proxy_port, path);
    call.headers = {{"Host", "podium.example"}};
    return send_http(call).value();
  }
  static json run(const std::string& query, const std::string& prefix = "/prod") {
    const auto answer = ask("POST", prefix + "/run?" + query);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return json::parse(answer.body);
  }
  /// Nobody needs what it would find.
  static void cancel(const json& started) {
    ask("DELETE", "/prod/jobs/" + started.at("job_id").get<std::string>());
  }
  static std::vector<json> mails_of(const std::string& job) {
    auto mails = mail->mails();
    std::erase_if(mails, [&](const auto& one) {
      return one.at("headers").at("Message-ID") != std::format("<{}.ended@podium.example>", job);
    });
    return mails;
  }
  /// A job that was solved, with a mail; the first test that asks for it waits.
  static const std::string& solved_job() {
    static std::string job;
    if (!job.empty()) return job;
    job = run("url=" + kT + "&email=" + kMail + "&max_candidates=2").at("job_id");
    const auto status = stack->wait_for_end(job, kJobMax);
    EXPECT_EQ(status.at("status"), "success") << status.dump(1) << stack->logs();
    EXPECT_TRUE(wait_until([] { return !mails_of(job).empty(); }, 30s)) << stack->logs();
    return job;
  }
  static json failed_job(const std::string& name) {
    const auto started =
        run("url=https://www.kaggle.com/competitions/" + name + "&max_candidates=2&email=" + kMail);
    auto status = stack->wait_for_end(started.at("job_id"), kJobMax);
    EXPECT_EQ(status.at("status"), "failed") << status.dump(1);
    EXPECT_EQ(status.at("reason_code"), "NO_VALID_SUBMISSION") << status.dump(1);
    EXPECT_FALSE(status.at("next_step").get<std::string>().empty());
    return status;
  }

  static std::unique_ptr<TemporaryFolder> data;
  static std::unique_ptr<KaggleStandin> kaggle;
  static std::unique_ptr<ModelStandin> models;
  static std::unique_ptr<MailServerProcess> mail;
  static std::unique_ptr<Stack> stack;
  static std::unique_ptr<Process> proxy;
  static int proxy_port;
};
std::unique_ptr<TemporaryFolder> Compatibility::data;
std::unique_ptr<KaggleStandin> Compatibility::kaggle;
std::unique_ptr<ModelStandin> Compatibility::models;
std::unique_ptr<MailServerProcess> Compatibility::mail;
std::unique_ptr<Stack> Compatibility::stack;
std::unique_ptr<Process> Compatibility::proxy;
int Compatibility::proxy_port = 0;

TEST_F(Compatibility, RunWithAnAddressAndAMailIsTakenEncodedOrNotBehindAnyPrefix) {
  for (const auto* prefix : {"", "/prod", "/stage/v2"}) {
    for (const auto& address : {kT, kEncodedT}) {
      const auto started = run(std::format("url={}&email={}", address, kMail), prefix);
      EXPECT_EQ(started.at("kaggle_url"), kT);
      EXPECT_EQ(started.at("status"), "queued");
      EXPECT_TRUE(started.at("warnings").empty()) << started.dump();
      cancel(started);
    }
  }
}

TEST_F(Compatibility, AWrongDomainIs400) {
  for (const auto* address : {"https://example.com/competitions/titanic",
                              "https://www.kaggle.com.evil.example/competitions/titanic"}) {
    const auto answer = ask("POST", std::format("/prod/run?url={}&email={}", address, kMail));
    EXPECT_EQ(answer.status, 400) << address;
    EXPECT_FALSE(json::parse(answer.body).at("detail").get<std::string>().empty());
  }
}

TEST_F(Compatibility, ABadMailAddressIs400) {
  for (const auto* address : {"nobody", "a@", "a@b@example.com", "a%0d%0aBcc:b@example.com"}) {
    const auto answer = ask("POST", std::format("/prod/run?url={}&email={}", kT, address));
    EXPECT_EQ(answer.status, 400) << address;
    EXPECT_THAT(json::parse(answer.body).at("detail").get<std::string>(), Not(HasSubstr("\r")));
  }
}

TEST_F(Compatibility, TheSameIdTwiceIsOneJobAndTheSameAnswer) {
  const auto query = "url=" + kT + "&email=" + kMail + "&run_id=customer-4711";
  const auto started = run(query);
  EXPECT_EQ(run(query), started);
  EXPECT_EQ(stack->events_of(started.at("job_id"), "requested"), 1);
  cancel(started);
}

TEST_F(Compatibility, TheStoreHoldsSubmissionLogsTraceAndPlan) {
  const auto& job = solved_job();
  const std::vector<std::string> wanted = {"submission.csv", "logs.txt", "gpt_code_trace.txt",
                                           "plan.md"};
  // The report is written behind the job's end, one file after the other.
  EXPECT_TRUE(wait_until(
      [&] {
        const auto there = stack->artifacts_of(job, "");
        return std::ranges::all_of(
            wanted, [&](const auto& name) { return std::ranges::contains(there, name); });
      },
      30s))
      << ::testing::PrintToString(stack->artifacts_of(job, ""));
  EXPECT_THAT(stack->artifact(job, "", "gpt_code_trace.txt"), HasSubstr("to_csv"));
}

TEST_F(Compatibility, AFencedReplyRuns) {
  json candidate;
  EXPECT_TRUE(wait_until(
      [&] {
        const auto shown = json::parse(ask("GET", "/prod/jobs/" + solved_job()).body);
        const auto candidates = shown.value("candidates", json::array());
        if (candidates.size() == 2) candidate = candidates.at(1);
        return candidate.is_object() && candidate.at("outcome").is_string();
      },
      10s));
  EXPECT_EQ(candidate.at("generator"), "model");
  EXPECT_EQ(candidate.at("outcome"), "ok") << candidate.dump(1);
  EXPECT_THAT(stack->artifact(solved_job(), "c2", "reply.md"), HasSubstr("```"));
  EXPECT_THAT(stack->artifact(solved_job(), "c2", "solution.py"), Not(HasSubstr("```")));
}

TEST_F(Compatibility, OneMailAtTheEndHasALinkThatGivesTheFile) {
  const auto mails = mails_of(solved_job());
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].at("to"), json::array({kMail}));
  const auto text = mails[0].at("text").get<std::string>();
  std::smatch link;
  ASSERT_TRUE(std::regex_search(text, link, std::regex{R"(https://podium\.example(/prod/\S+))"}));
  const auto file = ask("GET", link[1]);
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, stack->artifact(solved_job(), "", "submission.csv"));
}

TEST_F(Compatibility, ALinkThatHasExpiredIs403) {
  const auto past = std::chrono::system_clock::now() - 1s;
  const auto link = sign_link("/result/" + solved_job() + "/submission.csv", past, kLinkKey);
  const auto answer = ask("GET", "/prod" + link);
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("expired"));
}

TEST_F(Compatibility, NoRowsEndFailedWithTheReason) {
  EXPECT_THAT(failed_job("without-rows").at("message").get<std::string>(), HasSubstr("row"));
}

TEST_F(Compatibility, OneColumnEndsFailedWithTheReason) {
  EXPECT_THAT(failed_job("without-columns").at("message").get<std::string>(), HasSubstr("column"));
}

TEST_F(Compatibility, RulesNotAcceptedNameThePageAndARetryOnceAcceptedEndsInSuccess) {
  const std::string name = "rules-to-accept";
  const std::string url = "https://www.kaggle.com/competitions/" + name;
  kaggle->change(name, {{"access", "rules_not_accepted"},
                        {"facts", {{"evaluationMetric", "Categorization Accuracy"}}}});
  const auto started = run("url=" + url + "&max_candidates=1");
  const auto job = started.at("job_id").get<std::string>();
  const auto refused = stack->wait_for_end(job, kJobMax);
  kaggle->change(name, {{"access", "entered"}});
  EXPECT_EQ(refused.at("status"), "failed");
  EXPECT_THAT(refused.at("reason_code"), AnyOf("KAGGLE_RULES", "KAGGLE_NOT_ENTERED"));
  EXPECT_THAT(refused.at("message").get<std::string>(), HasSubstr(url + "/rules"));

  const auto retried = ask("POST", "/prod/jobs/" + job + "/retry");
  ASSERT_EQ(retried.status, 201) << retried.body;
  const auto status = stack->wait_for_end(json::parse(retried.body).at("job_id"), kJobMax);
  EXPECT_EQ(status.at("status"), "success") << status.dump(1) << stack->logs();
}

TEST_F(Compatibility, NoJobGotASecondMail) {
  // Every test before has its jobs ended; what was cancelled is told, too.
  std::map<std::string, int> mails;
  for (const auto& one : mail->mails()) {
    EXPECT_EQ(++mails[one.at("headers").at("Message-ID")], 1) << one.dump(1);
  }
  EXPECT_EQ(mails_of(solved_job()).size(), 1U);
}

TEST_F(Compatibility, DoctorChecksEachCredentialAndShowsNone) {
  const auto output =
      stack->type({"doctor", "--json"},
                  {{"PODIUM_HEALTH_URLS",
                    std::format("{},{},{}", stack->health_url("scraper"),
                                stack->health_url("codegen"), stack->health_url("notifier"))}});
  std::map<std::string, json> findings;
  for (const auto& finding : json::parse(output)) findings[finding.at("part")] = finding;
  for (const auto* vendor : {"kaggle", "local", "smtp"}) {
    ASSERT_TRUE(findings.contains(vendor)) << output;
    EXPECT_EQ(findings[vendor].at("state"), "ok") << findings[vendor].dump();
    EXPECT_THAT(findings[vendor].at("detail").get<std::string>(), HasSubstr("accepted"));
  }
  EXPECT_EQ(findings["s3"].at("state"), "warning") << "not set up is a note";
  ASSERT_EQ(kaggle->calls_of("IntrospectToken"), 1);
  stack->ask_health("scraper", "/credentials").value();
  EXPECT_EQ(kaggle->calls_of("IntrospectToken"), 1) << "kept for a while";
  for (const auto& secret : {kToken, kModelKey, MailServerProcess::password()}) {
    EXPECT_THAT(output, Not(HasSubstr(secret)));
    EXPECT_THAT(stack->places_with(secret), ::testing::IsEmpty());
  }
}

}  // namespace
}  // namespace podium::testing
