// The bus as user viewer sees it: events and log lines to read, nothing to change.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium::cli {

/// NATS_URL; user viewer with PODIUM_VIEWER_PASSWORD(_FILE), or NATS_USER and NATS_PASSWORD(_FILE).
BusOptions read_viewer_options(Environment& environment);

/// Messages that a stream holds on a subject, which may have wildcards.
Result<std::uint64_t> messages_on(Bus& bus, std::string_view stream, std::string_view subject);

}  // namespace podium::cli
