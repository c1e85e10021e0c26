// One trace per job through the services and the sandbox run, as a real Jaeger tells it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/pipeline/docker.hpp"
#include "tests/pipeline/jaeger.hpp"
#include "tests/pipeline/stack.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

using Edge = std::pair<std::string, std::string>;

/// Service-to-service edges: parent's service to child's service.
std::set<Edge> edges_of(const json& trace) {
  std::map<std::string, std::string> service_of_span;
  const auto service = [&](const json& span) {
    return trace.at("processes")
        .at(span.at("processID").get<std::string>())
        .at("serviceName")
        .get<std::string>();
  };
  for (const auto& span : trace.at("spans")) {
    service_of_span[span.at("spanID").get<std::string>()] = service(span);
  }
  std::set<Edge> edges;
  for (const auto& span : trace.at("spans")) {
    for (const auto& reference : span.at("references")) {
      if (reference.at("refType") != "CHILD_OF") continue;
      const auto parent = service_of_span.find(reference.at("spanID").get<std::string>());
      if (parent != service_of_span.end()) edges.emplace(parent->second, service(span));
    }
  }
  return edges;
}

/// Spans whose parent is not in the trace, other than its root.
int orphans_of(const json& trace) {
  std::set<std::string> known;
  for (const auto& span : trace.at("spans")) known.insert(span.at("spanID").get<std::string>());
  int orphans = 0;
  for (const auto& span : trace.at("spans")) {
    for (const auto& reference : span.at("references")) {
      const bool child = reference.at("refType") == "CHILD_OF";
      if (child && !known.contains(reference.at("spanID").get<std::string>())) ++orphans;
    }
  }
  return orphans;
}

const std::set<Edge> kWantedEdges = {
    {"podium-gateway", "podium-scraper"},  {"podium-gateway", "podium-codegen"},
    {"podium-scraper", "podium-codegen"},  {"podium-codegen", "podium-executor"},
    {"podium-executor", "podium-codegen"}, {"podium-codegen", "podium-tracker"},
    {"podium-codegen", "podium-notifier"},
};

const std::set<std::string> kWantedSpans = {"POST /run", "execute_tool sandbox"};

std::set<std::string> names_of(const json& trace) {
  std::set<std::string> names;
  for (const auto& span : trace.at("spans")) names.insert(span.at("operationName"));
  return names;
}

bool is_whole(const json& trace) {
  return trace.contains("spans") && orphans_of(trace) == 0 &&
         std::ranges::includes(edges_of(trace), kWantedEdges) &&
         std::ranges::includes(names_of(trace), kWantedSpans);
}

std::string described(const json& trace) {
  if (!trace.contains("spans")) return "no trace";
  return ::testing::PrintToString(edges_of(trace)) + ::testing::PrintToString(names_of(trace)) +
         " orphans: " + std::to_string(orphans_of(trace));
}

class TraceTest : public ::testing::Test {
 protected:
  void trace_is_whole(const json& status) {
    const auto id = status.at("trace_id").get<std::string>();
    json trace;
    EXPECT_TRUE(wait_until(
        [&] {
          trace = jaeger_.trace(id);
          return is_whole(trace);
        },
        30s))
        << described(trace);
    EXPECT_TRUE(status.at("links").at("trace").get<std::string>().ends_with("/trace/" + id));
  }

  Jaeger jaeger_;
  Stack stack_{{{"OTEL_EXPORTER_OTLP_ENDPOINT", jaeger_.endpoint()},
                {"PODIUM_TRACES_URL", "http://127.0.0.1:16686"}}};
};

TEST_F(TraceTest, AFinishedJobIsOneTraceThroughAllServicesAndTheSandbox) {
  const auto job = stack_.run_job({{"url", "titanic"}, {"max_candidates", 1}});
  trace_is_whole(stack_.wait_for_end(job, 240s));
}

TEST_F(TraceTest, TheTraceSurvivesARestartOfCodegenAndExecutor) {
  const auto job = stack_.run_job({{"url", "titanic"}, {"max_candidates", 1}});
  ASSERT_TRUE(wait_until([&] { return !sandboxes_with(stack_.label()).empty(); }, 60s));
  // A killed process takes the spans of its last second along: those before must have left it.
  const auto id = stack_.status(job).at("trace_id").get<std::string>();
  ASSERT_TRUE(wait_until(
      [&] {
        const auto trace = jaeger_.trace(id);
        return trace.contains("spans") &&
               edges_of(trace).contains({"podium-codegen", "podium-executor"}) &&
               edges_of(trace).contains({"podium-gateway", "podium-codegen"});
      },
      30s));
  for (const auto* service : {"codegen", "executor"}) {
    stack_.kill(service);
    stack_.start(service);
  }
  trace_is_whole(stack_.wait_for_end(job, 240s));
}

}  // namespace
}  // namespace podium::testing
