// The answers that all routes share: plain ones, and problems that name what is wrong with a
// request. Pure. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/http/server.hpp"
#include "services/gateway/run_request.hpp"

namespace podium::gateway {

HttpResponse answer(int status, std::string body,
                    std::string_view content_type = "application/json");

/// 400 with `errors[]{pointer, detail}` (RFC 9457, section 3.1).
HttpResponse wrong_fields(const FieldErrors& errors);
HttpResponse wrong_query(std::string_view name, std::string detail);

}  // namespace podium::gateway
