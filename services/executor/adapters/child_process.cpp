#include "services/executor/adapters/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <format>

namespace podium::executor {
namespace {

constexpr int kFirstOfChild = 3;

/// Closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::unexpected<Error> failed(std::string_view what, int error) {
  return fail(errors::kUnavailable, std::format("{}: {}", what, strerror(error)));
}

/// What the child does between fork and exec: descriptors in their places, all others closed.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  Result<void> prepare(const ChildCall& call) {
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0);
    if (call.stderr_descriptor >= 0) {
      PODIUM_TRY(give(call.stderr_descriptor, 2, last_of(call)));
    } else {
      posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0);
    }
    for (const auto& [ours, theirs] : call.descriptors) {
      PODIUM_TRY(give(ours, theirs, last_of(call)));
    }
    posix_spawn_file_actions_addclosefrom_np(&actions_, last_of(call) + 1);
    return {};
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  static int last_of(const ChildCall& call) {
    int last = kFirstOfChild - 1;
    for (const auto& [ours, theirs] : call.descriptors) last = std::max(last, theirs);
    return last;
  }

  /// By a copy with a number above all that the child uses, so that no move hits another.
  Result<void> give(int ours, int theirs, int last) {
    const int copy = fcntl(ours, F_DUPFD_CLOEXEC, last + 1);
    if (copy < 0) return failed("copying a descriptor", errno);
    copies_.emplace_back(copy);
    posix_spawn_file_actions_adddup2(&actions_, copy, theirs);
    return {};
  }

  posix_spawn_file_actions_t actions_{};
  std::vector<Descriptor> copies_;
};

Result<pid_t> spawn(const ChildCall& call) {
  FileActions actions;
  PODIUM_TRY(actions.prepare(call));
  auto name = call.program.string();
  std::vector<std::string> arguments = call.arguments;
  std::vector<char*> argument_pointers{name.data()};
  for (auto& argument : arguments) argument_pointers.push_back(argument.data());
  argument_pointers.push_back(nullptr);
  char* environment[] = {nullptr};
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  pid_t child = 0;
  const int error = posix_spawn(&child, name.c_str(), actions.get(), &attributes,
                                argument_pointers.data(), environment);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return failed(name, error);
  return child;
}

enum class Wait { ended, time_over, stopped };

Wait wait_for_end(pid_t child, const ChildCall& call) {
  const Descriptor watch{static_cast<int>(syscall(SYS_pidfd_open, child, 0))};
  const Descriptor bell{eventfd(0, EFD_CLOEXEC)};
  const std::stop_callback ring{call.stop, [&bell] { eventfd_write(bell.number(), 1); }};
  const auto until = std::chrono::steady_clock::now() + call.time_max;
  std::array<pollfd, 2> waiting{pollfd{.fd = watch.number(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = bell.number(), .events = POLLIN, .revents = 0}};
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    const int ready =
        poll(waiting.data(), waiting.size(), static_cast<int>(std::max(left.count(), 0L)));
    if (ready < 0 && errno == EINTR) continue;
    if (waiting[0].revents != 0) return Wait::ended;
    return ready > 0 ? Wait::stopped : Wait::time_over;
  }
}

}  // namespace

Result<int> run_child(const ChildCall& call) {
  const auto child = PODIUM_TRY(spawn(call));
  const auto waited = wait_for_end(child, call);
  if (waited != Wait::ended) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  const auto name = call.program.filename().string();
  if (waited == Wait::stopped) return fail(errors::kStopped, name);
  if (waited == Wait::time_over) {
    return fail(errors::kTimeout,
                std::format("{} took longer than {} ms", name, call.time_max.count()));
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace podium::executor
