#include "libs/chassis/event.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>

#include "libs/chassis/clock.hpp"

namespace podium {
namespace {

using testing::HasSubstr;

constexpr auto kJob = "0199b2c4-7a31-7000-8000-000000000001";

/// An event whose payload is the named field of the envelope's oneof.
v1::Event event_with(const std::string& payload, const std::string& subject_id = {}) {
  v1::Event event;
  event.set_job_id(kJob);
  event.set_subject_id(subject_id);
  const auto* const field = v1::Event::descriptor()->FindFieldByName(payload);
  v1::Event::GetReflection()->MutableMessage(&event, field);
  return event;
}

std::vector<std::string> all_payloads() {
  std::vector<std::string> names;
  const auto* const payload = v1::Event::descriptor()->FindOneofByName("payload");
  for (int i = 0; i < payload->field_count(); ++i) names.push_back(payload->field(i)->name());
  return names;
}

TEST(EventName, IsTheFieldNameOfEveryPayload) {
  for (const auto& payload : all_payloads()) EXPECT_EQ(event_name(event_with(payload)), payload);
}

TEST(EventName, IsEmptyWithoutPayload) {
  EXPECT_EQ(event_name(v1::Event{}), "");
}

TEST(Subject, EveryPayloadOfAJobStandsUnderItsJobAndName) {
  const std::set<std::string> elsewhere{"run_ticket", "log_lines"};
  for (const auto& payload : all_payloads()) {
    if (elsewhere.contains(payload)) continue;
    const auto prefix = std::string{"podium.jobs."} + kJob + "." + payload;
    EXPECT_EQ(subject_of(event_with(payload)).value(), prefix);
    EXPECT_EQ(subject_of(event_with(payload, "c7")).value(), prefix + ".c7");
    EXPECT_EQ(subject_template(event_with(payload)), "podium.jobs.{job}." + payload);
    EXPECT_EQ(subject_template(event_with(payload, "c7")),
              "podium.jobs.{job}." + payload + ".{id}");
  }
}

TEST(Subject, RunTicketsStandUnderClassBandAndRun) {
  const auto ticket = event_with("run_ticket", "cpu.2.run-7");
  EXPECT_EQ(subject_of(ticket).value(), "podium.runs.cpu.2.run-7");
  EXPECT_EQ(subject_template(ticket), "podium.runs.cpu.2.{id}");
}

TEST(Subject, LogLinesStandUnderJobAndRun) {
  const auto lines = event_with("log_lines", "run-7");
  EXPECT_EQ(subject_of(lines).value(), std::string{"podium.logs."} + kJob + ".run-7");
  EXPECT_EQ(subject_template(lines), "podium.logs.{job}.{id}");
}

TEST(Subject, APrefixedPayloadNeedsASubjectId) {
  EXPECT_TRUE(subject_of(event_with("run_ticket")).error().is(errors::kInvalid));
  EXPECT_TRUE(subject_of(event_with("log_lines")).error().is(errors::kInvalid));
}

TEST(Subject, RefusesWhatIsNotAnId) {
  for (const auto* const job : {"", "*", ">", "a.b", "Upper", "-a", "a b", "a\r\nPUB x 0"}) {
    auto event = event_with("ended");
    event.set_job_id(job);
    EXPECT_TRUE(subject_of(event).error().is(errors::kInvalid)) << job;
  }
  for (const auto* const id : {"*", ">", "a.b", "a.", ".", "Upper", "a\n"}) {
    EXPECT_TRUE(subject_of(event_with("drafted", id)).error().is(errors::kInvalid)) << id;
  }
  for (const auto* const id : {"cpu..r", ".cpu.1", "cpu.*.r", "cpu.1.", "cpu.>"}) {
    EXPECT_TRUE(subject_of(event_with("run_ticket", id)).error().is(errors::kInvalid)) << id;
  }
}

TEST(Subject, IsRefusedWithoutPayload) {
  v1::Event event;
  event.set_job_id(kJob);
  EXPECT_TRUE(subject_of(event).error().is(errors::kInvalid));
  EXPECT_EQ(subject_template(event), "");
}

TEST(HappensOnce, HoldsForTheEffectsThatMustNotHappenTwice) {
  const std::set<std::string> once{"requested", "scraped",   "drafted",           "executed",
                                   "ended",     "submitted", "leaderboard_scored"};
  for (const auto& payload : all_payloads()) {
    EXPECT_EQ(happens_once(event_with(payload)), once.contains(payload)) << payload;
  }
  EXPECT_FALSE(happens_once(v1::Event{}));
}

TEST(EventOf, DerivesItsIdAndKeepsJobTenantAndTrace) {
  v1::Event cause;
  cause.set_job_id(kJob);
  cause.set_tenant("team-a");
  cause.mutable_trace()->set_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  const auto before = std::chrono::system_clock::now();
  const auto event = event_of(cause, "drafted", "c7", 2);
  EXPECT_EQ(event.id(), std::string{kJob} + "/drafted/c7/2");
  EXPECT_EQ(event_of(cause, "ended", "").id(), std::string{kJob} + "/ended/1");
  EXPECT_EQ(event.job_id(), kJob);
  EXPECT_EQ(event.tenant(), "team-a");
  EXPECT_EQ(event.subject_id(), "c7");
  EXPECT_EQ(event.trace().traceparent(), cause.trace().traceparent());
  EXPECT_GE(from_proto(event.time()), before);
  EXPECT_EQ(event.payload_case(), v1::Event::PAYLOAD_NOT_SET);
}

TEST(ParseEvent, GivesBackEveryPayload) {
  for (const auto& payload : all_payloads()) {
    const auto sent = event_with(payload, "c7");
    const auto parsed = parse_event(sent.SerializeAsString());
    ASSERT_TRUE(parsed.has_value()) << payload;
    EXPECT_EQ(event_name(*parsed), payload);
    EXPECT_EQ(parsed->subject_id(), "c7");
  }
}

TEST(ParseEvent, RefusesBytesThatAreNoEvent) {
  EXPECT_TRUE(parse_event("\xff\xff\xff").error().is(errors::kInvalid));
}

TEST(ParseEvent, RefusesAnEventWithoutKnownPayload) {
  v1::Event event;
  event.set_job_id(kJob);
  const auto refused = parse_event(event.SerializeAsString());
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kInvalid));
  EXPECT_THAT(refused.error().detail, HasSubstr("payload"));
}

TEST(Subjects, ToReadByNameTheJobTheRunAndTheTenant) {
  EXPECT_EQ(job_subjects("abc-1"), "podium.jobs.abc-1.>");
  EXPECT_EQ(all_job_subjects(), "podium.jobs.>");
  EXPECT_EQ(subjects_of_event("ended"), "podium.jobs.*.ended");
  EXPECT_EQ(log_subject("abc-1", "run-7"), "podium.logs.abc-1.run-7");
  EXPECT_EQ(log_subjects("abc-1"), "podium.logs.abc-1.>");
  EXPECT_EQ(ticket_subject("default"), "podium.tickets.default");
  EXPECT_EQ(all_ticket_subjects(), "podium.tickets.*");
}

TEST(Subjects, TheJobIsTheThirdToken) {
  EXPECT_EQ(job_of_subject("podium.jobs.abc-1.cancel_requested"), "abc-1");
  EXPECT_EQ(job_of_subject("podium.jobs.abc-1.executed.run"), "abc-1");
  EXPECT_EQ(job_of_subject("podium.jobs.abc-1"), "abc-1");
  EXPECT_EQ(job_of_subject("podium.jobs"), "");
  EXPECT_EQ(job_of_subject("podium.jobs_of.abc-1"), "");
  EXPECT_EQ(job_of_subject("podium.logs.abc-1"), "");
}

}  // namespace
}  // namespace podium
