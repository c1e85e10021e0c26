// SIGTERM and SIGINT as calls on a thread of their own. One object a process.
#pragma once

#include <functional>
#include <thread>

namespace podium {

class ServiceSignals {
 public:
  /// Calls `on_signal` with 1 at the first signal, 2 at the second. A handler and no blocked mask,
  /// so that programs started from this one inherit nothing.
  explicit ServiceSignals(std::function<void(int count)> on_signal);
  ~ServiceSignals();
  ServiceSignals(const ServiceSignals&) = delete;
  ServiceSignals& operator=(const ServiceSignals&) = delete;

 private:
  void listen();

  std::function<void(int count)> on_signal_;
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace podium
