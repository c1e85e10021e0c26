#include "libs/chassis/credential_checks.hpp"

#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace podium {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

CredentialFinding accepted(const std::stop_token&) {
  return {.state = CredentialState::accepted, .detail = "vendor answers 200"};
}

TEST(CredentialChecks, WithoutAnyAreAnEmptyList) {
  CredentialChecks checks;
  EXPECT_EQ(json::parse(checks.report("tested").body),
            json::parse(R"({"service":"tested","credentials":[]})"));
}

TEST(CredentialChecks, AreToldInTheirOrder) {
  CredentialChecks checks;
  checks.add("first", accepted);
  checks.add("second", [](const std::stop_token&) -> CredentialFinding {
    throw std::runtime_error{"sk-secret"};
  });
  const auto report = checks.report("tested");
  EXPECT_EQ(report.status, 200);
  const auto list = json::parse(report.body).at("credentials");
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0], json::parse(R"({"name":"first","state":"accepted",
                                    "detail":"vendor answers 200","next_step":""})"));
  EXPECT_EQ(list[1].at("state"), "unreachable");
  EXPECT_FALSE(report.body.contains("sk-secret"));
}

TEST(CredentialChecks, AreMadeOnceAMinuteHoweverOftenTheyAreAskedFor) {
  std::chrono::steady_clock::time_point now{1h};
  CredentialChecks checks{[&] { return now; }};
  int asked = 0;
  checks.add("counted", [&](const std::stop_token& stop) {
    ++asked;
    return accepted(stop);
  });
  const auto first = checks.report("tested").body;
  now += kCredentialsKept - 1s;
  EXPECT_EQ(checks.report("tested").body, first);
  EXPECT_EQ(asked, 1);
  now += 1s;
  checks.report("tested");
  EXPECT_EQ(asked, 2);
}

TEST(CredentialChecks, ASecondAskerIsToldToComeAgainAndAStopEndsThem) {
  CredentialChecks checks;
  std::promise<void> begun;
  checks.add("slow", [&](const std::stop_token& stop) {
    begun.set_value();
    std::promise<void> stopped;
    const std::stop_callback told{stop, [&] { stopped.set_value(); }};
    stopped.get_future().wait();
    return accepted(stop);
  });
  auto first = std::async(std::launch::async, [&] { return checks.report("tested"); });
  begun.get_future().wait();
  EXPECT_EQ(checks.report("tested").status, 503);
  checks.stop();
  EXPECT_EQ(first.get().status, 200);
}

}  // namespace
}  // namespace podium
