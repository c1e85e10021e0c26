// The archive podium.events: every message of stream JOBS, byte for byte. Stateless; every call
// works on the session that it is given.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libs/chassis/postgres/postgres.hpp"
#include "services/tracker/recorded.hpp"

namespace podium::tracker {

/// Adds the messages; those that are there stay as they are. Returns how many were added.
Result<std::int64_t> add_to_archive(Session& session, const std::vector<Recorded>& batch);

/// The next messages after `after` (from the first on without it), up to and with `upto`, in order,
/// at most `count`.
Result<std::vector<Recorded>> read_archive(Session& session, const std::optional<Position>& after,
                                           Position upto, int count);

/// How many messages of one generation of the stream are there, from `first` to `last`.
Result<std::int64_t> count_in_archive(Session& session, Moment stream_created, std::int64_t first,
                                      std::int64_t last);

}  // namespace podium::tracker
