// The deliveries that a stage's workers hold: kept alive at the broker by beats, handed back when a
// stop takes too long. A delivery is settled by whoever takes it out. Thread-safe.
#pragma once

#include <mutex>
#include <set>

#include "libs/chassis/bus/bus.hpp"

namespace podium {

class OpenDeliveries {
 public:
  /// `delivery` must live until it is taken out.
  void add(Delivery& delivery);
  /// True when the caller is now the one to settle it; false when it was handed back meanwhile.
  bool take_out(Delivery& delivery);
  /// Starts the AckWait of all anew.
  void beat();
  /// Gives all back to be delivered again at once; returns how many.
  std::size_t hand_back();

 private:
  std::mutex mutex_;
  std::set<Delivery*> open_;  // guarded by mutex_
};

}  // namespace podium
