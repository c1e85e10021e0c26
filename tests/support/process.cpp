#include "tests/support/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <utility>

#include "tests/support/wait_until.hpp"

extern char** environ;

namespace podium::testing {
namespace {

constexpr int kExitNotStarted = 127;

std::vector<std::string> environment_of(const ProcessOptions& options) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text{*entry};
    if (!options.environment.contains(text.substr(0, text.find('=')))) entries.push_back(text);
  }
  for (const auto& [name, value] : options.environment) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// In the child, between fork and exec: only async-signal-safe calls.
void become(int output, std::optional<unsigned> user, char** arguments, char** environment) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (user && (setgroups(0, nullptr) != 0 || setgid(*user) != 0 || setuid(*user) != 0)) {
    _exit(kExitNotStarted);
  }
  execvpe(arguments[0], arguments, environment);
  _exit(kExitNotStarted);
}

}  // namespace

Process::Process(ProcessOptions options) : options_{std::move(options)} {
  auto environment = environment_of(options_);
  const auto environment_pointers = pointers_to(environment);
  const auto arguments = pointers_to(options_.command);
  const auto& path = options_.output.empty() ? std::filesystem::path{"/dev/null"} : options_.output;
  const int output = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  pid_ = fork();
  if (pid_ == 0) {
    become(output, options_.user, const_cast<char**>(arguments.data()),
           const_cast<char**>(environment_pointers.data()));
  }
  close(output);
}

Process::~Process() {
  if (pid_ > 0) kill();
}

Process::Process(Process&& other) noexcept
    : options_{std::move(other.options_)},
      pid_{std::exchange(other.pid_, -1)},
      exit_code_{other.exit_code_} {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(options_, other.options_);
  std::swap(pid_, other.pid_);
  std::swap(exit_code_, other.exit_code_);
  return *this;
}

bool Process::reap(int options) {
  if (exit_code_) return true;
  int status = 0;
  if (waitpid(pid_, &status, options) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

bool Process::running() {
  return pid_ > 0 && !reap(WNOHANG);
}

void Process::signal(int number) const {
  if (pid_ > 0 && !exit_code_) ::kill(pid_, number);
}

void Process::kill() {
  signal(SIGKILL);
  reap(0);
}

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
  wait_until([this] { return !running(); }, timeout);
  return exit_code_;
}

std::string Process::output() const {
  const std::ifstream file{options_.output};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace podium::testing
