#include "services/executor/turns.hpp"

#include <algorithm>
#include <format>
#include <iterator>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

/// The bands of one round, each as often as it has turns, spread evenly (smooth weighted round
/// robin): after each choice the chosen band pays what all earn together.
std::vector<int> make_round() {
  constexpr int kBands = static_cast<int>(std::size(kBandTurns));
  int all = 0;
  for (const int turns : kBandTurns) all += turns;
  std::vector<int> earned(kBands, 0);
  std::vector<int> round;
  while (static_cast<int>(round.size()) < all) {
    for (int band = 0; band < kBands; ++band)
      earned[static_cast<std::size_t>(band)] += kBandTurns[band];
    const auto richest = std::ranges::max_element(earned);
    *richest -= all;
    round.push_back(static_cast<int>(richest - earned.begin()));
  }
  return round;
}

}  // namespace

std::string Turns::Queue::durable() const {
  return std::format("executor-{}-{}", resource_class, band);
}

Turns::Turns(std::vector<std::string> resource_classes)
    : classes_{std::move(resource_classes)}, round_{make_round()} {}

std::vector<Turns::Queue> Turns::order() const {
  std::vector<int> bands{round_[turn_ % round_.size()]};
  for (int band = 0; band < static_cast<int>(std::size(kBandTurns)); ++band) {
    if (band != bands.front()) bands.push_back(band);
  }
  std::vector<Queue> queues;
  for (const int band : bands) {
    for (std::size_t index = 0; index < classes_.size(); ++index) {
      queues.push_back({classes_[(index + turn_) % classes_.size()], band});
    }
  }
  return queues;
}

void Turns::taken() {
  ++turn_;
}

}  // namespace podium::executor
