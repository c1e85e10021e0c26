#include "services/scraper/tables/joined_tables.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <tuple>

#include "libs/competition/data_folder.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/limits.hpp"

namespace podium::scraper::tables {
namespace {

namespace fs = std::filesystem;

/// The names of a table's columns.
constexpr std::size_t kHeaderBytesMax = std::size_t{1} << 20;
/// More digits are no number of a part.
constexpr std::size_t kDigitsMax = 18;

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

struct Part {
  fs::path path;
  /// Those in its name, in order.
  std::vector<std::uint64_t> numbers;
};

// The name with '#' in place of each number; the numbers come to `numbers`.
std::string form_of(std::string_view name, std::vector<std::uint64_t>& numbers) {
  std::string form;
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i;
    while (end < name.size() && is_digit(name[end])) ++end;
    if (end == i) {
      form += name[i++];
      continue;
    }
    form += '#';
    numbers.push_back(end - i > kDigitsMax ? 0 : std::stoull(std::string{name.substr(i, end - i)}));
    i = end;
  }
  return form;
}

std::vector<std::string> words_in(std::string_view name) {
  std::istringstream in{competition::words_of(name)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

bool has_word(const std::vector<std::string>& words, auto... beginnings) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return (word.starts_with(beginnings) || ...); });
}

bool names_rows(const std::vector<std::string>& words) {
  return has_word(words, "train", "test") && !has_word(words, "stage", "phase", "round", "submi");
}

// The first line; nullopt when it is too long or a quoted name goes on in the next.
std::optional<std::string> header_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string line;
  for (char c = 0; in.get(c) && c != '\n';) {
    if (line.size() == kHeaderBytesMax) return std::nullopt;
    line += c;
  }
  if (line.ends_with('\r')) line.pop_back();
  const bool whole = !line.empty() && std::ranges::count(line, '"') % 2 == 0;
  return whole ? std::optional{line} : std::nullopt;
}

// "train" of train-00000-of-00010; empty when nothing is left.
std::string common_name(const fs::path& name) {
  constexpr std::array<std::string_view, 6> kOfParts{"part",  "chunk", "shard",
                                                     "batch", "of",    "split"};
  std::string common;
  for (const std::string& word : words_in(name.stem().string())) {
    const bool number = std::ranges::all_of(word, is_digit);
    if (number || std::ranges::contains(kOfParts, word)) continue;
    common += (common.empty() ? "" : "_") + word;
  }
  while (!common.empty() && is_digit(common.back())) common.pop_back();
  return common;
}

// Where the whole goes: beside its parts, or beside the folder that alone names it.
fs::path place_of(const fs::path& part) {
  const fs::path folder = part.parent_path();
  if (names_rows(words_in(part.stem().string()))) {
    return folder / (common_name(part.filename()) + ".csv");
  }
  return folder.parent_path() / (folder.stem().string() + ".csv");
}

using Key = std::tuple<fs::path, std::string, std::string>;

std::map<Key, std::vector<Part>> groups_below(const fs::path& data) {
  std::map<Key, std::vector<Part>> groups;
  for (const auto& entry : fs::recursive_directory_iterator{data}) {
    const fs::path path = entry.path().lexically_relative(data);
    if (!entry.is_regular_file() || competition::file_extension(path.string()) != ".csv") continue;
    const bool named = names_rows(words_in(path.stem().string())) ||
                       names_rows(words_in(path.parent_path().filename().string()));
    Part part{.path = path, .numbers = {}};
    const std::string form = form_of(path.filename().string(), part.numbers);
    if (!named || part.numbers.empty()) continue;
    if (auto header = header_of(entry.path())) {
      groups[{path.parent_path(), form, *std::move(header)}].push_back(std::move(part));
    }
  }
  std::erase_if(groups, [](const auto& group) { return group.second.size() < 2; });
  for (auto& [key, parts] : groups) std::ranges::sort(parts, {}, &Part::numbers);
  return groups;
}

// Copies a part, after the first one without its header, and ends it with a line end.
Result<void> append_part(const fs::path& file, bool with_header, std::ofstream& out,
                         UnpackAccount& account) {
  std::ifstream in{file, std::ios::binary};
  std::string header;
  if (!with_header) std::getline(in, header);
  std::string block(kBlockBytes, '\0');
  char last = '\n';
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    if (got == 0) break;
    PODIUM_TRY(account.take(got));
    out.write(block.data(), in.gcount());
    last = block[got - 1];
  }
  if (last != '\n') out << '\n';
  return {};
}

}  // namespace

Result<std::vector<std::string>> join_tables(const fs::path& data, UnpackAccount& account) {
  std::vector<std::string> sentences;
  for (const auto& [key, parts] : groups_below(data)) {
    const fs::path place = place_of(parts.front().path);
    if (place.stem().empty() || fs::exists(fs::symlink_status(data / place))) continue;
    std::ofstream out{data / place, std::ios::binary};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      PODIUM_TRY(append_part(data / parts[i].path, i == 0, out, account));
    }
    out.close();
    if (!out) return fail(errors::kUnavailable, "cannot write " + place.string());
    for (const Part& part : parts) fs::remove(data / part.path);
    sentences.push_back(std::format("{} is one table of {} files: {} and those like it.",
                                    place.generic_string(), parts.size(),
                                    parts.front().path.generic_string()));
  }
  return sentences;
}

}  // namespace podium::scraper::tables
