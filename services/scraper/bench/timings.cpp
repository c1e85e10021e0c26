#include "services/scraper/bench/timings.hpp"

#include <algorithm>
#include <limits>
#include <print>

namespace podium::scraper::bench {

double Timings::least() const {
  if (seconds_.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::ranges::min(seconds_);
}

double Timings::median() const {
  if (seconds_.empty()) return std::numeric_limits<double>::quiet_NaN();
  auto sorted = seconds_;
  std::ranges::sort(sorted);
  const auto middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::chrono::duration<double> time_of(const std::function<void()>& action) {
  const auto begun = std::chrono::steady_clock::now();
  action();
  return std::chrono::steady_clock::now() - begun;
}

void print_row(const std::string& what, const Timings& timings) {
  std::println("  {:<34} {:>8.3f} s least  {:>8.3f} s median", what, timings.least(),
               timings.median());
}

void print_speed(const std::string& what, const Timings& ours, const Timings& theirs, double aim) {
  std::println("  {:<34} {:>8.2f}   least  {:>8.2f}   median  (aim: at least {:.2f})", what,
               theirs.least() / ours.least(), theirs.median() / ours.median(), aim);
}

void print_length(const std::string& what, const Timings& many, const Timings& one, double aim) {
  std::println("  {:<34} {:>8.2f}   least  {:>8.2f}   median  (aim: at most {:.2f})", what,
               many.least() / one.least(), many.median() / one.median(), aim);
}

}  // namespace podium::scraper::bench
