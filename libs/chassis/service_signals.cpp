#include "libs/chassis/service_signals.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>
#include <utility>

namespace podium {
namespace {

/// Written to the eventfd to end the thread; more than signals will ever add up to.
constexpr std::uint64_t kEnd = 1'000'000;

std::atomic<int> handler_wakes = -1;
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

void handle(int /*signal*/) {
  const int saved = errno;
  const std::uint64_t one = 1;
  static_cast<void>(write(handler_wakes.load(), &one, sizeof one));
  errno = saved;
}

void install(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGTERM, SIGINT}) sigaction(signal, &action, nullptr);
}

}  // namespace

ServiceSignals::ServiceSignals(std::function<void(int count)> on_signal)
    : on_signal_{std::move(on_signal)}, wake_{eventfd(0, EFD_CLOEXEC)} {
  if (wake_ < 0) throw std::system_error{errno, std::system_category(), "eventfd"};
  handler_wakes = wake_;
  thread_ = std::thread{[this] { listen(); }};
  install(handle);
}

ServiceSignals::~ServiceSignals() {
  install(SIG_DFL);
  const std::uint64_t end = kEnd;
  static_cast<void>(write(wake_, &end, sizeof end));
  thread_.join();
  close(wake_);
}

void ServiceSignals::listen() {
  int count = 0;
  for (;;) {
    std::uint64_t came = 0;
    if (read(wake_, &came, sizeof came) != sizeof came) continue;
    if (came >= kEnd) return;
    for (; came > 0; --came) on_signal_(++count);
  }
}

}  // namespace podium
