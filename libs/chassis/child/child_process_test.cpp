#include "libs/chassis/child/child_process.hpp"

#include <gtest/gtest.h>

namespace podium {
namespace {

using namespace std::chrono_literals;

ScratchFile make_file(std::string_view content = {}) {
  auto file = ScratchFile::make(testing::TempDir()).value();
  EXPECT_TRUE(file.append(content).has_value());
  return file;
}

ChildCall shell(const std::string& script) {
  return {.program = "/bin/sh", .arguments = {"-c", script}, .time_max = 20s};
}

TEST(ChildProcess, ItsExitCodeIsTold) {
  EXPECT_EQ(run_child(shell("exit 7")).value(), 7);
  EXPECT_EQ(run_child(shell("kill -SEGV $$")).value(), 139);
}

TEST(ChildProcess, ItReadsAndWritesTheDescriptorsItWasGiven) {
  auto input = make_file("from us");
  auto output = make_file();
  auto call = shell("cat <&3 >&4");
  call.descriptors = {{input.descriptor(), 3}, {output.descriptor(), 4}};
  ASSERT_EQ(run_child(call).value(), 0);
  EXPECT_EQ(output.read(0, 100).value(), "from us");
}

TEST(ChildProcess, DescriptorsMayChangePlaces) {
  auto first = make_file("first");
  auto second = make_file("second");
  auto output = make_file();
  auto call = shell("cat <&5 >&6; cat <&3 >&6");
  // Whatever numbers ours have, the child's do not hit one another.
  call.descriptors = {{first.descriptor(), 3}, {output.descriptor(), 6}, {second.descriptor(), 5}};
  ASSERT_EQ(run_child(call).value(), 0);
  EXPECT_EQ(output.read(0, 100).value(), "secondfirst");
}

TEST(ChildProcess, ItHasNoEnvironmentAndNoOtherDescriptor) {
  auto hidden = make_file("secret");
  setenv("PODIUM_TEST_SECRET", "secret", 1);
  auto output = make_file();
  auto call = shell("echo \"[$PODIUM_TEST_SECRET]\" >&3; ls /proc/self/fd >&3");
  call.descriptors = {{output.descriptor(), 3}};
  ASSERT_EQ(run_child(call).value(), 0);
  unsetenv("PODIUM_TEST_SECRET");
  // 0, 1, 2 and 3, and the one by which the listing reads its folder.
  EXPECT_EQ(output.read(0, 1000).value(), "[]\n0\n1\n2\n3\n4\n");
}

TEST(ChildProcess, WhatItSaysOnStderrIsKept) {
  auto says = make_file();
  auto call = shell("echo oops >&2");
  call.stderr_descriptor = says.descriptor();
  ASSERT_EQ(run_child(call).value(), 0);
  EXPECT_EQ(says.read(0, 100).value(), "oops\n");
}

TEST(ChildProcess, ItsWordsComeWhileItWorks) {
  std::string words;
  auto call = shell("echo one >&4; echo two >&4");
  call.words_descriptor = 4;
  call.on_words = [&words](std::string_view piece) { words += piece; };
  ASSERT_EQ(run_child(call).value(), 0);
  EXPECT_EQ(words, "one\ntwo\n");
}

TEST(ChildProcess, OneThatNeverStopsTalkingIsKilled) {
  auto call = shell("while :; do echo again >&3; done");
  call.words_descriptor = 3;
  call.on_words = [](std::string_view) {};
  call.time_max = 50ms;
  const auto ended = run_child(call);
  ASSERT_FALSE(ended.has_value());
  EXPECT_TRUE(ended.error().is(errors::kTimeout));
}

TEST(ChildProcess, OneThatTakesTooLongIsKilled) {
  auto call = shell("while :; do :; done");
  call.time_max = 50ms;
  const auto ended = run_child(call);
  ASSERT_FALSE(ended.has_value());
  EXPECT_TRUE(ended.error().is(errors::kTimeout));
}

TEST(ChildProcess, AStopEndsIt) {
  std::stop_source stop;
  auto call = shell("while :; do :; done");
  call.stop = stop.get_token();
  stop.request_stop();
  const auto ended = run_child(call);
  ASSERT_FALSE(ended.has_value());
  EXPECT_TRUE(ended.error().is(errors::kStopped));
}

TEST(ChildProcess, AMissingProgramIsUnavailable) {
  const auto ended = run_child({.program = "/nonexistent/program", .time_max = 1s});
  ASSERT_FALSE(ended.has_value());
  EXPECT_TRUE(ended.error().is(errors::kUnavailable));
}

}  // namespace
}  // namespace podium
