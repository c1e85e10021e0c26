#include "libs/chassis/http/vendor_calls.hpp"

#include <string>

namespace podium {

void count_vendor_call(const VendorCall& call, std::string_view code) {
  count(metrics::kVendorCalls,
        {{"vendor", call.vendor}, {"operation", call.operation}, {"code", code}});
}

void count_vendor_call(const VendorCall& call, const Result<HttpAnswer>& answer) {
  count_vendor_call(
      call, answer ? std::to_string(answer->status) : std::string{answer.error().code->name});
}

}  // namespace podium
