#include "services/scraper/adapters/competition_folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "libs/competition/reasons.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/limits.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;

constexpr std::string_view kFactsFile = "competition.json";
constexpr std::string_view kDataFolder = "data";

bool is_page(const fs::path& file) {
  return file.extension() == ".md";
}

Result<std::string> text_of(const fs::path& file) {
  if (fs::file_size(file) > kTextBytesMax) {
    return fail(reasons::kDataUnreadable, file.filename().string() + " is larger than 1 MiB");
  }
  std::ifstream in{file, std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

Result<void> take_entry(const fs::directory_entry& entry, const fs::path& target) {
  const auto status = entry.symlink_status();
  if (!fs::is_regular_file(status) && !fs::is_directory(status)) {
    return fail(reasons::kArchiveUnsafe,
                entry.path().filename().string() + " is neither a file nor a folder");
  }
  // Links, where the disk is the same: the data may be large, and it is only read.
  const auto place = target / entry.path().filename();
  constexpr auto kCopy = fs::copy_options::recursive | fs::copy_options::copy_symlinks;
  std::error_code failed;
  fs::copy(entry.path(), place, kCopy | fs::copy_options::create_hard_links, failed);
  if (!failed) return {};
  fs::remove_all(place);
  fs::copy(entry.path(), place, kCopy);
  return {};
}

}  // namespace

Result<competition::ToldFacts> read_told_facts(const fs::path& folder) try {
  competition::ToldFacts told;
  const auto facts = folder / kFactsFile;
  if (fs::is_regular_file(fs::symlink_status(facts))) {
    const auto json = PODIUM_TRY(text_of(facts));
    told = PODIUM_TRY(competition::parse_competition_file(json));
  }
  std::vector<fs::path> pages;
  for (const auto& entry : fs::directory_iterator{folder}) {
    if (fs::is_regular_file(entry.symlink_status()) && is_page(entry.path())) {
      pages.push_back(entry.path());
    }
  }
  std::ranges::sort(pages);
  for (const auto& page : pages) {
    if (told.pages.size() >= competition::kPagesMax) break;
    const auto text = PODIUM_TRY(text_of(page));
    told.pages.push_back(competition::make_page(page.stem().string(), text));
  }
  return told;
} catch (const fs::filesystem_error& error) {
  return fail(reasons::kDataUnreadable, error.what());
}

fs::path inner_folder(const fs::path& folder) {
  std::error_code failed;
  fs::directory_iterator at{folder, failed};
  if (failed || at == fs::directory_iterator{}) return folder;
  const fs::path only = at->path();
  const bool lone = ++at == fs::directory_iterator{};
  const bool wraps =
      lone && only.filename() != kDataFolder && fs::is_directory(fs::symlink_status(only, failed));
  return wraps ? only : folder;
}

Result<void> take_data(const fs::path& folder, const fs::path& target) try {
  const bool apart = fs::is_directory(fs::symlink_status(folder / kDataFolder));
  for (const auto& entry : fs::directory_iterator{apart ? folder / kDataFolder : folder}) {
    const bool told = entry.path().filename() == kFactsFile || is_page(entry.path());
    if (!apart && told) continue;
    PODIUM_TRY(take_entry(entry, target));
  }
  return {};
} catch (const fs::filesystem_error& error) {
  return disk_trouble(error);
}

}  // namespace podium::scraper
