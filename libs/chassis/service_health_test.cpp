#include "libs/chassis/service_health.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace podium {
namespace {

using nlohmann::json;

Result<void> good() {
  return {};
}
Result<void> bad() {
  return fail(errors::kUnavailable, "no answer");
}

TEST(ServiceHealth, IsReadyWithoutChecks) {
  ServiceHealth health{"tested"};
  const HttpResponse report = health.report();
  EXPECT_EQ(report.status, 200);
  EXPECT_EQ(json::parse(report.body),
            json::parse(R"({"service":"tested","status":"ready","checks":[]})"));
}

TEST(ServiceHealth, OneFailedCheckIsNotReadyAndAllAreListed) {
  ServiceHealth health{"tested"};
  health.add_check("bus", good);
  health.add_check("postgres", bad);
  health.add_check("store", good);
  const HttpResponse report = health.report();
  EXPECT_EQ(report.status, 503);
  const json body = json::parse(report.body);
  EXPECT_EQ(body["status"], "not_ready");
  ASSERT_EQ(body["checks"].size(), 3U);
  EXPECT_EQ(body["checks"][1], json::parse(R"({"name":"postgres","ok":false,
                                              "detail":"UNAVAILABLE: no answer"})"));
  EXPECT_EQ(body["checks"][2]["ok"], true);
}

TEST(ServiceHealth, ACheckThatThrowsHasFailed) {
  ServiceHealth health{"tested"};
  health.add_check("odd", []() -> Result<void> { throw std::runtime_error{"broke"}; });
  EXPECT_EQ(health.report().status, 503);
}

TEST(ServiceHealth, DrainingIsNotReadyWhateverTheChecksSay) {
  ServiceHealth health{"tested"};
  health.add_check("bus", good);
  health.set_draining();
  EXPECT_EQ(health.report().status, 503);
  EXPECT_EQ(json::parse(health.report().body)["status"], "draining");
}

TEST(ServiceHealth, DrainingEndsChecksOfCredentials) {
  ServiceHealth health{"tested"};
  bool stopped = false;
  health.credentials().add("vendor", [&](const std::stop_token& stop) {
    stopped = stop.stop_requested();
    return CredentialFinding{};
  });
  health.set_draining();
  health.credentials().report("tested");
  EXPECT_TRUE(stopped);
}

TEST(ServiceHealth, ReadsItsAddress) {
  Environment empty{[](std::string_view) { return std::nullopt; }};
  EXPECT_EQ(read_health_options(empty).host, "127.0.0.1");
  EXPECT_EQ(read_health_options(empty).port, 9090);
  Environment given{[](std::string_view name) -> std::optional<std::string> {
    return name == "PODIUM_HEALTH_HOST" ? "0.0.0.0" : "70000";
  }};
  EXPECT_EQ(read_health_options(given).host, "0.0.0.0");
  EXPECT_FALSE(given.check());
}

}  // namespace
}  // namespace podium
