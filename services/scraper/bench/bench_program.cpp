#include "services/scraper/bench/bench_program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <print>
#include <string>
#include <thread>
#include <vector>

#include "services/scraper/bench/memory_bench.hpp"
#include "services/scraper/bench/scrape_bench.hpp"
#include "services/scraper/bench/transfer_bench.hpp"

namespace podium::scraper::bench {
namespace {

constexpr int kRepetitionsMax = 1'000;
constexpr std::uint64_t kMegabytesMax = 10'000;

struct Wanted {
  std::vector<std::string> parts;
  TransferBench transfer;

  bool has(std::string_view part) const {
    return parts.empty() || std::ranges::find(parts, part) != parts.end();
  }
};

void describe(CLI::App& app, Wanted& wanted) {
  app.add_option("--part", wanted.parts, "only these; all when none is named")
      ->check(CLI::IsMember({"download", "unpack", "memory", "scrape"}));
  app.add_option("--repetitions", wanted.transfer.repetitions, "of everything, side by side")
      ->check(CLI::Range(1, kRepetitionsMax))
      ->capture_default_str();
  app.add_option("--megabytes", wanted.transfer.megabytes,
                 "to download, to unpack, and to scrape for memory")
      ->check(CLI::Range(std::uint64_t{1}, kMegabytesMax))
      ->capture_default_str();
}

}  // namespace

int run_bench_data(int argc, char** argv) {
  CLI::App app{"Measures download, unpacking, scrapes and their memory.", "podium-bench-data"};
  Wanted wanted;
  describe(app, wanted);
  CLI11_PARSE(app, argc, argv);
  try {
    std::println("{} processors", std::thread::hardware_concurrency());
    if (wanted.has("download")) compare_downloads(wanted.transfer);
    if (wanted.has("unpack")) compare_unpacking(wanted.transfer);
    if (wanted.has("memory")) measure_memory(wanted.transfer.megabytes);
    if (wanted.has("scrape")) time_scrapes(wanted.transfer.repetitions);
  } catch (const std::exception& error) {
    std::println(stderr, "podium-bench-data: {}", error.what());
    return 1;
  }
  return 0;
}

}  // namespace podium::scraper::bench
