// Ctrl-C, heard by a thread of its own, so that every verb can end in order: the first one asks,
// the second leaves at once. One per process.
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace podium::cli {

class Interrupts {
 public:
  /// Blocks SIGINT, SIGTERM and SIGPIPE for this thread and those it starts from now on.
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// What the first Ctrl-C does in place of stopping; the second then stops. Set before any comes.
  void on_first(std::function<void()> action);
  /// Set by the Ctrl-C that stops.
  std::stop_token token() const { return stop_.get_token(); }
  bool stopped() const { return stop_.stop_requested(); }

 private:
  void listen(const std::stop_token& done);

  std::stop_source stop_;
  std::function<void()> on_first_;
  std::atomic<int> seen_{0};
  std::jthread listener_;
};

}  // namespace podium::cli
