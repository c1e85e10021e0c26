#include "services/scraper/bench/memory_bench.hpp"

#include <algorithm>
#include <filesystem>
#include <format>
#include <fstream>
#include <print>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "libs/chassis/clock.hpp"
#include "services/scraper/bench/scrape_world.hpp"
#include "services/scraper/bench/table_text.hpp"

namespace podium::scraper::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSmallShare = 20;
constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
constexpr std::chrono::hours kScrapeMax{2};
constexpr std::chrono::milliseconds kLookEvery{20};

/// A word of /proc/<pid>/status; empty when the process is gone.
std::string in_status(const fs::path& process, std::string_view name) {
  std::ifstream status{process / "status"};
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(name)) continue;
    std::string word;
    std::istringstream{line.substr(name.size())} >> word;
    return word;
  }
  return {};
}

std::uint64_t peak_kilobytes(const fs::path& process) {
  const auto told = in_status(process, "VmHWM:");
  return told.empty() ? 0 : std::stoull(told);
}

/// Of all that a process has run as podium-unpack since.
class UnpackPeak {
 public:
  explicit UnpackPeak(pid_t parent)
      : parent_{std::to_string(parent)}, thread_{[this](const std::stop_token& stop) {
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
    std::error_code gone;
    fs::directory_iterator process{"/proc", gone};
    for (; !gone && process != fs::directory_iterator{}; process.increment(gone)) {
      const auto name = process->path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      // Until it is that program a child is a copy of its parent.
      if (in_status(*process, "PPid:") != parent_) continue;
      if (in_status(*process, "Name:") != "podium-unpack") continue;
      kilobytes_ = std::max(kilobytes_, peak_kilobytes(*process));
    }
  }

  std::string parent_;
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
    UnpackPeak unpack{world.scraper_pid()};
    const auto took = world.time_of_jobs("long-table", 1, kScrapeMax);
    const auto scraper = peak_kilobytes(fs::path{"/proc"} / std::to_string(world.scraper_pid()));
    std::println("  {:>6} MB: {:.0f} s, scraper {} MiB, podium-unpack {} MiB", size, took.count(),
                 scraper / 1024, unpack.kilobytes() / 1024);
  }
}

}  // namespace podium::scraper::bench
