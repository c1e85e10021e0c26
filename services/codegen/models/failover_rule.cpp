#include "services/codegen/models/failover_rule.hpp"

#include <algorithm>
#include <numeric>

#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {
namespace {

/// Only a person mends it.
bool is_about_the_account(const Error& error) {
  return error.is(model_errors::kKeyRefused) || error.is(model_errors::kNoMoney) ||
         error.is(model_errors::kModelUnknown);
}

}  // namespace

bool another_may_help(const Error& error) {
  return is_about_the_account(error) || error.is(model_errors::kRateLimited) ||
         error.is(model_errors::kOverloaded) || error.is(model_errors::kUnavailable);
}

Error combined(std::span<const Error> failed) {
  const auto passing = std::ranges::find_if(
      failed, [](const Error& error) { return error.code->disposition == Disposition::retry; });
  Error error = passing == failed.end() ? failed.back() : *passing;
  error.detail = failed.front().text();
  for (const Error& next : failed.subspan(1)) error.detail += "; " + next.text();
  return error;
}

ProviderRests::ProviderRests(std::size_t providers) : rests_until_(providers, SteadyTime::min()) {}

std::vector<std::size_t> ProviderRests::order(SteadyTime now) const {
  std::vector<std::size_t> order(rests_until_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t provider) {
    const SteadyTime until = rests_until_[provider];
    return until > now ? until : SteadyTime::min();
  });
  return order;
}

void ProviderRests::failed(std::size_t provider, const Error& error, SteadyTime now) {
  rests_until_[provider] = now + (is_about_the_account(error) ? kAccountRest : kDownRest);
}

void ProviderRests::answered(std::size_t provider) {
  rests_until_[provider] = SteadyTime::min();
}

}  // namespace podium::codegen::models
