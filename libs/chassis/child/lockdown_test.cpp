// What a program cannot do once it has locked itself in. Each attempt is a process of its own.
#include "libs/chassis/child/lockdown.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <format>
#include <fstream>
#include <functional>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace podium {
namespace {

constexpr int kCouldNotLock = 200;
constexpr unsigned kUid = 64'100;

/// The exit code of a child that locks itself in and then tries; `act` gives what it exits with.
int after_lockdown(const std::function<int()>& act) {
  const pid_t child = fork();
  if (child == 0) {
    const auto locked = lock_down({.last_descriptor = 2,
                                   .uid = kUid,
                                   .cpu_seconds = 5,
                                   .memory_bytes = 1ULL << 33,
                                   .file_bytes = 1 << 20});
    _exit(locked ? act() : kCouldNotLock);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// The same with a folder that it may work in and one that it may read.
int in_folders(const std::filesystem::path& own, const std::filesystem::path& given,
               const std::function<int()>& act) {
  const pid_t child = fork();
  if (child == 0) {
    const auto locked = lock_down({.last_descriptor = 2,
                                   .uid = 0,
                                   .cpu_seconds = 5,
                                   .memory_bytes = 1ULL << 33,
                                   .file_bytes = 1 << 20,
                                   .readable = {given},
                                   .writable = {own}});
    _exit(locked ? act() : kCouldNotLock);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// 0 when the call was refused with EPERM.
int refused(long result) {
  return result < 0 && errno == EPERM ? 0 : 1;
}

TEST(Lockdown, NothingIsOpened) {
  EXPECT_EQ(after_lockdown([] { return refused(open("/etc/passwd", O_RDONLY)); }), 0);
  EXPECT_EQ(after_lockdown([] { return refused(open("/tmp/own", O_CREAT | O_WRONLY, 0600)); }), 0);
}

TEST(Lockdown, NoSocketIsMade) {
  EXPECT_EQ(after_lockdown([] { return refused(socket(AF_UNIX, SOCK_STREAM, 0)); }), 0);
  EXPECT_EQ(after_lockdown([] { return refused(socket(AF_INET, SOCK_STREAM, 0)); }), 0);
}

TEST(Lockdown, NoProgramAndNoProcessIsStarted) {
  EXPECT_EQ(after_lockdown([] {
              char* const arguments[] = {nullptr};
              return refused(execve("/bin/true", arguments, arguments));
            }),
            0);
  EXPECT_EQ(after_lockdown([] {
              const auto child = fork();
              return child < 0 ? 0 : 1;
            }),
            0);
}

TEST(Lockdown, NoOtherProcessIsSignalled) {
  EXPECT_EQ(after_lockdown([] { return refused(kill(getppid(), 0)); }), 0);
}

/// A locked-in child that answers each byte on its descriptor 3 with the same on 4.
class Echo {
 public:
  Echo() {
    EXPECT_EQ(pipe(to_child_), 0);
    EXPECT_EQ(pipe(from_child_), 0);
    child_ = fork();
    if (child_ == 0) serve();
  }
  ~Echo() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    for (const int one : {to_child_[0], to_child_[1], from_child_[0], from_child_[1]}) close(one);
  }
  char ask(char byte) const {
    char answer = 0;
    EXPECT_EQ(write(to_child_[1], &byte, 1), 1);
    EXPECT_EQ(read(from_child_[0], &answer, 1), 1);
    return answer;
  }
  pid_t pid() const { return child_; }

 private:
  [[noreturn]] void serve() const {
    const int in = fcntl(to_child_[0], F_DUPFD, 10);
    const int out = fcntl(from_child_[1], F_DUPFD, 10);
    dup2(in, 3);
    dup2(out, 4);
    const auto locked = lock_down({.last_descriptor = 4,
                                   .uid = kUid,
                                   .cpu_seconds = 5,
                                   .memory_bytes = 1ULL << 33,
                                   .file_bytes = 1 << 20});
    char byte = 0;
    while (locked && read(3, &byte, 1) == 1) {
      if (write(4, &byte, 1) != 1) break;
    }
    _exit(kCouldNotLock);
  }
  int to_child_[2] = {};
  int from_child_[2] = {};
  pid_t child_ = 0;
};

TEST(Lockdown, WhatItWasGivenIsReadAndWritten) {
  const Echo echo;
  EXPECT_EQ(echo.ask('x'), 'x');
}

TEST(Lockdown, RootBecomesTheUserOfTheCheckAndOthersStayWhatTheyAre) {
  const Echo echo;
  echo.ask('x');
  std::ifstream status{std::format("/proc/{}/status", echo.pid())};
  const unsigned expected = geteuid() == 0 ? kUid : geteuid();
  const auto wanted = std::format("Uid:\t{0}\t{0}\t{0}\t{0}", expected);
  bool found = false;
  for (std::string line; std::getline(status, line);) found = found || line == wanted;
  EXPECT_TRUE(found) << wanted;
}

TEST(Lockdown, OtherDescriptorsAreClosed) {
  const int open_before = open("/dev/null", O_RDONLY);
  ASSERT_GE(open_before, 3);
  EXPECT_EQ(after_lockdown([open_before] {
              char byte = 0;
              return read(open_before, &byte, 1) < 0 && errno == EBADF ? 0 : 1;
            }),
            0);
  close(open_before);
}

class LockdownOfFiles : public ::testing::Test {
 protected:
  LockdownOfFiles() {
    std::filesystem::create_directories(own_);
    std::filesystem::create_directories(given_);
    std::ofstream{given_ / "file"} << "x";
    std::ofstream{folder_.path() / "secret"} << "y";
  }
  podium::testing::TemporaryFolder folder_;
  std::filesystem::path own_ = folder_.path() / "own";
  std::filesystem::path given_ = folder_.path() / "given";
};

TEST_F(LockdownOfFiles, TheKernelHasThem) {
  EXPECT_TRUE(has_file_walls());
}

TEST_F(LockdownOfFiles, FilesAreMadeMovedAndRemovedInItsOwnFolder) {
  EXPECT_EQ(in_folders(own_, given_,
                       [this] {
                         std::filesystem::create_directories(own_ / "a" / "b");
                         std::ofstream{own_ / "a" / "file"} << "z";
                         std::filesystem::rename(own_ / "a" / "file", own_ / "a" / "b" / "file");
                         std::filesystem::create_hard_link(own_ / "a" / "b" / "file", own_ / "c");
                         std::filesystem::remove_all(own_ / "a");
                         return std::filesystem::file_size(own_ / "c") == 1 ? 0 : 1;
                       }),
            0);
}

TEST_F(LockdownOfFiles, WhatItWasGivenIsOnlyRead) {
  const auto file = given_ / "file";
  EXPECT_EQ(in_folders(own_, given_, [&] { return open(file.c_str(), O_RDONLY) >= 0 ? 0 : 1; }), 0);
  EXPECT_EQ(in_folders(own_, given_,
                       [&] { return open(file.c_str(), O_WRONLY) < 0 && errno == EACCES ? 0 : 1; }),
            0);
}

TEST_F(LockdownOfFiles, NothingElseIsOpened) {
  const auto secret = folder_.path() / "secret";
  for (const auto& path : {secret, std::filesystem::path{"/etc/passwd"},
                           std::filesystem::path{std::format("/proc/{}/environ", getpid())}}) {
    EXPECT_EQ(
        in_folders(own_, given_,
                   [&] { return open(path.c_str(), O_RDONLY) < 0 && errno == EACCES ? 0 : 1; }),
        0)
        << path;
  }
}

TEST_F(LockdownOfFiles, NoSocketAndNoProgram) {
  EXPECT_EQ(in_folders(own_, given_, [] { return refused(socket(AF_UNIX, SOCK_STREAM, 0)); }), 0);
  EXPECT_EQ(in_folders(own_, given_, [] { return refused(socket(AF_INET, SOCK_DGRAM, 0)); }), 0);
  EXPECT_EQ(in_folders(own_, given_,
                       [] {
                         char* const arguments[] = {nullptr};
                         return refused(execve("/bin/true", arguments, arguments));
                       }),
            0);
}

}  // namespace
}  // namespace podium
