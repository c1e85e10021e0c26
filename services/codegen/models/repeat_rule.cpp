#include "services/codegen/models/repeat_rule.hpp"

#include <algorithm>

#include "services/codegen/models/model_errors.hpp"
#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {
namespace {

using std::chrono::milliseconds;

bool may_pass(const Error& error, const RateLimits& rates) {
  // Our own end is final, whatever the vendor says.
  if (error.is(errors::kStopped) || error.is(errors::kTimeout)) return false;
  if (rates.should_retry) return *rates.should_retry;
  return is_throttled(error) || error.is(model_errors::kUnavailable);
}

milliseconds part_of(milliseconds whole, double part) {
  return milliseconds{static_cast<milliseconds::rep>(static_cast<double>(whole.count()) * part)};
}

}  // namespace

std::optional<milliseconds> repeat_delay(const Error& error, const RateLimits& rates, int tries,
                                         double chance) {
  if (tries >= kTriesMax || !may_pass(error, rates)) return std::nullopt;
  if (rates.retry_after) {
    if (*rates.retry_after > kWaitMax) return std::nullopt;
    return *rates.retry_after + part_of(*rates.retry_after, chance / 4);
  }
  auto delay = error.is(model_errors::kOverloaded) ? kOverloadDelayFirst : kRepeatDelayFirst;
  for (int tried = 1; tried < tries && delay < kRepeatDelayMax; ++tried) delay *= 2;
  return part_of(std::min(delay, kRepeatDelayMax), 0.5 + chance / 2);
}

bool is_throttled(const Error& error) {
  return error.is(model_errors::kRateLimited) || error.is(model_errors::kOverloaded);
}

}  // namespace podium::codegen::models
