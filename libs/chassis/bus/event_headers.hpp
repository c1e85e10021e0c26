// The headers that every event carries beside its body: the trace for whoever only looks at headers
// (W3C Trace Context), and CloudEvents' attributes in binary mode (CloudEvents 1.0, NATS binding).
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "podium/v1/event.pb.h"

namespace podium {

std::vector<std::pair<std::string, std::string>> headers_of(const v1::Event& event);

/// Percent-encodes what a CloudEvents header value may not hold: everything outside 0x21-0x7E, the
/// double quote and the percent sign (HTTP binding 1.0, section 3.1.3.2).
std::string header_value(std::string_view text);

}  // namespace podium
