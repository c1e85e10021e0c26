#include "libs/competition/distinct_counter.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

namespace podium::competition {
namespace {

constexpr unsigned kPrecision = 12;
constexpr std::size_t kRegisters = std::size_t{1} << kPrecision;
constexpr unsigned kRankMax = 64 - kPrecision + 1;
constexpr std::size_t kFirstSlots = 16;

// The finalizer of MurmurHash3: spreads std::hash over all bits.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33U;
  x *= 0xFF51AFD7ED558CCDULL;
  x ^= x >> 33U;
  x *= 0xC4CEB9FE1A85EC53ULL;
  return x ^ (x >> 33U);
}

// Ertl 2017, equations for sigma and tau.
double sigma(double x) {
  if (x == 1.0) return std::numeric_limits<double>::infinity();
  double y = 1;
  double z = x;
  double before = -1;
  while (z != before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

double tau(double x) {
  if (x == 0.0 || x == 1.0) return 0;
  double y = 1;
  double z = 1 - x;
  double before = -1;
  while (z != before) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

void HyperLogLog::add(std::uint64_t hash) {
  if (registers_.empty()) registers_.resize(kRegisters);
  const std::uint64_t rest = hash << kPrecision;
  const auto rank = std::min(static_cast<unsigned>(std::countl_zero(rest)) + 1, kRankMax);
  std::uint8_t& kept = registers_[hash >> (64 - kPrecision)];
  kept = std::max(kept, static_cast<std::uint8_t>(rank));
}

double HyperLogLog::estimate() const {
  if (registers_.empty()) return 0;
  std::array<double, kRankMax + 1> counts{};
  for (const std::uint8_t rank : registers_) counts[rank] += 1;
  const auto m = static_cast<double>(kRegisters);
  double z = m * tau(1 - counts[kRankMax] / m);
  for (unsigned k = kRankMax - 1; k >= 1; --k) z = 0.5 * (z + counts[k]);
  z += m * sigma(counts[0] / m);
  return m * m / (2 * std::numbers::ln2 * z);
}

DistinctCounter::DistinctCounter(std::size_t exact_max, DistinctBudget& budget)
    : exact_max_{exact_max}, budget_{&budget} {}

void DistinctCounter::add(std::string_view value) {
  const std::uint64_t hash = mix(std::hash<std::string_view>{}(value));
  if (!exact_) {
    estimate_.add(hash);
    return;
  }
  if ((size_ + 1) * 2 > slots_.size() && !grow()) {
    give_up_exactness();
    estimate_.add(hash);
    return;
  }
  if (!insert(hash)) repeated_ = true;
  if (repeated_ && size_ > exact_max_) give_up_exactness();
}

std::uint64_t DistinctCounter::count() const {
  return exact_ ? size_ : static_cast<std::uint64_t>(std::llround(estimate_.estimate()));
}

// False when the hash is there already. 0 marks a free slot.
bool DistinctCounter::insert(std::uint64_t hash) {
  hash = std::max<std::uint64_t>(hash, 1);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at] != 0) {
    if (slots_[at] == hash) return false;
    at = (at + 1) & mask;
  }
  slots_[at] = hash;
  ++size_;
  return true;
}

// Doubles the slots; false when what goes beyond the limit is more than the budget has left.
bool DistinctCounter::grow() {
  const std::size_t slots = std::max(kFirstSlots, slots_.size() * 2);
  if (slots > exact_max_ * 4 && slots > kFirstSlots) {
    const std::size_t bytes = (slots - slots_.size()) * sizeof(std::uint64_t);
    if (bytes > budget_->bytes_left) return false;
    budget_->bytes_left -= bytes;
    budget_bytes_ += bytes;
  }
  std::vector<std::uint64_t> before(slots);
  before.swap(slots_);
  size_ = 0;
  for (const std::uint64_t hash : before) {
    if (hash != 0) insert(hash);
  }
  return true;
}

void DistinctCounter::give_up_exactness() {
  for (const std::uint64_t hash : slots_) {
    if (hash != 0) estimate_.add(hash);
  }
  exact_ = false;
  slots_ = {};
  budget_->bytes_left += budget_bytes_;
  budget_bytes_ = 0;
}

}  // namespace podium::competition
