#include "services/codegen/bench/bench_program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <print>
#include <string>
#include <vector>

#include "services/codegen/bench/ablations.hpp"
#include "services/codegen/bench/comparison.hpp"
#include "services/codegen/bench/report.hpp"

namespace podium::codegen::bench {
namespace {

constexpr std::uint32_t kJobsMax = 1'000'000;
constexpr std::uint32_t kWorkersMax = 16;
/// Work of a job in the table of speed-ups.
constexpr std::uint32_t kSpeedCandidates = 32;

struct Wanted {
  std::string table = "policies";
  std::vector<std::string> landscapes;
  std::vector<std::string> policies;
  std::vector<std::uint32_t> workers;
  std::uint32_t jobs = 200;
  std::uint64_t first_seed = 1;
  bool json = false;
};

void describe(CLI::App& app, Wanted& wanted) {
  app.add_option("--table", wanted.table, "what is compared")
      ->check(CLI::IsMember({"policies", "ablations", "speed"}))
      ->capture_default_str();
  app.add_option("--landscape", wanted.landscapes, "only these; all when none is named");
  app.add_option("--policy", wanted.policies, "only these; all when none is named");
  app.add_option("--workers", wanted.workers, "parallel candidates of a job")
      ->check(CLI::Range(1U, kWorkersMax));
  app.add_option("--jobs", wanted.jobs, "jobs of each combination")
      ->check(CLI::Range(1U, kJobsMax))
      ->capture_default_str();
  app.add_option("--first-seed", wanted.first_seed, "seed of the first job")->capture_default_str();
  app.add_flag("--json", wanted.json, "for programs");
}

bool is_among(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::ranges::find(names, name) != names.end();
}

std::vector<std::uint32_t> workers_of(const Wanted& wanted) {
  if (!wanted.workers.empty()) return wanted.workers;
  if (wanted.table == "speed") return {1, 2, 4, 16};
  if (wanted.table == "ablations") return {4};
  return {1, 4, 16};
}

Comparison comparison_of(const Wanted& wanted) {
  Comparison comparison{.jobs = wanted.jobs, .first_seed = wanted.first_seed};
  comparison.workers = workers_of(wanted);
  for (auto landscape : landscapes()) {
    if (!is_among(wanted.landscapes, landscape.name)) continue;
    if (wanted.table == "speed") {
      if (wanted.landscapes.empty() && landscape.name != "smooth") continue;
      landscape.budget = {.candidates = kSpeedCandidates};
    }
    comparison.landscapes.push_back(landscape);
  }
  const auto known = search_policies();
  auto policies =
      wanted.table == "ablations" ? ablations() : std::vector(known.begin(), known.end());
  for (auto& policy : policies) {
    if (is_among(wanted.policies, policy.name)) comparison.policies.push_back(std::move(policy));
  }
  return comparison;
}

}  // namespace

int run_bench_search(int argc, char** argv) {
  CLI::App app{"Compares search policies on simulated competitions.", "podium-bench-search"};
  Wanted wanted;
  describe(app, wanted);
  CLI11_PARSE(app, argc, argv);
  const auto comparison = comparison_of(wanted);
  if (comparison.landscapes.empty() || comparison.policies.empty()) {
    std::println(stderr, "podium-bench-search: there is no such landscape or policy");
    return 2;
  }
  const auto cells = compare(comparison);
  if (wanted.json) {
    std::print("{}", json_of(cells));
  } else {
    std::print("{}", wanted.table == "speed" ? speed_table_of(cells) : table_of(cells));
  }
  return 0;
}

}  // namespace podium::codegen::bench
