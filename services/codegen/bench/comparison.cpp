#include "services/codegen/bench/comparison.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>

#include "services/codegen/bench/simulation.hpp"

namespace podium::codegen::bench {
namespace {

struct Combination {
  const Landscape* landscape = nullptr;
  std::uint32_t workers = 1;
  const SearchPolicy* policy = nullptr;
};

std::vector<Combination> combinations_of(const Comparison& comparison) {
  std::vector<Combination> all;
  for (const auto& landscape : comparison.landscapes) {
    for (const auto workers : comparison.workers) {
      for (const auto& policy : comparison.policies) all.emplace_back(&landscape, workers, &policy);
    }
  }
  return all;
}

template <typename Member>
Mean mean_over(const std::vector<JobResult>& jobs, Member member) {
  std::vector<double> values;
  for (const auto& job : jobs) values.push_back(static_cast<double>(job.*member));
  return mean_of(values);
}

Cell measure(const Combination& one, std::uint32_t jobs, std::uint64_t first_seed) {
  std::vector<JobResult> results;
  for (std::uint32_t job = 0; job < jobs; ++job) {
    results.push_back(simulate(*one.landscape, *one.policy, one.workers, first_seed + job));
  }
  return {.landscape = std::string{one.landscape->name},
          .workers = one.workers,
          .policy = one.policy->name,
          .answered_share = mean_over(results, &JobResult::answered).value,
          .regret = mean_over(results, &JobResult::regret),
          .regret_of_best = mean_over(results, &JobResult::regret_of_best),
          .first_answer_seconds = mean_over(results, &JobResult::first_answer_seconds),
          .seconds = mean_over(results, &JobResult::seconds),
          .candidates = mean_over(results, &JobResult::candidates),
          .tokens = mean_over(results, &JobResult::tokens)};
}

}  // namespace

Mean mean_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  const double count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  if (values.size() < 2) return {.value = mean};
  return {.value = mean, .standard_error = std::sqrt(squares / (count - 1) / count)};
}

std::vector<Cell> compare(const Comparison& comparison) {
  const auto combinations = combinations_of(comparison);
  std::vector<Cell> cells(combinations.size());
  std::atomic<std::size_t> taken = 0;
  const auto work = [&] {
    for (auto at = taken++; at < combinations.size(); at = taken++) {
      cells[at] = measure(combinations[at], comparison.jobs, comparison.first_seed);
    }
  };
  std::vector<std::jthread> helpers;
  const auto processors = std::max(std::thread::hardware_concurrency(), 1U);
  for (unsigned helper = 1; helper < processors; ++helper) helpers.emplace_back(work);
  work();
  helpers.clear();
  return cells;
}

}  // namespace podium::codegen::bench
