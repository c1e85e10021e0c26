#include "services/executor/adapters/docker_answers.hpp"

#include <gtest/gtest.h>

#include "services/executor/errors.hpp"

namespace podium::executor::docker {
namespace {

TEST(DockerAnswers, TimesHaveAnyNumberOfDigits) {
  using std::chrono::milliseconds;
  const TimePoint second{std::chrono::seconds{1'795'336'251}};
  EXPECT_EQ(parse_time("2026-11-22T08:30:51Z"), second);
  EXPECT_EQ(parse_time("2026-11-22T08:30:51.5Z"), second + milliseconds{500});
  EXPECT_EQ(parse_time("2026-11-22T08:30:51.123456789Z") - second,
            std::chrono::nanoseconds{123456789});
  EXPECT_EQ(parse_time("0001-01-01T00:00:00Z"), TimePoint{});
  EXPECT_EQ(parse_time("nonsense"), TimePoint{});
}

TEST(DockerAnswers, AnEndedContainerTellsHow) {
  const auto container = parse_container(R"({"Id":"abc","Image":"sha256:1","State":{
      "Status":"exited","Running":false,"ExitCode":137,"OOMKilled":true,
      "StartedAt":"2026-11-22T08:30:51.5Z","FinishedAt":"2026-11-22T08:31:01.5Z"}})");
  ASSERT_TRUE(container.has_value());
  EXPECT_EQ(container->image_id, "sha256:1");
  EXPECT_EQ(container->state.phase, SandboxPhase::ended);
  EXPECT_EQ(container->state.exit_code, 137);
  EXPECT_TRUE(container->state.out_of_memory);
  EXPECT_EQ(container->state.ended_at - container->state.started_at, std::chrono::seconds{10});
}

TEST(DockerAnswers, PhasesFollowTheStatus) {
  const auto phase_of = [](const std::string& status) {
    return parse_container(R"({"State":{"Status":")" + status + R"("}})").value().state.phase;
  };
  EXPECT_EQ(phase_of("created"), SandboxPhase::created);
  EXPECT_EQ(phase_of("running"), SandboxPhase::running);
  EXPECT_EQ(phase_of("paused"), SandboxPhase::running);
  EXPECT_EQ(phase_of("dead"), SandboxPhase::ended);
}

TEST(DockerAnswers, WhatIsNotAContainerIsAnError) {
  for (const auto* json : {"", "{}", "[]", "null", R"({"State":null})"}) {
    EXPECT_FALSE(parse_container(json).has_value()) << json;
  }
}

TEST(DockerAnswers, UsageOfControlGroupsVersion1) {
  const auto usage = parse_stats(R"({"cpu_stats":{"cpu_usage":{"total_usage":1500000000}},
      "memory_stats":{"usage":1000,"max_usage":5000,"stats":{"total_inactive_file":300}}})");
  ASSERT_TRUE(usage.has_value() && usage->has_value());
  EXPECT_DOUBLE_EQ((*usage)->cpu_seconds, 1.5);
  EXPECT_EQ((*usage)->memory_peak_bytes, 700U);
}

TEST(DockerAnswers, UsageOfControlGroupsVersion2) {
  const auto usage = parse_stats(R"({"cpu_stats":{"cpu_usage":{"total_usage":2000000000}},
      "memory_stats":{"usage":1000,"stats":{"inactive_file":100,"anon":800}}})");
  ASSERT_TRUE(usage.has_value() && usage->has_value());
  EXPECT_DOUBLE_EQ((*usage)->cpu_seconds, 2);
  EXPECT_EQ((*usage)->memory_peak_bytes, 900U);
}

TEST(DockerAnswers, AnEndedContainerHasNoUsage) {
  const auto usage =
      parse_stats(R"({"cpu_stats":{"cpu_usage":{"total_usage":0}},"memory_stats":{}})");
  ASSERT_TRUE(usage.has_value());
  EXPECT_FALSE(usage->has_value());
}

TEST(DockerAnswers, AnEngineThatCannotFilterSystemCallsIsUnavailable) {
  const std::string rest = R"("ID":"A:B","NCPU":2,"MemTotal":1000,"ServerVersion":"20.10")";
  EXPECT_TRUE(parse_info("{" + rest + R"(,"SecurityOptions":["name=seccomp,profile=default"]})"));
  const auto info = parse_info("{" + rest + R"(,"SecurityOptions":[]})");
  ASSERT_FALSE(info.has_value());
  EXPECT_TRUE(info.error().is(kSandboxUnavailable));
}

TEST(DockerAnswers, ListsKeepNamesAndLabels) {
  const auto containers = parse_containers(
      R"([{"Names":["/podium-r1"],"Labels":{"podium.run":"r1","podium.created":"1800000000"}},
          {"Names":null,"Labels":null}])");
  ASSERT_TRUE(containers.has_value());
  ASSERT_EQ(containers->size(), 2U);
  EXPECT_EQ((*containers)[0].name, "podium-r1");
  EXPECT_EQ((*containers)[0].label("podium.run"), "r1");
  EXPECT_EQ((*containers)[0].time("podium.created"),
            TimePoint{std::chrono::seconds{1'800'000'000}});
  EXPECT_EQ((*containers)[1].label("podium.run"), "");
  const auto volumes =
      parse_volumes(R"({"Volumes":[{"Name":"v","Labels":{"a":"b"}}],"Warnings":null})");
  ASSERT_TRUE(volumes.has_value());
  EXPECT_EQ(volumes->front().label("a"), "b");
  EXPECT_TRUE(parse_volumes(R"({"Volumes":null})").value().empty());
}

// {"name":"submission.csv","size":9,"mode":420,"linkTarget":""}
constexpr auto kPlainFile =
    "eyJuYW1lIjoic3VibWlzc2lvbi5jc3YiLCJzaXplIjo5LCJtb2RlIjo0MjAsImxpbmtUYXJnZXQiOiIifQ==";
// {"name":"s","size":10,"mode":134218239,"linkTarget":"/etc/passwd"}
constexpr auto kLink =
    "eyJuYW1lIjoicyIsInNpemUiOjEwLCJtb2RlIjoxMzQyMTgyMzksImxpbmtUYXJnZXQiOiIvZXRjL3Bhc3N3ZCJ9";
// {"name":"s","size":0,"mode":33554852,"linkTarget":""}
constexpr auto kPipe = "eyJuYW1lIjoicyIsInNpemUiOjAsIm1vZGUiOjMzNTU0ODUyLCJsaW5rVGFyZ2V0IjoiIn0=";
// {"name":"s","size":4096,"mode":2147484141,"linkTarget":""}
constexpr auto kFolder =
    "eyJuYW1lIjoicyIsInNpemUiOjQwOTYsIm1vZGUiOjIxNDc0ODQxNDEsImxpbmtUYXJnZXQiOiIifQ==";

TEST(DockerAnswers, APlainFileMayBeTaken) {
  EXPECT_EQ(judge_path_stat(kPlainFile, 9).kind, Collected::Kind::file);
}

TEST(DockerAnswers, ALargerFileIsTooLarge) {
  const auto judged = judge_path_stat(kPlainFile, 8);
  EXPECT_EQ(judged.kind, Collected::Kind::too_large);
  EXPECT_TRUE(judged.detail.contains("9 bytes"));
}

TEST(DockerAnswers, LinksPipesAndFoldersAreRefusedByName) {
  EXPECT_EQ(judge_path_stat(kLink, 1000).detail, "it is a symbolic link");
  EXPECT_EQ(judge_path_stat(kPipe, 1000).detail, "it is a pipe");
  EXPECT_EQ(judge_path_stat(kFolder, 10000).detail, "it is a folder");
  for (const auto* header : {kLink, kPipe, kFolder}) {
    EXPECT_EQ(judge_path_stat(header, 10000).kind, Collected::Kind::refused);
  }
}

TEST(DockerAnswers, WithoutAHeaderNothingIsTaken) {
  for (const auto* header : {"", "%%%", "bm90IGpzb24=", "e30="}) {
    EXPECT_EQ(judge_path_stat(header, 1000).kind, Collected::Kind::refused) << header;
  }
}

TEST(DockerAnswers, SpaceIsBlocksTimesTheirSize) {
  const auto space = parse_space("4096 4096 4095 98\n");
  ASSERT_TRUE(space.has_value());
  EXPECT_EQ(space->bytes, 16ULL << 20);
  EXPECT_EQ(space->bytes_free, 4095U * 4096);
  EXPECT_EQ(space->files_free, 98U);
  EXPECT_FALSE(parse_space("stat: cannot read").has_value());
}

}  // namespace
}  // namespace podium::executor::docker
