#include "services/scraper/unpack.hpp"

#include <algorithm>
#include <format>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "libs/competition/data_folder.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/archive_extraction.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/limits.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator{folder}) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

bool same_content(const fs::path& a, const fs::path& b) {
  if (!fs::is_regular_file(a) || !fs::is_regular_file(b)) return false;
  if (fs::file_size(a) != fs::file_size(b)) return false;
  std::ifstream left{a, std::ios::binary};
  std::ifstream right{b, std::ios::binary};
  std::vector<char> one(kBlockBytes);
  std::vector<char> other(kBlockBytes);
  while (left && right) {
    left.read(one.data(), static_cast<std::streamsize>(one.size()));
    right.read(other.data(), static_cast<std::streamsize>(other.size()));
    if (left.gcount() != right.gcount() || one != other) return false;
  }
  return true;
}

// Moves what was unpacked to where a person would look for it: a lone entry of the archive's own
// name, or any lone file, stands for the archive itself; anything else becomes a folder of its
// name.
void settle(const fs::path& unpacked, const fs::path& place, const fs::path& archive) {
  const auto entries = sorted_entries(unpacked);
  const auto name = bare_name(archive);
  const bool lone =
      entries.size() == 1 && (entries[0].filename() == name || fs::is_regular_file(entries[0]));
  fs::create_directories(place);
  if (lone) {
    fs::rename(entries[0], place / entries[0].filename());
  } else {
    fs::rename(unpacked, place / name);
  }
}

bool is_part(const fs::path& file) {
  const std::string ending = file.extension().string();
  return ending.size() == 4 && ending != ".000" &&
         std::ranges::all_of(ending.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

// Whether this is one of the files that an archive or a table was cut into: train.zip.001 ... Other
// files with a number at the end are what they are.
bool is_cut(const fs::path& file) {
  return is_part(file) && (is_archive(file.stem()) ||
                           competition::file_kind(file.stem().string()) == v1::FILE_KIND_TABLE);
}

// All parts of what `part` is one of, in order. DATA_UNREADABLE when one is missing.
Result<std::vector<fs::path>> parts_of(const fs::path& part) {
  int last = 0;
  for (const auto& entry : fs::directory_iterator{part.parent_path()}) {
    if (!is_cut(entry.path()) || entry.path().stem() != part.stem()) continue;
    last = std::max(last, std::stoi(entry.path().extension().string().substr(1)));
  }
  std::vector<fs::path> parts;
  for (int number = 1; number <= last; ++number) {
    parts.push_back(fs::path{part}.replace_extension(std::format(".{:03}", number)));
    if (fs::is_regular_file(fs::symlink_status(parts.back()))) continue;
    return fail(reasons::kDataUnreadable,
                std::format("{} is missing, a part of {}", parts.back().filename().string(),
                            part.stem().string()));
  }
  return parts;
}

Result<void> append(const fs::path& file, FileWriter& out) {
  std::ifstream in{file, std::ios::binary};
  std::vector<char> block(kBlockBytes);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    PODIUM_TRY(out.write({block.data(), static_cast<std::size_t>(in.gcount())}));
  }
  return {};
}

class Unpacking {
 public:
  Unpacking(fs::path scratch, UnpackAccount& account)
      : scratch_{std::move(scratch)}, account_{account} {}

  // Brings everything below `from` to `place`. What lies deeper than 0 came out of an archive and
  // is in the account already.
  Result<void> bring(const fs::path& from, const fs::path& place, int depth) {
    if (fs::exists(place) && !fs::is_directory(place)) {
      return fail(reasons::kArchiveUnsafe,
                  std::format("'{}' is a file and a folder", place.filename().string()));
    }
    fs::create_directories(place);
    for (const auto& entry : sorted_entries(from)) {
      if (is_clutter(entry.filename())) continue;
      const auto status = fs::symlink_status(entry);
      if (fs::is_directory(status)) {
        PODIUM_TRY(bring(entry, place / entry.filename(), depth));
      } else if (!fs::is_regular_file(status)) {
        return fail(reasons::kArchiveUnsafe,
                    std::format("'{}' is neither a file nor a folder", entry.filename().string()));
      } else if (is_cut(entry)) {
        PODIUM_TRY(put_together(entry, place, depth));
      } else if (is_archive(entry) && depth < kNestingMax) {
        PODIUM_TRY(open_up(entry, place, depth));
      } else {
        PODIUM_TRY(take_over(entry, place / entry.filename(), depth));
      }
    }
    return {};
  }

 private:
  // Unpacks an archive beside the target, then brings what was in it, archives included.
  Result<void> open_up(const fs::path& file, const fs::path& place, int depth) {
    const auto& control = account_.control();
    if (control.on_file) control.on_file(file.filename().string());
    if (fs::exists(fs::path{file}.replace_extension(".z01"))) {
      return fail(reasons::kDataUnreadable,
                  std::format("{} is the last of several parts of a zip: make one file of them "
                              "(zip -s 0) and send the data as a folder",
                              file.filename().string()));
    }
    const auto own = scratch_ / std::to_string(++opened_);
    const auto before = account_.bytes();
    PODIUM_TRY(extract_archive(file, own / "entries", account_));
    if (depth > 0) PODIUM_TRY(check_inner(fs::file_size(file), account_.bytes() - before));
    settle(own / "entries", own / "settled", file);
    PODIUM_TRY(bring(own / "settled", place, depth + 1));
    fs::remove_all(own);
    return {};
  }

  // Each archive in archives may be too small to tell that it is a bomb.
  Result<void> check_inner(std::uint64_t packed, std::uint64_t unpacked) {
    inner_packed_ += packed;
    inner_unpacked_ += unpacked;
    const bool suspect = is_bomb(inner_unpacked_, inner_packed_);
    if (!suspect || account_.bytes() / kRatioWithBombsMax <= account_.limits().packed_bytes) {
      return {};
    }
    return fail(
        reasons::kArchiveUnsafe,
        std::format("the archives in archives unpack to more than {} times their size", kRatioMax));
  }

  // Of the parts of a file the first stands for all.
  Result<void> put_together(const fs::path& part, const fs::path& place, int depth) {
    const auto parts = PODIUM_TRY(parts_of(part));
    if (part != parts.front()) return {};
    const auto own = scratch_ / std::to_string(++opened_);
    fs::create_directories(own);
    const fs::path whole = own / part.stem();
    FileWriter out{whole};
    std::uint64_t taken = 0;
    for (const fs::path& one : parts) {
      const auto bytes = fs::file_size(one);
      // Parts out of an archive are in the account already.
      const std::uint64_t more = depth == 0 ? bytes : 0;
      PODIUM_TRY(account_.take(more));
      taken += more;
      PODIUM_TRY(append(one, out));
    }
    PODIUM_TRY(out.close());
    // What is brought is taken anew.
    account_.give_back(taken);
    PODIUM_TRY(bring(own, place, depth));
    fs::remove_all(own);
    return {};
  }

  Result<void> take_over(const fs::path& file, const fs::path& target, int depth) {
    if (depth == 0) {
      PODIUM_TRY(account_.take_entry());
      PODIUM_TRY(account_.take(fs::file_size(file)));
    }
    // Some downloads hold a file and its archive.
    if (fs::exists(target)) {
      if (same_content(file, target)) return {};
      return fail(reasons::kArchiveUnsafe,
                  std::format("'{}' comes twice", target.filename().string()));
    }
    std::error_code failed;
    if (depth > 0) {
      // Nobody else has it.
      fs::rename(file, target, failed);
    } else {
      fs::create_hard_link(file, target, failed);
    }
    if (failed) fs::copy_file(file, target, failed);
    if (failed) return disk_trouble(target.filename().string(), failed);
    return {};
  }

  fs::path scratch_;
  UnpackAccount& account_;
  int opened_ = 0;
  /// Of the archives in archives so far.
  std::uint64_t inner_packed_ = 0;
  std::uint64_t inner_unpacked_ = 0;
};

}  // namespace

Result<void> unpack_folder(const fs::path& packed, const fs::path& target,
                           UnpackAccount& account) try {
  const fs::path scratch{target.string() + ".unpacking"};
  fs::remove_all(scratch);
  PODIUM_TRY(Unpacking(scratch, account).bring(packed, target, 0));
  fs::remove_all(scratch);
  return {};
} catch (const fs::filesystem_error& error) {
  return disk_trouble(error);
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator{folder, ignored}) {
    const bool plain = fs::is_regular_file(entry.symlink_status(ignored));
    if (plain) bytes += entry.file_size(ignored);
  }
  return bytes;
}

}  // namespace podium::scraper
