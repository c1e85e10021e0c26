// Chance in the simulator: everything that happens is drawn from a seed, so that the same seed
// gives the same job. Not thread-safe.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace podium::codegen::bench {

class Dice {
 public:
  /// Draws of one purpose in one job do not depend on how many were drawn for another.
  Dice(std::uint64_t seed, std::uint64_t purpose) : random_{mixed(seed, purpose)} {}

  /// From `low` up to and without `high`.
  double between(double low, double high) {
    return std::uniform_real_distribution<double>{low, high}(random_);
  }
  bool falls(double probability) { return between(0, 1) < probability; }
  double normal(double deviation) {
    return deviation > 0 ? std::normal_distribution<double>{0, deviation}(random_) : 0;
  }
  /// Greater than 0, with this mean; few are much greater.
  double exponential(double mean) {
    return mean * std::exponential_distribution<double>{1}(random_);
  }
  /// Half of the draws are below `middle`.
  double log_normal(double middle, double deviation) {
    return middle * std::exp(normal(deviation));
  }
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
  }

 private:
  static std::mt19937_64 mixed(std::uint64_t seed, std::uint64_t purpose) {
    std::seed_seq words{seed & 0xffffffff, seed >> 32, purpose & 0xffffffff, purpose >> 32};
    return std::mt19937_64{words};
  }
  std::mt19937_64 random_;
};

}  // namespace podium::codegen::bench
