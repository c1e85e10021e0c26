// Seconds of what was done several times, and how two such rows compare. Values.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace podium::scraper::bench {

class Timings {
 public:
  void add(std::chrono::duration<double> took) { seconds_.push_back(took.count()); }
  /// Both are NaN when nothing was timed.
  double least() const;
  double median() const;

 private:
  std::vector<double> seconds_;
};

/// How long `action` takes.
std::chrono::duration<double> time_of(const std::function<void()>& action);

/// "  curl -o                 0.123 s least, 0.130 s median".
void print_row(const std::string& what, const Timings& timings);
/// How many times faster `ours` is than `theirs`, by the least and by the median.
void print_speed(const std::string& what, const Timings& ours, const Timings& theirs, double aim);
/// How many times longer `many` takes than `one`, by the least and by the median.
void print_length(const std::string& what, const Timings& many, const Timings& one, double aim);

}  // namespace podium::scraper::bench
