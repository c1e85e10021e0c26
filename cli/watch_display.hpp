// Shows a job to a person while it runs: a line for each event, and on a terminal one more line
// below them that moves. Elsewhere a line every 30 s says that it still goes on. One thread.
#pragma once

#include <chrono>
#include <string>

#include "cli/console.hpp"
#include "cli/watch_state.hpp"
#include "libs/chassis/clock.hpp"
#include "podium/v1/event.pb.h"

namespace podium::cli {

class WatchDisplay {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kHeartbeat{30};

  /// `start` is when the job was accepted: lines count from there.
  WatchDisplay(const Console& console, TimePoint start);
  /// Takes the moving line away.
  ~WatchDisplay();
  WatchDisplay(const WatchDisplay&) = delete;
  WatchDisplay& operator=(const WatchDisplay&) = delete;

  void event(const v1::Event& event);
  /// A line of talk between the events.
  void note(std::string_view text);
  /// Call several times a second.
  void tick(TimePoint now, Clock::time_point at);

 private:
  void clear();
  bool moves() const { return console_.out_is_terminal && console_.talk_is_terminal; }

  const Console& console_;
  const TimePoint start_;
  WatchState state_;
  Clock::time_point spoke_at_ = Clock::now();
  std::size_t frame_ = 0;
  bool drawn_ = false;
};

}  // namespace podium::cli
