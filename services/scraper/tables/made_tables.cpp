#include "services/scraper/tables/made_tables.hpp"

#include <algorithm>
#include <format>
#include <map>
#include <set>
#include <sstream>

#include "libs/competition/byte_source.hpp"
#include "libs/competition/csv_reader.hpp"
#include "libs/competition/data_folder.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/tables/csv_file.hpp"

namespace podium::scraper::tables {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLabelsFile = "train_labels.csv";

bool is_media(std::string_view path) {
  const std::string extension = competition::file_extension(path);
  return competition::is_image(extension) || competition::is_sound(extension);
}

/// Pictures or sounds by the folder that they lie in.
using Media = std::map<fs::path, std::vector<fs::path>>;

Media media_below(const fs::path& data) {
  Media media;
  for (const auto& entry : fs::recursive_directory_iterator{data}) {
    const fs::path path = entry.path().lexically_relative(data);
    if (entry.is_regular_file() && is_media(path.string()))
      media[path.parent_path()].push_back(path);
  }
  for (auto& [folder, files] : media) std::ranges::sort(files);
  return media;
}

// Whether a word of the path begins so: "train" in images/train2017, not in restraint.
bool is_called(const fs::path& folder, std::string_view beginning) {
  const std::string words = " " + competition::words_of(folder.generic_string());
  return words.contains(std::format(" {}", beginning));
}

// Pictures to validate with: "val", "val2017", "validation", but not "value".
bool is_for_validation(const fs::path& folder) {
  std::istringstream words{competition::words_of(folder.generic_string())};
  for (std::string word; words >> word;) {
    if (word.starts_with("valid")) return true;
    const auto digits = std::string_view{word}.substr(std::min<std::size_t>(word.size(), 3));
    if (word.starts_with("val") && digits.find_first_not_of("0123456789") == digits.npos) {
      return true;
    }
  }
  return false;
}

// Folders that part the data otherwise than by class.
bool is_no_class(const fs::path& folder) {
  const fs::path name = folder.filename();
  return is_called(name, "train") || is_called(name, "test") || is_for_validation(name) ||
         name == "images";
}

// The folder whose folders are classes: one called train, or else the only one that has folders of
// media beside those for tests.
std::optional<fs::path> folder_of_classes(const Media& media) {
  std::map<fs::path, int> classes;
  std::set<fs::path> parted_otherwise;
  for (const auto& [folder, files] : media) {
    const bool held_out = is_called(folder, "test") || is_for_validation(folder);
    if (folder.empty() || held_out) continue;
    ++classes[folder.parent_path()];
    if (is_no_class(folder)) parted_otherwise.insert(folder.parent_path());
  }
  const bool only_one = classes.size() == 1;
  std::erase_if(classes, [&](const auto& folder) {
    const bool of_classes = only_one || is_called(folder.first, "train");
    return folder.second < 2 || !of_classes || parted_otherwise.contains(folder.first);
  });
  return classes.size() == 1 ? std::optional{classes.begin()->first} : std::nullopt;
}

// Ids are written as the sample writes them: with the ending or without.
bool has_endings(const v1::CompetitionFacts& facts) {
  const std::string& id = facts.submission().id_column();
  for (const v1::TableProfile& table : facts.tables()) {
    if (table.path() != facts.submission().path()) continue;
    for (const v1::ColumnProfile& column : table.columns()) {
      if (column.name() == id && column.examples_size() > 0) return is_media(column.examples(0));
    }
  }
  return false;
}

}  // namespace

Result<void> write_sample(const fs::path& data, const std::string& file,
                          const v1::TableProfile& test, int id_column,
                          const std::vector<std::string>& targets, UnpackAccount& account) {
  auto source = PODIUM_TRY(competition::FileSource::open(data / test.path()));
  competition::CsvReader reader{source};
  CsvFile csv{data / file, fs::file_size(data / test.path()), account};
  PODIUM_TRY(reader.next());
  csv.add_cell(test.columns(id_column).name());
  for (const std::string& target : targets) csv.add_cell(target);
  PODIUM_TRY(csv.end_row());
  const auto at = static_cast<std::size_t>(id_column);
  while (PODIUM_TRY(reader.next())) {
    csv.add_cell(at < reader.row().size() ? reader.row()[at] : std::string_view{});
    for (std::size_t i = 0; i < targets.size(); ++i) csv.add_cell("0");
    PODIUM_TRY(csv.end_row());
  }
  return csv.finish();
}

Result<std::optional<std::string>> write_labels(const fs::path& data,
                                                const v1::CompetitionFacts& facts,
                                                UnpackAccount& account) {
  if (!facts.task().train_path().empty() || fs::exists(data / kLabelsFile)) return std::nullopt;
  const Media media = media_below(data);
  const auto train = folder_of_classes(media);
  if (!train) return std::nullopt;
  const auto& wanted = facts.submission().target_columns();
  const bool endings = has_endings(facts);
  std::uint64_t name_bytes = 0;
  for (const auto& [folder, files] : media) {
    for (const auto& file : files) name_bytes += file.string().size();
  }
  CsvFile csv{data / kLabelsFile, name_bytes, account};
  csv.add_cell(facts.submission().id_column());
  csv.add_cell(wanted.size() == 1 ? wanted.at(0) : "label");
  PODIUM_TRY(csv.end_row());
  for (const auto& [folder, files] : media) {
    if (folder.empty() || folder.parent_path() != *train) continue;
    for (fs::path file : files) {
      if (!endings) file.replace_extension();
      csv.add_cell(file.lexically_relative(*train).generic_string());
      csv.add_cell(folder.filename().string());
      PODIUM_TRY(csv.end_row());
    }
  }
  PODIUM_TRY(csv.finish());
  return std::format("{} was made: the labels are the names of the folders in {}.", kLabelsFile,
                     train->generic_string());
}

}  // namespace podium::scraper::tables
