#include "cli/interrupts.hpp"

#include <unistd.h>
#include <csignal>
#include <ctime>

#include "cli/outcome.hpp"

namespace podium::cli {
namespace {

/// How long the listener may take to notice that it is no longer needed.
constexpr timespec kLookAgain{.tv_sec = 0, .tv_nsec = 50'000'000};

sigset_t signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t set = signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = std::jthread{[this](const std::stop_token& done) { listen(done); }};
}

Interrupts::~Interrupts() = default;

void Interrupts::on_first(std::function<void()> action) {
  on_first_ = std::move(action);
}

void Interrupts::listen(const std::stop_token& done) {
  const sigset_t set = signals();
  while (!done.stop_requested()) {
    if (sigtimedwait(&set, nullptr, &kLookAgain) < 0) continue;
    const int count = ++seen_;
    if (count == 1 && on_first_) {
      on_first_();
    } else if (stop_.stop_requested()) {
      _exit(static_cast<int>(Exit::interrupted));
    } else {
      stop_.request_stop();
    }
  }
}

}  // namespace podium::cli
