// Mends the archive from the stream: messages that the projection knew, that the stream still has,
// and that the archive lacks (a table that was damaged or restored from an older copy).
#pragma once

#include <cstdint>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"
#include "services/tracker/rows.hpp"

namespace podium::tracker {

/// Adds what is missing up to the checkpoint and returns how many messages that were. Reads the
/// stream only when the archive has fewer of its messages than the stream. UNAVAILABLE when the
/// stream does not give them. Safe to repeat.
Result<std::int64_t> fill_archive_from_stream(Session& session, Bus& bus,
                                              const Position& checkpoint);

}  // namespace podium::tracker
