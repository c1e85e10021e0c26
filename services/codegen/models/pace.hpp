// When the next call to one provider may begin: the one account of places and rates that all jobs
// share. Pure: time comes in, nothing waits here. Its owner guards it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

#include "services/codegen/models/model_provider.hpp"
#include "services/codegen/models/rate_limits.hpp"

namespace podium::codegen::models {

/// An allowance that fills itself up evenly until it is full again.
class FillingBudget {
 public:
  /// What a vendor's headers say now; nothing changes when they do not say what is left and when it
  /// is full. `under_way` is what later calls will still take.
  void set(const RateBudget& told, std::uint64_t under_way, SteadyTime now);
  void take(std::uint64_t amount, SteadyTime now);
  /// Until so much is there, or all of it where that is less; 0 when nothing is known.
  std::chrono::milliseconds wait(std::uint64_t amount, SteadyTime now) const;

 private:
  bool known(SteadyTime now) const { return now < full_at_; }
  double left(SteadyTime now) const;

  double left_then_ = 0;
  std::optional<double> limit_{};
  SteadyTime then_{};
  SteadyTime full_at_ = SteadyTime::min();
};

class Pace {
 public:
  /// Calls under way at once, at most.
  explicit Pace(int calls_max);

  /// How long a call with a prompt of so many tokens has to wait; nullopt until another call ends.
  std::optional<std::chrono::milliseconds> wait(std::uint64_t prompt_tokens, SteadyTime now) const;
  /// The call begins; its number, for ended().
  std::uint64_t begin(std::uint64_t prompt_tokens, SteadyTime now);
  /// The call is over. `hold` is set when the provider wants fewer calls: none begins for so long,
  /// and half as many places are open, which come back one by one with each answer.
  void end(std::uint64_t call, const RateLimits& rates,
           std::optional<std::chrono::milliseconds> hold, SteadyTime now);

 private:
  int calls_max_;
  int places_;
  std::uint64_t last_call_ = 0;
  /// Calls up to this one began before the places were halved: their failures are no news.
  std::uint64_t halved_at_call_ = 0;
  SteadyTime held_until_ = SteadyTime::min();
  FillingBudget requests_;
  FillingBudget tokens_;
  FillingBudget input_tokens_;
  FillingBudget output_tokens_;
  /// Prompt tokens of the calls under way.
  std::map<std::uint64_t, std::uint64_t> under_way_;
};

}  // namespace podium::codegen::models
