#include "libs/chassis/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include "libs/chassis/http/test_sockets.hpp"

namespace podium {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing_support::TestListener;
using testing_support::TestSocket;

constexpr std::string_view kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr std::string_view kTraceId = "0af7651916cd43dd8448eb211c80319c";

TEST(Traceparent, IsReadByTheRulesOfW3c) {
  EXPECT_TRUE(is_traceparent(kTraceparent));
  EXPECT_EQ(trace_id_of(kTraceparent), kTraceId);
}

TEST(Traceparent, RefusesTheRest) {
  for (const auto* text : {
           "",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
           "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
       }) {
    EXPECT_FALSE(is_traceparent(text)) << text;
    EXPECT_EQ(trace_id_of(text), "") << text;
  }
}

TEST(Span, WithoutAParentStartsASampledTrace) {
  const Span span = start_span("root", SpanKind::server, "");
  ASSERT_TRUE(is_traceparent(span.traceparent())) << span.traceparent();
  EXPECT_THAT(span.traceparent(), testing::EndsWith("-01"));
  EXPECT_EQ(span.traceparent(), "00-" + span.trace_id() + "-" + span.span_id() + "-01");
}

TEST(Span, TwoRootsAreTwoTraces) {
  EXPECT_NE(start_span("a", SpanKind::internal, "").trace_id(),
            start_span("b", SpanKind::internal, "").trace_id());
}

TEST(Span, ContinuesTheTraceOfItsParent) {
  const Span child = start_span("child", SpanKind::consumer, kTraceparent);
  EXPECT_EQ(child.trace_id(), kTraceId);
  EXPECT_NE(child.span_id(), "b7ad6b7169203331");
}

TEST(Span, MalformedParentStartsATrace) {
  const Span span = start_span("root", SpanKind::internal, "00-zz");
  EXPECT_TRUE(is_traceparent(span.traceparent()));
}

TEST(Span, ALinkIsNotTheParent) {
  const Span span = start_span("root", SpanKind::server, "", {}, kTraceparent);
  EXPECT_NE(span.trace_id(), kTraceId);
}

TEST(Span, BelowATraceThatIsNotRecordedHasIdsAndIsNotSampled) {
  const std::string parent = unsampled_traceparent();
  ASSERT_TRUE(is_traceparent(parent)) << parent;
  EXPECT_FALSE(is_sampled(parent));
  const Span span = start_span("quiet", SpanKind::server, parent);
  EXPECT_TRUE(is_traceparent(span.traceparent()));
  EXPECT_FALSE(is_sampled(span.traceparent()));
  EXPECT_EQ(span.trace_id(), trace_id_of(parent));
}

TEST(Span, KeepsItsTraceparentAfterTheEndAndAMove) {
  Span span = start_span("moved", SpanKind::internal, "");
  const std::string traceparent = span.traceparent();
  const Span other = std::move(span);
  EXPECT_EQ(other.traceparent(), traceparent);
}

TEST(Span, MadeByNobodyDoesNothing) {
  Span span;
  span.set("a", 1);
  span.event("b");
  span.fail("C", "d");
  span.end();
  EXPECT_EQ(span.traceparent() + span.trace_id() + span.span_id(), "");
}

// One collector's part of the OTLP exchange: takes a request and answers with success.
std::string take_export(TestListener& collector) {
  TestSocket connection = collector.accept();
  std::string request = connection.read_http_message();
  connection.send(
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n"
      "Content-Length: 0\r\nConnection: close\r\n\r\n");
  return request;
}

class Export : public testing::Test {
 protected:
  void SetUp() override {
    const std::string endpoint = "http://127.0.0.1:" + std::to_string(collector.port());
    setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("OTEL_EXPORTER_OTLP_ENDPOINT");
    unsetenv("OTEL_TRACES_EXPORTER");
    unsetenv("OTEL_SDK_DISABLED");
    unsetenv("OTEL_BSP_SCHEDULE_DELAY");
  }

  TestListener collector;
};

TEST_F(Export, SendsEndedSpansWithTheirResourceToTheCollector) {
  std::string request;
  std::jthread taking{[&] { request = take_export(collector); }};
  ASSERT_TRUE(start_tracing("podium-tested", "1.2.3", "instance-7"));
  Span span = start_span("POST /run", SpanKind::server, "", {{"http.route", "/run"}}, kTraceparent);
  span.set("http.response.status_code", 503);
  span.set("http.request.method", "POST");
  span.event("shed", {{"reason", "full"}});
  span.fail("UNAVAILABLE", "the broker is away");
  span.end();
  EXPECT_TRUE(stop_tracing(10s));
  taking.join();
  EXPECT_THAT(request, testing::StartsWith("POST /v1/traces "));
  EXPECT_THAT(request, HasSubstr("application/x-protobuf"));
  for (const auto* text :
       {"POST /run", "podium-tested", "1.2.3", "instance-7", "service.namespace", "host.name",
        "http.route", "http.response.status_code", "http.request.method", "shed", "error.type",
        "UNAVAILABLE", "the broker is away"}) {
    EXPECT_THAT(request, HasSubstr(text));
  }
  // The link's trace id, in bytes.
  EXPECT_THAT(request,
              HasSubstr("\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c"));
}

TEST_F(Export, LeavesOutALinkToTheParent) {
  std::string request;
  std::jthread taking{[&] { request = take_export(collector); }};
  ASSERT_TRUE(start_tracing("podium-tested", "1", "i"));
  start_span("child", SpanKind::consumer, kTraceparent, {}, kTraceparent).end();
  EXPECT_TRUE(stop_tracing(10s));
  taking.join();
  // The parent's id stands once, as the parent.
  const std::string parent_id = "\xb7\xad\x6b\x71\x69\x20\x33\x31";
  EXPECT_NE(request.find(parent_id), std::string::npos);
  EXPECT_EQ(request.find(parent_id), request.rfind(parent_id));
}

TEST_F(Export, MendsTextThatIsNotUtf8) {
  std::string request;
  std::jthread taking{[&] { request = take_export(collector); }};
  ASSERT_TRUE(start_tracing("podium-tested", "1", "i"));
  Span span = start_span("odd", SpanKind::internal, "", {{"detail", "bad \xff byte"}});
  span.end();
  EXPECT_TRUE(stop_tracing(10s));
  taking.join();
  EXPECT_THAT(request, HasSubstr("bad \xEF\xBF\xBD byte"));
}

TEST_F(Export, SendsWithoutBeingAskedWithinTheScheduleDelay) {
  setenv("OTEL_BSP_SCHEDULE_DELAY", "5", 1);
  ASSERT_TRUE(start_tracing("podium-tested", "1", "i"));
  start_span("soon", SpanKind::internal, "").end();
  EXPECT_THAT(take_export(collector), HasSubstr("soon"));
  EXPECT_TRUE(stop_tracing(10s));
}

TEST_F(Export, IsSilentWhenItIsSwitchedOff) {
  for (const auto& [name, value] :
       {std::pair{"OTEL_TRACES_EXPORTER", "none"}, std::pair{"OTEL_SDK_DISABLED", "true"}}) {
    setenv(name, value, 1);
    ASSERT_TRUE(start_tracing("podium-tested", "1", "i"));
    const Span span = start_span("quiet", SpanKind::internal, "");
    EXPECT_TRUE(is_traceparent(span.traceparent()));
    EXPECT_TRUE(stop_tracing(10s));
    unsetenv(name);
  }
  // The first thing that reaches the collector is the test's own connection.
  TestSocket own = TestSocket::connect(collector.port());
  own.send("only me\n");
  EXPECT_EQ(collector.accept().read_until("\n"), "only me\n");
}

TEST_F(Export, ASilentCollectorDoesNotHoldTheStop) {
  ASSERT_TRUE(start_tracing("podium-tested", "1", "i"));
  start_span("stuck", SpanKind::internal, "").end();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(stop_tracing(200ms));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST_F(Export, AnUnknownExporterIsAConfigurationError) {
  setenv("OTEL_TRACES_EXPORTER", "carrier-pigeon", 1);
  const auto result = start_tracing("podium-tested", "1", "i");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(errors::kConfiguration));
  EXPECT_THAT(result.error().detail, HasSubstr("OTEL_TRACES_EXPORTER"));
  EXPECT_TRUE(stop_tracing(10s));
}

}  // namespace
}  // namespace podium
