// Events as protobuf JSON in one line, with the names of the proto: what the gateway streams and
// what
// `--json` prints. Pure. Thread-safe.
#pragma once

#include <string>

#include "podium/v1/event.pb.h"

namespace podium::cli {

std::string to_json_line(const v1::Event& event);

/// An event without payload when the text is none; fields of a newer version are left out.
v1::Event event_of_json(const std::string& json);

}  // namespace podium::cli
