#include "services/scraper/tables/plain_tables.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <string_view>
#include <system_error>

#include "libs/competition/data_folder.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/tables/joined_tables.hpp"
#include "services/scraper/tables/json_table.hpp"
#include "services/scraper/tables/name_list.hpp"
#include "services/scraper/tables/parquet_table.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

namespace fs = std::filesystem;

bool is_parquet(std::string_view extension) {
  constexpr std::array<std::string_view, 3> kEndings{".parq", ".parquet", ".pq"};
  return std::ranges::contains(kEndings, extension);
}

bool is_json(std::string_view extension) {
  constexpr std::array<std::string_view, 3> kEndings{".json", ".jsonl", ".ndjson"};
  return std::ranges::contains(kEndings, extension);
}

// Those among the files that may be tables of another form. JSON files in great number are the
// notes to pictures and the like; Parquet files are always tables.
std::vector<fs::path> foreign_tables(const fs::path& data,
                                     const competition::DataInventory& inventory) {
  std::vector<fs::path> found;
  for (const v1::DataFile& file : inventory.files) {
    const std::string extension = competition::file_extension(file.path());
    if (is_parquet(extension) || is_json(extension)) found.emplace_back(file.path());
  }
  for (const v1::DataFolder& folder : inventory.folders) {
    if (!is_parquet(folder.extension())) continue;
    for (const auto& entry : fs::directory_iterator{data / folder.path()}) {
      const std::string name = entry.path().filename().string();
      if (is_parquet(competition::file_extension(name)))
        found.push_back(fs::path{folder.path()} / name);
    }
  }
  std::ranges::sort(found);
  return found;
}

// Errors of one table: the file stays as it is, and the scrape goes on without what is in it.
bool leaves_the_file(const Error& error) {
  namespace reasons = competition::reasons;
  return error.is(reasons::kDataUnreadable) || error.is(reasons::kDataTooLarge) ||
         error.is(reasons::kArchiveUnsafe);
}

class Conversion {
 public:
  Conversion(const fs::path& data, UnpackAccount& account, const FetchControl& control)
      : data_{data}, account_{account}, control_{control} {}

  Result<void> convert(const fs::path& path) {
    const fs::path target = fs::path{data_ / path}.replace_extension(".csv");
    if (fs::exists(fs::symlink_status(target))) {
      beside_.push_back(path.generic_string());
      return {};
    }
    if (control_.on_file) control_.on_file(path.generic_string());
    auto copied = copy(data_ / path, target);
    if (!copied && leaves_the_file(copied.error())) {
      tell_unread(path, copied.error().detail);
      return {};
    }
    if (!copied) return std::unexpected{std::move(copied).error()};
    if (*copied) settle(path, **copied);
    return {};
  }

  std::vector<std::string> take_sentences() {
    if (!replaced_.empty()) {
      sentences_.insert(sentences_.begin(),
                        std::format("Turned into CSV tables: {}.", name_list(replaced_)));
    }
    if (!beside_.empty()) {
      sentences_.push_back(std::format(
          "Not read, for a CSV file of the same name is beside it: {}.", name_list(beside_)));
    }
    return std::move(sentences_);
  }

 private:
  Result<std::optional<PlainCopy>> copy(const fs::path& file, const fs::path& target) {
    if (is_json(competition::file_extension(file.string()))) {
      return json_to_csv(file, target, account_);
    }
    return parquet_to_csv(file, target, account_);
  }

  void settle(const fs::path& path, const PlainCopy& copied) {
    if (copied.whole) {
      const auto bytes = fs::file_size(data_ / path);
      fs::remove(data_ / path);
      account_.give_back(bytes);
      replaced_.push_back(path.generic_string());
      return;
    }
    const std::string copy = fs::path{path}.replace_extension(".csv").filename().string();
    sentences_.push_back(
        copied.lost.empty()
            ? std::format("{} has lists or structures, which stay JSON in {} beside it.",
                          path.generic_string(), copy)
            : std::format("{} is beside {}, without what is no text or number in {}.", copy,
                          path.generic_string(), name_list(copied.lost)));
  }

  void tell_unread(const fs::path& path, const std::string& why) {
    sentences_.push_back(
        std::format("Not read: {}: {}. Written as CSV, the data can be sent as a folder.",
                    path.generic_string(), competition::clean_text(why, kReasonBytesMax)));
  }

  const fs::path& data_;
  UnpackAccount& account_;
  const FetchControl& control_;
  std::vector<std::string> replaced_;
  std::vector<std::string> beside_;
  std::vector<std::string> sentences_;
};

}  // namespace

Result<std::vector<std::string>> make_tables_plain(const fs::path& data, UnpackAccount& account,
                                                   const FetchControl& control) try {
  const auto inventory = PODIUM_TRY(competition::list_data_folder(data));
  PODIUM_TRY(account.take(inventory.bytes));
  Conversion conversion{data, account, control};
  for (const fs::path& path : foreign_tables(data, inventory)) {
    PODIUM_TRY(conversion.convert(path));
  }
  auto sentences = conversion.take_sentences();
  for (auto& sentence : PODIUM_TRY(join_tables(data, account))) {
    sentences.push_back(std::move(sentence));
  }
  // Names and reasons hold bytes of strangers.
  for (auto& sentence : sentences) sentence = competition::clean_text(sentence, kWarningBytesMax);
  return sentences;
} catch (const fs::filesystem_error& error) {
  return disk_trouble(error);
}

}  // namespace podium::scraper::tables
