#include "services/codegen/models/pace.hpp"

#include <algorithm>
#include <cmath>

namespace podium::codegen::models {

using std::chrono::milliseconds;

namespace {

double count_ms(SteadyTime::duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}

}  // namespace

void FillingBudget::set(const RateBudget& told, std::uint64_t under_way, SteadyTime now) {
  if (!told.remaining || !told.reset) return;
  left_then_ = std::max(0.0, static_cast<double>(*told.remaining) - static_cast<double>(under_way));
  limit_.reset();
  if (told.limit) limit_ = static_cast<double>(*told.limit);
  then_ = now;
  full_at_ = now + *told.reset;
}

double FillingBudget::left(SteadyTime now) const {
  if (!limit_ || *limit_ <= left_then_) return left_then_;
  const double passed = count_ms(now - then_) / count_ms(full_at_ - then_);
  return left_then_ + (*limit_ - left_then_) * passed;
}

void FillingBudget::take(std::uint64_t amount, SteadyTime now) {
  if (!known(now)) return;
  left_then_ = std::max(0.0, left(now) - static_cast<double>(amount));
  then_ = now;
}

milliseconds FillingBudget::wait(std::uint64_t amount, SteadyTime now) const {
  if (!known(now)) return milliseconds{0};
  double wanted = static_cast<double>(amount);
  if (limit_) wanted = std::min(wanted, *limit_);
  const double there = left(now);
  if (there >= wanted) return milliseconds{0};
  const double whole = count_ms(full_at_ - now);
  const double part = limit_ ? (wanted - there) / (*limit_ - there) : 1.0;
  return milliseconds{static_cast<milliseconds::rep>(std::ceil(whole * part))};
}

Pace::Pace(int calls_max) : calls_max_{std::max(1, calls_max)}, places_{calls_max_} {}

std::optional<milliseconds> Pace::wait(std::uint64_t prompt_tokens, SteadyTime now) const {
  if (under_way_.size() >= static_cast<std::size_t>(places_)) return std::nullopt;
  milliseconds held{0};
  if (now < held_until_) held = std::chrono::ceil<milliseconds>(held_until_ - now);
  return std::max({held, requests_.wait(1, now), tokens_.wait(prompt_tokens, now),
                   input_tokens_.wait(prompt_tokens, now), output_tokens_.wait(1, now)});
}

std::uint64_t Pace::begin(std::uint64_t prompt_tokens, SteadyTime now) {
  requests_.take(1, now);
  tokens_.take(prompt_tokens, now);
  input_tokens_.take(prompt_tokens, now);
  under_way_[++last_call_] = prompt_tokens;
  return last_call_;
}

void Pace::end(std::uint64_t call, const RateLimits& rates, std::optional<milliseconds> hold,
               SteadyTime now) {
  under_way_.erase(call);
  // The vendor cannot have counted what began after this call.
  std::uint64_t calls = 0;
  std::uint64_t tokens = 0;
  for (auto later = under_way_.upper_bound(call); later != under_way_.end(); ++later) {
    ++calls;
    tokens += later->second;
  }
  requests_.set(rates.requests, calls, now);
  tokens_.set(rates.tokens, tokens, now);
  input_tokens_.set(rates.input_tokens, tokens, now);
  output_tokens_.set(rates.output_tokens, 0, now);
  if (!hold) {
    places_ = std::min(calls_max_, places_ + 1);
    return;
  }
  held_until_ = std::max(held_until_, now + *hold);
  if (call <= halved_at_call_) return;
  places_ = std::max(1, places_ / 2);
  halved_at_call_ = last_call_;
}

}  // namespace podium::codegen::models
