// Which of several providers is asked, and when the next one. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen::models {

/// The provider is down, throttles, has no money, no such model or a bad key; not when the request
/// itself is at fault or our own time is over.
bool another_may_help(const Error& error);

/// One error for several providers that failed, in the order they were asked: the first that may
/// pass by itself, else the last; its detail holds all of them. `failed` is not empty.
Error combined(std::span<const Error> failed);

/// Which providers rest because they failed lately. Its owner guards it.
class ProviderRests {
 public:
  explicit ProviderRests(std::size_t providers);

  /// All providers: those awake in their given order, then those at rest, the soonest awake first.
  std::vector<std::size_t> order(SteadyTime now) const;
  void failed(std::size_t provider, const Error& error, SteadyTime now);
  void answered(std::size_t provider);

 private:
  std::vector<SteadyTime> rests_until_;
};

}  // namespace podium::codegen::models
