// One of the few places where something is done at once, held while the object lives. One thread at
// a time; the semaphore must outlive it.
#pragma once

#include <semaphore>

#include "services/scraper/limits.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

class Place {
 public:
  explicit Place(std::counting_semaphore<>& places) : places_{places} {}
  ~Place() {
    if (taken_) places_.release();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /// Waits for one, telling so; a second call changes nothing. STOPPED, also when the job is over.
  Result<void> take(const FetchControl& control) {
    if (!taken_) taken_ = places_.try_acquire();
    while (!taken_ && !control.stop.stop_requested()) {
      if (control.on_progress) control.on_progress(kWaiting, 0, 0);
      taken_ = places_.try_acquire_for(kWaitLookEvery);
    }
    if (taken_) return {};
    return fail(errors::kStopped, "waiting for other competitions was stopped");
  }

 private:
  std::counting_semaphore<>& places_;
  bool taken_ = false;
};

}  // namespace podium::scraper
