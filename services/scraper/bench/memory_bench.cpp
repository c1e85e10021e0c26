#include "services/scraper/bench/memory_bench.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <format>
#include <fstream>
#include <print>
#include <stdexcept>
#include <string>
#include <thread>

#include "libs/chassis/clock.hpp"
#include "services/scraper/bench/scrape_world.hpp"
#include "services/scraper/bench/table_text.hpp"

namespace podium::scraper::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMegabyte = 1'000'000;
constexpr std::uint64_t kSmallShare = 20;
constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
constexpr std::chrono::hours kScrapeMax{2};
constexpr std::chrono::milliseconds kLookEvery{20};

/// A number of /proc/<pid>/status; 0 when the process is gone.
std::uint64_t number_in_status(const fs::path& process, std::string_view name) {
  std::ifstream status{process / "status"};
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(name)) continue;
    const auto from = line.find_first_of("0123456789");
    if (from == std::string::npos) return 0;
    std::uint64_t number = 0;
    std::from_chars(line.data() + from, line.data() + line.size(), number);
    return number;
  }
  return 0;
}

std::uint64_t peak_kilobytes(const fs::path& process) {
  return number_in_status(process, "VmHWM:");
}

/// Of all children that a process has had since.
class ChildrenPeak {
 public:
  explicit ChildrenPeak(pid_t parent)
      : parent_{static_cast<std::uint64_t>(parent)}, thread_{[this](const std::stop_token& stop) {
          do {
            look();
          } while (pause_for(kLookEvery, stop));
        }} {}

  std::uint64_t kilobytes() {
    thread_.request_stop();
    thread_.join();
    return kilobytes_;
  }

 private:
  void look() {
    std::error_code ignored;
    for (const auto& process : fs::directory_iterator{"/proc", ignored}) {
      const auto name = process.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      if (number_in_status(process, "PPid:") != parent_) continue;
      kilobytes_ = std::max(kilobytes_, peak_kilobytes(process));
    }
  }

  std::uint64_t parent_;
  std::uint64_t kilobytes_ = 0;  // the thread's, until it has ended
  std::jthread thread_;
};

void write_competition(const fs::path& folder, std::uint64_t bytes) {
  fs::create_directories(folder / "data");
  std::ofstream{folder / "data" / "sample_submission.csv"} << "id,label\n1,0\n2,1\n";
  std::ofstream{folder / "data" / "test.csv"}
      << "id,amount,kind,when\n1,3,kind-1,2026-01-02\n2,4,kind-2,2026-02-03\n";
  std::ofstream train{folder / "data" / "train.csv", std::ios::binary};
  TableText table{1};
  std::uint64_t written = 0;
  for (auto block = table.header(); written < bytes; block.clear()) {
    while (block.size() < kBlockBytes) table.append_row(block);
    train << block;
    written += block.size();
  }
  if (!train.flush()) throw std::runtime_error{"the table cannot be written"};
}

}  // namespace

void measure_memory(std::uint64_t megabytes) {
  std::println("The most memory while one table is scraped");
  for (const auto size : {std::max<std::uint64_t>(1, megabytes / kSmallShare), megabytes}) {
    ScrapeWorld world;
    const auto folder = world.folder() / "long-table";
    write_competition(folder, size * kMegabyte);
    world.add_competition("long-table", folder);
    world.restart();
    ChildrenPeak children{world.scraper()};
    const auto took = world.time_of_jobs("long-table", 1, kScrapeMax);
    const auto scraper = peak_kilobytes(fs::path{"/proc"} / std::to_string(world.scraper()));
    std::println("  {:>6} MB: {:.0f} s, scraper {} MiB, podium-unpack {} MiB", size, took.count(),
                 scraper / 1024, children.kilobytes() / 1024);
  }
}

}  // namespace podium::scraper::bench
