// Kaggle and the model fail at a share of their calls: nothing is lost, nobody sees it as an error
// of ours, and the metric of vendor calls tells of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <format>
#include <map>
#include <random>
#include <regex>
#include <set>

#include "tests/pipeline/model_standin.hpp"
#include "tests/pipeline/small_titanic.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kJobMax = 240s;
constexpr int kJobsAtOnce = 2;
constexpr int kCandidatesMax = 2;

/// What befalls so many of 100 calls of a competition, in equal parts and by its own chance, so
/// that it is the same in every run.
json kaggle_faults(const std::string& competition, int percent, int seed) {
  const std::vector<json> kinds = {{{"fault", "rate_limited"}, {"retry_after", 1}},
                                   {{"fault", "unavailable"}},
                                   {{"fault", "server_error"}},
                                   {{"fault", "dropped"}}};
  const double part = percent / 100.0 / static_cast<double>(kinds.size());
  json faults = json::array();
  double passed = 1;  // the share of calls that the kinds before have let pass
  for (const auto& kind : kinds) {
    auto fault = kind;
    fault["on"] = {{"competition", competition}};
    fault["share"] = part / passed;
    fault["seed"] = ++seed;
    faults.push_back(std::move(fault));
    passed -= part;
  }
  return faults;
}

/// Answers of the model of which so many of 100 are failures.
json model_script(int percent, unsigned seed) {
  const std::vector<std::string> kinds = {"rate_limited", "server_error", "unavailable", "cut",
                                          "dropped"};
  std::minstd_rand random{seed};
  std::vector<std::string> answers(97);
  for (auto& answer : answers) {
    const bool fails = static_cast<int>(random() % 100) < percent;
    answer = fails ? kinds[random() % kinds.size()] : "good_constant";
  }
  // Few are asked for: one of them is a failure in any case.
  if (percent > 0) answers.front() = kinds.front();
  return {{"answers", answers}, {"then", "cycle"}};
}

bool failed(const json& call) {
  return call.at("outcome") != "complete" || call.at("status").get<int>() >= 400;
}

int failures_of(const json& calls) {
  return static_cast<int>(std::ranges::count_if(calls, failed));
}

/// The least wait before each further try of one call, in seconds; a 429 here asks for one second.
struct Waits {
  double first;
  double factor;
  double after(const json& call, int tries) const {
    const bool is_told = call.at("status") == 429;
    return is_told ? 1.0 : first * std::pow(factor, tries - 1);
  }
};
constexpr Waits kKaggleWaits{.first = 0.5, .factor = 1.7};
// Half of it is by chance.
constexpr Waits kModelWaits{.first = 0.5, .factor = 2};

/// What is known of a call so far.
struct Tries {
  int failed = 0;
  json last;
};

/// Tries of the same call, as `name` tells them apart, wait longer each time.
template <typename Name>
void expect_growing_waits(const json& calls, const Waits& waits, const Name& name) {
  std::map<std::string, Tries> of_calls;
  for (const auto& call : calls) {
    Tries& tries = of_calls[name(call)];
    if (tries.failed > 0) {
      const double waited =
          call.at("at_seconds").get<double>() - tries.last.at("at_seconds").get<double>();
      EXPECT_GT(waited, waits.after(tries.last, tries.failed)) << tries.last.dump(1);
    }
    tries.failed = failed(call) ? tries.failed + 1 : 0;
    tries.last = call;
  }
}

class FailingVendors : public ::testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() {
    small = std::make_unique<TemporaryFolder>();
    write_small_titanic(small->path());
    kaggle = std::make_unique<KaggleStandin>();
    models = std::make_unique<ModelStandin>(model_script(0, 1));
    auto environment = models->environment();
    environment.insert({{"PODIUM_OFFLINE", "0"},
                        {"PODIUM_KAGGLE_URL", kaggle->api_url()},
                        {"PODIUM_KAGGLE_STORAGE_HOSTS", kaggle->storage_host()},
                        {"PODIUM_REUSE_WINNERS", "0"},
                        {"KAGGLE_API_TOKEN", KaggleStandin::token()}});
    stack = std::make_unique<Stack>(std::move(environment));
  }
  static void TearDownTestSuite() {
    stack.reset();
    models.reset();
    kaggle.reset();
    small.reset();
  }

  /// A competition for each job, so that each is fetched and each has its own failures.
  static std::vector<std::string> prepare(int percent) {
    std::vector<std::string> competitions;
    json faults = json::array();
    for (int number = 0; number < kJobsAtOnce; ++number) {
      const auto& name = competitions.emplace_back(std::format("titanic-{}-{}", percent, number));
      kaggle->change(name, {{"folder", small->path().string()},
                            {"facts", {{"evaluationMetric", "Categorization Accuracy"}}}});
      for (auto& fault : kaggle_faults(name, percent, 19 * percent + 10 * number)) {
        faults.push_back(std::move(fault));
      }
    }
    kaggle->fault(faults);
    models->play(model_script(percent, static_cast<unsigned>(percent)));
    return competitions;
  }

  /// What the gateway answered; every call that is made here goes through it.
  json ask(const std::string& method, const std::string& path, const json& body = nullptr) {
    const auto answer = stack->call(method, path, body.is_null() ? "" : body.dump());
    if (!answer) {
      ADD_FAILURE() << path << ": " << answer.error().text();
      return nullptr;
    }
    EXPECT_LT(answer->status, 500) << path << ": " << answer->body;
    return json::parse(answer->body);
  }
  std::vector<std::string> start_jobs(const std::vector<std::string>& competitions) {
    std::vector<std::string> jobs;
    for (const auto& name : competitions) {
      const json request = {{"kaggle_url", "https://www.kaggle.com/competitions/" + name},
                            {"max_candidates", kCandidatesMax}};
      jobs.push_back(ask("POST", "/run", request).at("job_id"));
    }
    return jobs;
  }
  void wait_for_all(const std::vector<std::string>& jobs) {
    EXPECT_TRUE(wait_until(
        [&] {
          ask("GET", "/jobs");
          ask("GET", "/health");
          return std::ranges::all_of(jobs, [&](const auto& job) {
            return !ask("GET", "/status/" + job).at("completed_at").is_null();
          });
        },
        kJobMax))
        << stack->logs();
  }
  void expect_ended_well(const std::string& job) {
    const auto status = ask("GET", "/status/" + job);
    EXPECT_EQ(status.at("status"), "success") << status.dump(1);
    EXPECT_EQ(stack->events_of(job, "ended"), 1);
    EXPECT_LE(stack->events_of(job, "draft_requested"), kCandidatesMax);
    EXPECT_EQ(stack->events_of(job, "stage_failed"), 0);
  }
  /// The vendor's calls by code, as the service that makes them counts them.
  static std::map<std::string, int> counted(const std::string& service, const std::string& vendor) {
    std::map<std::string, int> codes;
    const auto text = stack->ask_health(service, "/metrics").value().body;
    const std::regex line{
        R"re(podium_vendor_calls_total\{code="(\w+)",operation="[^"]+",vendor="()re" + vendor +
        R"re()"\} (\d+))re"};
    for (std::sregex_iterator at{text.begin(), text.end(), line}; at != std::sregex_iterator{};
         ++at) {
      codes[(*at)[1]] += std::stoi((*at)[3]);
    }
    return codes;
  }
  /// What the stand-in answered; a connection that it cut is our UNAVAILABLE.
  static std::map<std::string, int> answered(const json& requests) {
    std::map<std::string, int> codes;
    for (const auto& one : requests) {
      const bool whole = one.at("outcome") == "complete";
      ++codes[whole ? std::to_string(one.at("status").get<int>()) : "UNAVAILABLE"];
    }
    return codes;
  }

  static std::unique_ptr<TemporaryFolder> small;
  static std::unique_ptr<KaggleStandin> kaggle;
  static std::unique_ptr<ModelStandin> models;
  static std::unique_ptr<Stack> stack;
};
std::unique_ptr<TemporaryFolder> FailingVendors::small;
std::unique_ptr<KaggleStandin> FailingVendors::kaggle;
std::unique_ptr<ModelStandin> FailingVendors::models;
std::unique_ptr<Stack> FailingVendors::stack;

TEST_P(FailingVendors, EveryJobEndsOnceWithItsResultAndTheMetricTellsOfTheFailures) {
  const int kaggle_before = failures_of(kaggle->requests());
  const int models_before = failures_of(models->requests().at("requests"));
  const auto jobs = start_jobs(prepare(GetParam()));
  wait_for_all(jobs);
  for (const auto& job : jobs) expect_ended_well(job);
  EXPECT_EQ(std::set<std::string>(jobs.begin(), jobs.end()).size(), jobs.size());
  EXPECT_EQ(stack->messages("DEAD_LETTERS"), 0U);
  EXPECT_TRUE(wait_until([&] { return stack->leftovers().empty(); }, 30s))
      << ::testing::PrintToString(stack->leftovers());

  const auto of_kaggle = kaggle->requests();
  const auto of_models = models->requests().at("requests");
  EXPECT_EQ(counted("scraper", "kaggle"), answered(of_kaggle));
  EXPECT_EQ(counted("codegen", "local"), answered(of_models));
  EXPECT_GT(failures_of(of_kaggle), kaggle_before);
  EXPECT_GT(failures_of(of_models), models_before);
  expect_growing_waits(of_kaggle, kKaggleWaits, [](const json& call) {
    return call.at("competition").get<std::string>() + " " + call.at("route").get<std::string>();
  });
  expect_growing_waits(of_models, kModelWaits,
                       [](const json& call) { return call.at("body").dump(); });
}
INSTANTIATE_TEST_SUITE_P(OfAHundredCalls, FailingVendors, ::testing::Values(5, 20, 50),
                         [](const auto& percent) { return std::to_string(percent.param); });

}  // namespace
}  // namespace podium::testing
