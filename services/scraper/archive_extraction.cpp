#include "services/scraper/archive_extraction.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <format>
#include <string>
#include <system_error>
#include <vector>

#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/archive_handles.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/utf8_locale.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;

bool ends_with(const fs::path& file, std::string_view ending) {
  return competition::lower(file.filename().string()).ends_with(ending);
}

/// Endings of what is compressed, not an archive by itself.
constexpr std::array<std::string_view, 4> kCompressed{".gz", ".bz2", ".xz", ".zst"};

bool is_compressed(const fs::path& file) {
  return std::ranges::any_of(kCompressed, [&](auto ending) { return ends_with(file, ending); });
}

// A .gz that is not a tar holds one file without a name of its own.
bool is_single(const fs::path& file) {
  return is_compressed(file) && !ends_with(file.stem(), ".tar");
}

std::unexpected<Error> unsafe(std::string detail) {
  return fail(reasons::kArchiveUnsafe, std::move(detail));
}

// One archive that is being taken apart.
class Extraction {
 public:
  Extraction(const fs::path& file, const fs::path& folder, UnpackAccount& account)
      : file_{file}, folder_{folder}, account_{account} {}

  Result<void> run();

 private:
  Result<void> open();
  Result<void> take_entry(archive_entry* entry);
  Result<void> make_folder(const fs::path& folder);
  Result<void> write_file(const fs::path& target);
  Result<void> check_ratio(std::uint64_t bytes);
  std::unexpected<Error> unreadable() const;

  const fs::path& file_;
  const fs::path& folder_;
  UnpackAccount& account_;
  ReadArchive archive_;
  std::vector<char> block_ = std::vector<char>(kBlockBytes);
  std::uint64_t unpacked_ = 0;
};

// The entry's path when it is plain and stays below the folder.
Result<fs::path> safe_path(const char* name) {
  const std::string text = competition::from_latin1_or_utf8(name == nullptr ? "" : name);
  fs::path path = fs::path{text}.lexically_normal();
  const auto is_bad = [](const fs::path& part) {
    return part == ".." || part.string().size() > kPathPartBytesMax;
  };
  // Before it is made normal, too: "a/../../b" is not what a person packs.
  const bool leaves = path.is_absolute() || std::ranges::any_of(fs::path{text}, is_bad);
  const bool deep = std::ranges::distance(path) > kPathDepthMax;
  if (text.empty() || text.size() > kPathBytesMax || leaves || deep || text.contains('\\')) {
    return unsafe(std::format("the path '{}'", competition::clean_text(text, 80)));
  }
  return path;
}

Result<void> Extraction::open() {
  archive_.reset(archive_read_new());
  archive_read_support_filter_gzip(archive_.get());
  archive_read_support_filter_bzip2(archive_.get());
  archive_read_support_filter_xz(archive_.get());
  archive_read_support_filter_zstd(archive_.get());
  if (is_single(file_)) {
    archive_read_support_format_raw(archive_.get());
  } else {
    // By its list at the end: one that was cut off has none, and is not taken for whole.
    archive_read_support_format_zip_seekable(archive_.get());
    archive_read_support_format_7zip(archive_.get());
    archive_read_support_format_tar(archive_.get());
  }
  if (archive_read_open_filename(archive_.get(), file_.c_str(), kBlockBytes) != ARCHIVE_OK) {
    return unreadable();
  }
  return {};
}

Result<void> Extraction::run() {
  PODIUM_TRY(open());
  PODIUM_TRY(make_folder(folder_));
  while (true) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive_.get(), &entry);
    if (status == ARCHIVE_EOF) return {};
    // A warning is about times and owners, which are not taken anyway.
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return unreadable();
    PODIUM_TRY(account_.take_entry());
    if (is_single(file_)) return write_file(folder_ / file_.stem());
    PODIUM_TRY(take_entry(entry));
  }
}

// One entry: a folder, a file, or something that is refused.
Result<void> Extraction::take_entry(archive_entry* entry) {
  const fs::path path = PODIUM_TRY(safe_path(archive_entry_pathname(entry)));
  if (archive_entry_is_encrypted(entry) != 0) {
    return fail(reasons::kDataUnreadable, file_.filename().string() + " is encrypted");
  }
  const bool link =
      archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
  const auto type = archive_entry_filetype(entry);
  if (link || (type != AE_IFDIR && type != AE_IFREG)) {
    return unsafe(std::format("'{}' is neither a file nor a folder", path.string()));
  }
  if (std::ranges::any_of(path, is_clutter)) return {};
  if (type == AE_IFDIR) return make_folder(folder_ / path);
  PODIUM_TRY(make_folder((folder_ / path).parent_path()));
  return write_file(folder_ / path);
}

Result<void> Extraction::make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) return {};
  const bool in_the_way = failed == std::errc::not_a_directory || failed == std::errc::file_exists;
  if (in_the_way) return unsafe(folder.filename().string() + " is a file and a folder");
  return disk_trouble(folder.filename().string(), failed);
}

Result<void> Extraction::write_file(const fs::path& target) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored))) {
    return unsafe(std::format("'{}' comes twice", target.filename().string()));
  }
  FileWriter out{target};
  while (true) {
    const auto got = archive_read_data(archive_.get(), block_.data(), block_.size());
    if (got < 0) return unreadable();
    if (got == 0) break;
    const auto bytes = static_cast<std::uint64_t>(got);
    PODIUM_TRY(check_ratio(bytes));
    PODIUM_TRY(account_.take(bytes));
    PODIUM_TRY(out.write({block_.data(), bytes}));
  }
  return out.close();
}

Result<void> Extraction::check_ratio(std::uint64_t bytes) {
  unpacked_ += bytes;
  const auto packed = std::max<la_int64_t>(archive_filter_bytes(archive_.get(), -1), 1);
  if (!is_bomb(unpacked_, static_cast<std::uint64_t>(packed))) return {};
  return unsafe(std::format("{} unpacks to more than {} times its size", file_.filename().string(),
                            kRatioMax));
}

std::unexpected<Error> Extraction::unreadable() const {
  const char* why = archive_error_string(archive_.get());
  return fail(reasons::kDataUnreadable,
              std::format("{}: {}", file_.filename().string(), why == nullptr ? "broken" : why));
}

}  // namespace

bool is_archive(const fs::path& file) {
  return ends_with(file, ".zip") || ends_with(file, ".7z") || ends_with(file, ".tar") ||
         ends_with(file, ".tgz") || is_compressed(file);
}

fs::path bare_name(const fs::path& archive) {
  const auto name = archive.filename();
  const bool tar = is_compressed(name) && ends_with(name.stem(), ".tar");
  return tar ? name.stem().stem() : name.stem();
}

bool is_clutter(const fs::path& name) {
  const std::string text = name.string();
  return text == "__MACOSX" || (text.size() > 1 && text.starts_with('.') && text != "..");
}

Result<void> extract_archive(const fs::path& archive, const fs::path& folder,
                             UnpackAccount& account) {
  const Utf8Locale names_are_utf8;
  return Extraction{archive, folder, account}.run();
}

}  // namespace podium::scraper
