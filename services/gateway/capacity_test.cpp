#include "services/gateway/capacity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kGi = 1ULL << 30;

v1::Resources resources(std::uint32_t cpu_milli, std::uint64_t memory_bytes) {
  v1::Resources made;
  made.set_cpu_milli(cpu_milli);
  made.set_memory_bytes(memory_bytes);
  return made;
}

RunRequest asking_for(std::uint32_t cpu_milli, std::uint64_t memory_bytes) {
  RunRequest request;
  *request.options.mutable_resources() = resources(cpu_milli, memory_bytes);
  return request;
}

TEST(Capacity, WhatFitsIsLeftAlone) {
  auto request = asking_for(2'000, 4 * kGi);
  cut_to_capacity({resources(2'000, 4 * kGi)}, request);
  EXPECT_EQ(request.options.resources().cpu_milli(), 2'000U);
  EXPECT_THAT(request.warnings, IsEmpty());
}

TEST(Capacity, MoreThanTheLargestIsCutAndSaid) {
  auto request = asking_for(4'000, 8 * kGi);
  cut_to_capacity({resources(1'000, 2 * kGi), resources(2'000, 6 * kGi)}, request);
  EXPECT_EQ(request.options.resources().cpu_milli(), 2'000U);
  EXPECT_EQ(request.options.resources().memory_bytes(), 6 * kGi);
  EXPECT_THAT(request.warnings, ElementsAre(HasSubstr("4 cpus"), HasSubstr("8192Mi")));
}

TEST(Capacity, NoExecutorIsMadeUpOfTheBestOfTwo) {
  auto request = asking_for(8'000, 32 * kGi);
  cut_to_capacity({resources(8'000, 4 * kGi), resources(2'000, 32 * kGi)}, request);
  const auto& granted = request.options.resources();
  EXPECT_TRUE((granted.cpu_milli() == 2'000 && granted.memory_bytes() == 32 * kGi) ||
              (granted.cpu_milli() == 8'000 && granted.memory_bytes() == 4 * kGi));
  EXPECT_EQ(request.warnings.size(), 1U);
}

TEST(Capacity, WithoutExecutorsNothingIsCut) {
  auto request = asking_for(64'000, 512 * kGi);
  cut_to_capacity({}, request);
  EXPECT_EQ(request.options.resources().cpu_milli(), 64'000U);
  EXPECT_THAT(request.warnings, IsEmpty());
}

}  // namespace
}  // namespace podium::gateway
