// What an SQLSTATE (PostgreSQL documentation, appendix A) means to us. Pure.
#pragma once

#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::postgres {

/// The error code for a five-character SQLSTATE, as postgres.hpp lists them; an empty one (the
/// connection was lost before the server could say anything) is UNAVAILABLE.
const ErrorCode& error_of(std::string_view sqlstate);

}  // namespace podium::postgres
