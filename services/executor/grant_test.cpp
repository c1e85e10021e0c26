#include "services/executor/grant.hpp"

#include <gtest/gtest.h>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

const TimePoint kNow{std::chrono::seconds{1'800'000'000}};
const Capacity kLarge{
    .slots = 4, .cpu_milli = 16'000, .run_cpu_milli_max = 16'000, .memory_bytes = 64ULL << 30};

v1::RunTicket ticket_asking(std::uint32_t cpu_milli, std::uint64_t memory_bytes) {
  v1::RunTicket ticket;
  ticket.mutable_limits()->set_cpu_milli(cpu_milli);
  ticket.mutable_limits()->set_memory_bytes_max(memory_bytes);
  return ticket;
}

TEST(Grant, WhatTheTicketLeavesOpenTakesTheDefaults) {
  const auto limits = grant(v1::RunTicket{}, kLarge, kNow);
  EXPECT_EQ(limits.wall_seconds_max(), kWallSecondsDefault);
  EXPECT_EQ(limits.cpu_milli(), kCpuMilliDefault);
  EXPECT_EQ(limits.memory_bytes_max(), kMemoryBytesDefault);
  EXPECT_EQ(limits.pids_max(), kPidsDefault);
  EXPECT_EQ(limits.scratch_bytes_max(), kScratchBytesDefault);
  EXPECT_EQ(limits.predictions_bytes_max(), kPredictionsBytesDefault);
  EXPECT_EQ(limits.log_bytes_max(), kLogBytesDefault);
}

TEST(Grant, MoreThanTheExecutorHasBecomesAllThatItHas) {
  const Capacity small{
      .slots = 1, .cpu_milli = 2000, .run_cpu_milli_max = 2000, .memory_bytes = 4ULL << 30};
  const auto limits = grant(ticket_asking(4000, 8ULL << 30), small, kNow);
  EXPECT_EQ(limits.cpu_milli(), 2000U);
  EXPECT_EQ(limits.memory_bytes_max() + limits.scratch_bytes_max(), small.memory_bytes);
}

TEST(Grant, OneRunNeverGetsMoreThanTheEnginesProcessors) {
  const Capacity shared{
      .slots = 4, .cpu_milli = 8000, .run_cpu_milli_max = 2000, .memory_bytes = 64ULL << 30};
  EXPECT_EQ(grant(ticket_asking(4000, 0), shared, kNow).cpu_milli(), 2000U);
}

TEST(Grant, ScratchTakesAtMostHalfOfTheMemory) {
  v1::RunTicket ticket;
  ticket.mutable_limits()->set_scratch_bytes_max(100ULL << 30);
  const Capacity small{
      .slots = 1, .cpu_milli = 2000, .run_cpu_milli_max = 2000, .memory_bytes = 4ULL << 30};
  const auto limits = grant(ticket, small, kNow);
  EXPECT_EQ(limits.scratch_bytes_max(), 2ULL << 30);
  EXPECT_EQ(limits.memory_bytes_max(), 2ULL << 30);
}

TEST(Grant, TheWallTimeEndsWithTheJobsDeadline) {
  v1::RunTicket ticket;
  ticket.mutable_limits()->set_wall_seconds_max(300);
  *ticket.mutable_deadline() = to_proto(kNow + std::chrono::seconds{42});
  EXPECT_EQ(grant(ticket, kLarge, kNow).wall_seconds_max(), 42U);
}

TEST(Grant, AfterTheDeadlineNoTimeIsLeft) {
  v1::RunTicket ticket;
  *ticket.mutable_deadline() = to_proto(kNow - std::chrono::seconds{1});
  EXPECT_EQ(grant(ticket, kLarge, kNow).wall_seconds_max(), 0U);
}

TEST(Grant, NoRunIsGivenLongerThanTheMost) {
  v1::RunTicket ticket;
  ticket.mutable_limits()->set_wall_seconds_max(10'000'000);
  EXPECT_EQ(grant(ticket, kLarge, kNow).wall_seconds_max(), kWallSecondsMax);
}

TEST(Grant, ScratchIsPartedWithoutARest) {
  v1::RunLimits limits;
  limits.set_scratch_bytes_max(1003);
  const auto shares = scratch_shares(limits);
  EXPECT_EQ(shares.tmp_bytes, 250U);
  EXPECT_EQ(shares.tmp_bytes + shares.working_bytes, 1003U);
}

TEST(Grant, TheSandboxIsChargedForMemoryAndScratch) {
  v1::RunLimits limits;
  limits.set_memory_bytes_max(100);
  limits.set_scratch_bytes_max(50);
  EXPECT_EQ(sandbox_memory_bytes(limits), 150U);
}

TEST(Grant, ProcessorsAreRoundedUp) {
  v1::RunLimits limits;
  limits.set_cpu_milli(100);
  EXPECT_EQ(cpus_of(limits), 1U);
  limits.set_cpu_milli(1500);
  EXPECT_EQ(cpus_of(limits), 2U);
}

}  // namespace
}  // namespace podium::executor
