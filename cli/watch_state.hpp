// What a watcher knows of a job from its events, and the line that shows it while it changes. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "podium/v1/event.pb.h"

namespace podium::cli {

class WatchState {
 public:
  /// Takes the next event in.
  void apply(const v1::Event& event);

  /// "generating  2 of 6 candidates  best accuracy 0.8215 ± 0.012 (reported)  0:34 of 5:00".
  std::string text(std::chrono::milliseconds elapsed) const;

  /// True when the event says something that a line of its own should show: every event but the
  /// repeated ones of progress.
  bool deserves_line(const v1::Event& event) const;

 private:
  std::string step() const;

  std::string phase_;
  /// How far it is; empty when that is not told.
  std::string amount_;
  std::set<std::string> drafting_;
  /// Written, and waiting for an executor that has room.
  std::set<std::string> queued_;
  std::set<std::string> running_;
  std::set<std::string> known_;
  std::size_t done_ = 0;
  std::uint32_t candidates_max_ = 0;
  std::uint32_t seconds_max_ = 0;
  std::optional<v1::Score> best_;
  bool scraped_ = false;
  bool cancelling_ = false;
};

}  // namespace podium::cli
