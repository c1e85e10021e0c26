#include "libs/chassis/child/child_process.hpp"

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

namespace podium {
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
  void drop() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

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

  /// `words` is our copy of the end of the pipe that the child writes to, if there is one.
  Result<void> prepare(const ChildCall& call, int words) {
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
    if (words >= 0) PODIUM_TRY(give(words, call.words_descriptor, last_of(call)));
    posix_spawn_file_actions_addclosefrom_np(&actions_, last_of(call) + 1);
    return {};
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  static int last_of(const ChildCall& call) {
    int last = std::max(kFirstOfChild - 1, call.words_descriptor);
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

Result<pid_t> spawn(const ChildCall& call, int words) {
  FileActions actions;
  PODIUM_TRY(actions.prepare(call, words));
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

/// The pipe by which a child tells things while it works; without ends where none is wanted.
class Words {
 public:
  static Result<Words> make(const ChildCall& call) {
    std::array<int, 2> ends{-1, -1};
    if (call.words_descriptor >= 0 && pipe2(ends.data(), O_CLOEXEC) != 0) {
      return failed("making a pipe", errno);
    }
    return Words{ends[0], ends[1]};
  }
  int ours() const { return ours_.number(); }
  int theirs() const { return theirs_.number(); }
  /// The child has its own copy.
  void give_away() { theirs_.drop(); }
  /// What is there to be read; closes our end when the child has closed its own.
  void pass_on(const ChildCall& call) {
    std::array<char, 4096> piece{};
    const auto got = read(ours(), piece.data(), piece.size());
    if (got > 0) {
      call.on_words({piece.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || errno != EINTR) {
      ours_.drop();
    }
  }

 private:
  Words(int ours, int theirs) : ours_{ours}, theirs_{theirs} {}
  Descriptor ours_;
  Descriptor theirs_;
};

Wait wait_for_end(pid_t child, const ChildCall& call, Words& words) {
  const Descriptor watch{static_cast<int>(syscall(SYS_pidfd_open, child, 0))};
  const Descriptor bell{eventfd(0, EFD_CLOEXEC)};
  const std::stop_callback ring{call.stop, [&bell] { eventfd_write(bell.number(), 1); }};
  const auto until = std::chrono::steady_clock::now() + call.time_max;
  while (true) {
    std::array<pollfd, 3> waiting{pollfd{.fd = watch.number(), .events = POLLIN, .revents = 0},
                                  pollfd{.fd = bell.number(), .events = POLLIN, .revents = 0},
                                  pollfd{.fd = words.ours(), .events = POLLIN, .revents = 0}};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    const int ready =
        poll(waiting.data(), waiting.size(), static_cast<int>(std::max(left.count(), 0L)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return Wait::time_over;
    if (waiting[1].revents != 0) return Wait::stopped;
    // One that never stops talking has no more time than others.
    const bool over = std::chrono::steady_clock::now() >= until;
    if (waiting[2].revents != 0 && !over) {
      words.pass_on(call);
    } else if (waiting[0].revents != 0) {
      return Wait::ended;
    } else if (over) {
      return Wait::time_over;
    }
  }
}

}  // namespace

Result<int> run_child(const ChildCall& call) {
  auto words = PODIUM_TRY(Words::make(call));
  const auto child = PODIUM_TRY(spawn(call, words.theirs()));
  words.give_away();
  const auto waited = wait_for_end(child, call, words);
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

std::filesystem::path program_beside_this(std::string_view name) {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  return self.parent_path() / name;
}

}  // namespace podium
