// The metrics that several files of the artifact stores emit. Constants.
#pragma once

#include "libs/chassis/metrics.hpp"

namespace podium::metrics {

inline constexpr Metric kBytesStored{"podium_artifact_bytes_total",
                                     "Bytes written to the artifact store."};
/// Labels: method; outcome, which is the HTTP status or the name of the error.
inline constexpr Metric kObjectRequests{"podium_object_store_requests_total",
                                        "Requests to the object store, each attempt."};

}  // namespace podium::metrics
