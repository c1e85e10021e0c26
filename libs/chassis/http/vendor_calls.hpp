// Calls to services outside Podium as one metric, so that who keeps a stack running sees which
// vendor fails and how. Every attempt counts, also one that is repeated. Thread-safe.
#pragma once

#include <string_view>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

namespace metrics {
/// Labels: vendor; operation; code, which is the HTTP status or the name of the error.
inline constexpr Metric kVendorCalls{
    "podium_vendor_calls_total",
    "Calls to outside vendors, each attempt, by HTTP status or name of the error."};
}  // namespace metrics

struct VendorCall {
  /// Such as `kaggle` or `anthropic`.
  std::string_view vendor;
  /// One of a few: never an address, a name of a file or an id.
  std::string_view operation;
};

/// Counts what came of one attempt. A code of one's own is for an answer that says more than its
/// status.
void count_vendor_call(const VendorCall& call, std::string_view code);
void count_vendor_call(const VendorCall& call, const Result<HttpAnswer>& answer);

}  // namespace podium
