// What server.hpp's problem() answers need beyond their making. Pure.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// True when the answer is an RFC 9457 problem.
bool is_problem(const HttpResponse& response);

/// Puts `instance` (the path asked for) and `trace_id` into a problem that has none.
void complete_problem(HttpResponse& response, std::string_view path, std::string_view trace_id);

/// The bytes of a whole HTTP answer that says the error and closes the connection: for refusals
/// that no handler's thread is spent on.
std::string refusal_bytes(const Error& error);

}  // namespace podium
