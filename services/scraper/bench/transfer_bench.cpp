#include "services/scraper/bench/transfer_bench.hpp"

#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <print>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "services/scraper/adapters/child_foreign_reader.hpp"
#include "services/scraper/bench/file_server.hpp"
#include "services/scraper/bench/table_text.hpp"
#include "services/scraper/bench/timings.hpp"
#include "services/scraper/kaggle/kaggle_download.hpp"
#include "services/scraper/testing/archives.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper::bench {
namespace {

namespace fs = std::filesystem;
using podium::testing::TemporaryFolder;

constexpr double kSpeedAim = 0.9;
constexpr std::uint64_t kSmallTableBytes = 40'000;
constexpr std::chrono::minutes kToolMax{5};

void run_tool(std::vector<std::string> command, const fs::path& folder) {
  podium::testing::Process tool{{.command = std::move(command),
                                 .environment = {},
                                 .user = std::nullopt,
                                 .output = folder / "tool.log"}};
  if (tool.wait(kToolMax) != 0) throw std::runtime_error{"a tool failed: " + tool.output()};
}

bool is_installed(const std::string& tool) {
  return std::system(std::format("command -v {} >/dev/null 2>&1", tool).c_str()) == 0;
}

fs::path new_folder(const fs::path& folder) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

std::string table_of(std::uint64_t bytes, unsigned seed) {
  TableText table{seed};
  auto text = table.header();
  text.reserve(bytes + 100);
  while (text.size() < bytes) table.append_row(text);
  return text;
}

void write_noise(const fs::path& file, std::uint64_t bytes) {
  std::mt19937_64 dice{1};
  std::ofstream out{file, std::ios::binary};
  for (std::uint64_t written = 0; written < bytes; written += sizeof(std::uint64_t)) {
    const std::uint64_t word = dice();
    out.write(reinterpret_cast<const char*>(&word), sizeof word);
  }
}

void download_by_product(const FileServer& server, const fs::path& folder) {
  KaggleClient kaggle{{.url = "http://" + server.host() + "/v1", .authorization = {}}};
  const auto file = download_data(kaggle,
                                  {.slug = "bench",
                                   .folder = folder,
                                   .bytes_max = ~std::uint64_t{0},
                                   .storage_hosts = {server.host()}},
                                  {});
  if (!file) throw std::runtime_error{file.error().text()};
}

/// Until the tables are looked at, which the tools do not do: unpacked is all by then.
void unpack_by_product(const ChildForeignReader& reader_of_files, const fs::path& folder) {
  auto reader = reader_of_files;
  std::stop_source stop;
  bool is_unpacked = false;
  FetchControl control{.stop = stop.get_token()};
  control.on_progress = [&](std::string_view phase, std::uint64_t, std::uint64_t) {
    if (phase != kProfiling) return;
    is_unpacked = true;
    stop.request_stop();
  };
  const auto read = reader.read_data(folder, {}, control);
  if (!is_unpacked) throw std::runtime_error{read ? "nothing was unpacked" : read.error().text()};
}

struct Unpacking {
  Timings ours;
  Timings whole;
  Timings unzip;
  Timings bsdtar;
};

Unpacking unpack_all_ways(const fs::path& archive, const TransferBench& wanted, bool has_bsdtar) {
  const TemporaryFolder folder;
  const ChildForeignReader reader{{.program = PODIUM_UNPACK_PROGRAM}};
  const auto in_packed = [&] {
    const auto own = new_folder(folder.path() / "ours");
    fs::create_directories(own / "packed");
    fs::create_hard_link(archive, own / "packed" / archive.filename());
    return own;
  };
  Unpacking timed;
  for (int number = 0; number < wanted.repetitions; ++number) {
    const auto ours = in_packed();
    timed.ours.add(time_of([&] { unpack_by_product(reader, ours); }));
    const auto theirs = new_folder(folder.path() / "theirs");
    timed.unzip.add(time_of([&] {
      run_tool({"unzip", "-q", archive.string(), "-d", theirs.string()}, folder.path());
    }));
    new_folder(theirs);
    if (has_bsdtar) {
      timed.bsdtar.add(time_of([&] {
        run_tool({"bsdtar", "-xf", archive.string(), "-C", theirs.string()}, folder.path());
      }));
    }
  }
  auto whole = reader;
  const auto own = in_packed();
  timed.whole.add(time_of([&] {
    const auto read = whole.read_data(own, {}, {});
    if (!read) throw std::runtime_error{read.error().text()};
  }));
  return timed;
}

void compare_unpacking_of(const std::string& what,
                          const std::vector<testing::ArchiveMember>& members,
                          const TransferBench& wanted) {
  const TemporaryFolder folder;
  const auto archive = folder.path() / "archive.zip";
  testing::write_archive(archive, members);
  const bool has_bsdtar = is_installed("bsdtar");
  const auto timed = unpack_all_ways(archive, wanted, has_bsdtar);
  std::println("Unpacking {} ({} MB packed), {} times", what, fs::file_size(archive) / kMegabyte,
               wanted.repetitions);
  print_row("podium-unpack", timed.ours);
  print_row("unzip", timed.unzip);
  if (has_bsdtar) print_row("bsdtar -xf", timed.bsdtar);
  print_speed("speed, unzip's being 1", timed.ours, timed.unzip, kSpeedAim);
  if (has_bsdtar) print_speed("speed, bsdtar's being 1", timed.ours, timed.bsdtar, kSpeedAim);
  if (!has_bsdtar) std::println("  (bsdtar is not installed here)");
  std::println("  with profile, hashes and tar: {:.3f} s", timed.whole.least());
}

}  // namespace

void compare_downloads(const TransferBench& wanted) {
  const TemporaryFolder folder;
  write_noise(folder.path() / "served", wanted.megabytes * kMegabyte);
  const FileServer server{folder.path() / "served"};
  Timings ours;
  Timings curl;
  for (int number = 0; number < wanted.repetitions; ++number) {
    const auto own = new_folder(folder.path() / "ours");
    ours.add(time_of([&] { download_by_product(server, own); }));
    const auto theirs = new_folder(folder.path() / "theirs");
    curl.add(time_of([&] {
      run_tool({"curl", "-s", "-f", "-o", (theirs / "bench.zip").string(), server.url()},
               folder.path());
    }));
  }
  std::println("Downloading {} MB from this machine, {} times", wanted.megabytes,
               wanted.repetitions);
  print_row("the scraper's download", ours);
  print_row("curl -o", curl);
  print_speed("speed, curl's being 1", ours, curl, kSpeedAim);
}

void compare_unpacking(const TransferBench& wanted) {
  const auto bytes = wanted.megabytes * kMegabyte;
  const testing::ArchiveMember sample{.path = "sample_submission.csv",
                                      .content = "id,label\n1,0\n2,1\n"};
  const testing::ArchiveMember test{.path = "test.csv", .content = "id,amount\n1,3\n2,4\n"};
  std::vector<testing::ArchiveMember> small{sample, test};
  for (unsigned number = 1; number <= bytes / kSmallTableBytes; ++number) {
    small.push_back({.path = std::format("tables/{}.csv", number),
                     .content = table_of(kSmallTableBytes, number)});
  }
  compare_unpacking_of(std::format("{} tables", small.size()), small, wanted);
  small.clear();
  compare_unpacking_of("one large table",
                       {sample, test, {.path = "train.csv", .content = table_of(bytes, 1)}},
                       wanted);
}

}  // namespace podium::scraper::bench
