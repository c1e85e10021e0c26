// Streams as the vendors send them, and how tests read them. Test code; values only.
#pragma once

#include <string>
#include <string_view>

#include "services/codegen/models/wire_format.hpp"

namespace podium::codegen::models::testing {

/// A whole answer "hello wörld" of each API, with usage.
std::string anthropic_stream();
std::string chat_stream();
std::string responses_stream();

/// One event of Anthropic's and the Responses API, named by its type.
std::string event(std::string_view data);
/// One chunk of chat completions.
std::string chunk(std::string_view data);

/// What a reader makes of a stream that comes in pieces of so many bytes and then ends.
StreamedReply read_stream(const WireFormat& wire, std::string_view stream,
                          std::size_t piece_bytes = std::string_view::npos);

/// A request of one user message.
ModelRequest request_of(std::string text);

}  // namespace podium::codegen::models::testing
