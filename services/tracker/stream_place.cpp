#include "services/tracker/stream_place.hpp"

#include <format>

namespace podium::tracker {
namespace {

bool is_generation_of(Moment stream_created, Moment generation) {
  const auto younger = generation - stream_created;
  return younger >= std::chrono::microseconds{0} && younger < kSameStream;
}

}  // namespace

StreamPlace place_in(Moment stream_created, std::int64_t last_sequence,
                     const std::optional<Position>& checkpoint) {
  if (!checkpoint || !is_generation_of(stream_created, checkpoint->stream_created)) {
    return {.generation = stream_created, .first = 1, .known = 0};
  }
  if (last_sequence >= checkpoint->sequence) {
    return {.generation = checkpoint->stream_created,
            .first = checkpoint->sequence + 1,
            .known = checkpoint->sequence};
  }
  return {.generation = checkpoint->stream_created + std::chrono::microseconds{1},
          .first = last_sequence + 1,
          .known = last_sequence};
}

bool is_still(Moment stream_created, std::int64_t last_sequence, Moment generation,
              std::int64_t read) {
  return is_generation_of(stream_created, generation) && last_sequence >= read;
}

Result<Moment> created(const Bus::StreamState& state) {
  const auto moment = parse_moment(state.created);
  if (moment) return *moment;
  return fail(errors::kInternal, std::format("the stream was made at '{}'", state.created));
}

}  // namespace podium::tracker
