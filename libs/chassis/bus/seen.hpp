// For tests of this folder: what another thread has seen, in order. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/chassis/bus/test_broker.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {

class Seen {
 public:
  void add(std::string text) {
    const std::scoped_lock lock{mutex_};
    texts_.push_back(std::move(text));
  }
  std::vector<std::string> texts() const {
    const std::scoped_lock lock{mutex_};
    return texts_;
  }
  std::size_t size() const { return texts().size(); }
  bool wait_for(std::size_t count) const {
    return wait_until([&] { return size() >= count; }, kPatience);
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;  // guarded by mutex_
};

}  // namespace podium::testing
