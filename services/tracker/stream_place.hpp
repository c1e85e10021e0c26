// Where to go on reading a stream, given what the projection knows and what the broker says. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"
#include "services/tracker/rows.hpp"

namespace podium::tracker {

/// Generations of one stream lie closer together than this; two streams are never made so close.
inline constexpr std::chrono::microseconds kSameStream{1'000};

struct StreamPlace {
  /// The generation that what comes now is archived under.
  Moment generation;
  /// The first sequence to read.
  std::int64_t first = 1;
  /// The last sequence that is known in the generation.
  std::int64_t known = 0;
};

/// The stream as before: behind the checkpoint. A stream made at another time (it was reset): from
/// its beginning, as a generation of its own. A stream that is shorter than the checkpoint says
/// (the broker lost its newest messages and will give their sequences away again): behind what it
/// has left, as a generation one microsecond younger.
StreamPlace place_in(Moment stream_created, std::int64_t last_sequence,
                     const std::optional<Position>& checkpoint);

/// True while the stream is still the one that is read from `place` on, and has not lost anything.
bool is_still(Moment stream_created, std::int64_t last_sequence, Moment generation,
              std::int64_t read);

/// When the stream was made; INTERNAL when the broker's text is no time.
Result<Moment> created(const Bus::StreamState& state);

}  // namespace podium::tracker
