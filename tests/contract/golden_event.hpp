// Golden events: bytes of released events that later versions must still understand. See
// golden/README.md.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "podium/v1/event.pb.h"

namespace podium::testing {

/// The names of all payloads of the envelope.
std::vector<std::string> payload_names();

/// An event in which every field of the envelope and of the named payload is set, with values that
/// follow from the fields' names and numbers.
v1::Event full_event(std::string_view payload);

/// The paths of all fields that are set in a message, such as "drafted.code.sha256".
std::set<std::string> fields_set_in(const google::protobuf::Message& message);

/// The bytes on the bus: deterministic, fields in order of their numbers.
std::string bytes_of(const v1::Event& event);

/// Lower-case hexadecimal, 32 bytes a line.
std::string hex_of(std::string_view bytes);
/// Throws std::invalid_argument on anything but hexadecimal digits and line ends.
std::string bytes_of_hex(std::string_view text);

/// The stored goldens of a payload in their order, as paths without extension.
std::vector<std::filesystem::path> goldens_of(const std::filesystem::path& folder,
                                              std::string_view payload);

/// The content of a file; throws std::runtime_error when it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace podium::testing
