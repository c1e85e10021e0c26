// The metrics that several files of the HTTP server emit. Constants.
#pragma once

#include "libs/chassis/metrics.hpp"

namespace podium::http {

inline constexpr Metric kRequestsShed{"podium_http_requests_shed_total",
                                      "Requests answered 503 because the server was full."};

}  // namespace podium::http
