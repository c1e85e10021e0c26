#include "cli/watch_display.hpp"

#include <algorithm>
#include <array>

#include "cli/event_line.hpp"

namespace podium::cli {
namespace {

constexpr std::array<std::string_view, 10> kFrames{"⠋", "⠙", "⠹", "⠸", "⠼",
                                                   "⠴", "⠦", "⠧", "⠇", "⠏"};

}  // namespace

WatchDisplay::WatchDisplay(const Console& console, TimePoint start)
    : console_{console}, start_{start} {}

WatchDisplay::~WatchDisplay() {
  clear();
}

void WatchDisplay::event(const v1::Event& event) {
  const bool shown = state_.deserves_line(event) && !(event.has_progressed() && moves());
  state_.apply(event);
  if (!shown) return;
  clear();
  console_.out << line_text(event_line(event, start_), console_.out_has_color, console_.columns)
               << '\n'
               << std::flush;
  spoke_at_ = Clock::now();
}

void WatchDisplay::note(std::string_view text) {
  clear();
  console_.say(text);
}

void WatchDisplay::tick(TimePoint now, Clock::time_point at) {
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::max(now - start_, TimePoint::duration{0}));
  if (!moves()) {
    if (at - spoke_at_ < kHeartbeat) return;
    console_.say("still " + state_.text(elapsed));
    spoke_at_ = at;
    return;
  }
  if (console_.quiet) return;
  const std::string line = std::string{kFrames[frame_++ % kFrames.size()]} + " " +
                           cut_to(state_.text(elapsed), std::max(console_.columns - 3, 20));
  console_.talk << "\r\x1b[2K" << toned(line, Tone::dim, console_.talk_has_color) << std::flush;
  drawn_ = true;
}

void WatchDisplay::clear() {
  if (!drawn_) return;
  console_.talk << "\r\x1b[2K" << std::flush;
  drawn_ = false;
}

}  // namespace podium::cli
