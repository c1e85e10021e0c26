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
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

namespace fs = std::filesystem;

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

struct Part {
  fs::path path;
  /// Those in its name, in order.
  std::vector<std::uint64_t> numbers;
};

// The name with '#' in place of each number; the numbers come to `numbers`, but those of too many
// digits, which are no counts, stay in the name.
std::string form_of(std::string_view name, std::vector<std::uint64_t>& numbers) {
  std::string form;
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i;
    while (end < name.size() && is_digit(name[end])) ++end;
    if (end == i) {
      form += name[i++];
      continue;
    }
    const std::string digits{name.substr(i, end - i)};
    i = end;
    form += digits.size() > kPartDigitsMax ? digits : "#";
    if (digits.size() <= kPartDigitsMax) numbers.push_back(std::stoull(digits));
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
    if (line.size() == kTableHeaderBytesMax) return std::nullopt;
    line += c;
  }
  if (line.ends_with('\r')) line.pop_back();
  const bool whole = !line.empty() && std::ranges::count(line, '"') % 2 == 0;
  return whole ? std::optional{line} : std::nullopt;
}

constexpr std::array<std::string_view, 6> kOfParts{"part",  "chunk", "shard",
                                                   "batch", "of",    "split"};

bool is_of_parts(const std::string& word) {
  return std::ranges::all_of(word, is_digit) ||
         std::ranges::any_of(kOfParts, [&](std::string_view of_parts) {
           // "part" and "part3".
           return word.starts_with(of_parts) &&
                  std::ranges::all_of(word.substr(of_parts.size()), is_digit);
         });
}

// Whether the words say that this is a part: "part", or "3 of 10".
bool says_part(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool number = std::ranges::all_of(words[i], is_digit);
    if (!number && words[i] != "of" && is_of_parts(words[i])) return true;
    const bool between = words[i] == "of" && i > 0 && i + 1 < words.size();
    if (between && is_digit(words[i - 1].back()) && is_digit(words[i + 1].front())) return true;
  }
  return false;
}

// Whether nothing but training or test rows and a number is named: a number after another word may
// be that of a day or of a person, and tell something of the rows.
bool says_rows_only(const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [](const std::string& word) {
    return word.starts_with("train") || word.starts_with("test") || word == "data" ||
           word == "set" || is_of_parts(word);
  });
}

// "train" of train-00000-of-00010; empty when nothing is left.
std::string common_name(const fs::path& name) {
  std::string common;
  for (const std::string& word : words_in(name.stem().string())) {
    if (is_of_parts(word)) continue;
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

using Groups = std::map<Key, std::vector<Part>>;

// Whether the names say that the files are parts of one table. Files of one kind that are named by
// ids, days or persons are one each, and their names are data.
bool is_named_as_part(const fs::path& part) {
  const auto words = words_in(part.stem().string());
  const bool by_file = names_rows(words);
  const bool by_folder = names_rows(words_in(part.parent_path().filename().string()));
  return says_part(words) ? by_file || by_folder : by_file && says_rows_only(words);
}

// Whether exactly one of the numbers counts, from 0 or 1 and without a gap. Sorts by it.
bool are_counted(std::vector<Part>& parts) {
  std::ranges::sort(parts, {}, &Part::numbers);
  std::optional<std::size_t> counting;
  for (std::size_t i = 0; i < parts.front().numbers.size(); ++i) {
    const auto number = [&](const Part& part) { return part.numbers[i]; };
    const bool same = std::ranges::all_of(
        parts, [&](std::uint64_t other) { return other == number(parts.front()); }, number);
    if (!same && counting) return false;
    if (!same) counting = i;
  }
  if (!counting) return false;
  const std::uint64_t first = parts.front().numbers[*counting];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].numbers[*counting] != first + i) return false;
  }
  return first <= 1;
}

Groups groups_below(const fs::path& data) {
  Groups groups;
  for (const auto& entry : fs::recursive_directory_iterator{data}) {
    const fs::path path = entry.path().lexically_relative(data);
    if (!entry.is_regular_file() || competition::file_extension(path.string()) != ".csv") continue;
    Part part{.path = path, .numbers = {}};
    const std::string form = form_of(path.filename().string(), part.numbers);
    if (part.numbers.empty() || !is_named_as_part(path)) continue;
    if (auto header = header_of(entry.path())) {
      groups[{path.parent_path(), form, *std::move(header)}].push_back(std::move(part));
    }
  }
  // Of tables that would have one place none is the one.
  std::map<fs::path, int> claims;
  for (const auto& [key, parts] : groups) ++claims[place_of(parts.front().path)];
  std::erase_if(groups, [&](auto& group) {
    auto& parts = group.second;
    return parts.size() < 2 || claims[place_of(parts.front().path)] > 1 || !are_counted(parts);
  });
  return groups;
}

// Copies a part, after the first one without its header, and ends it with a line end.
Result<void> append_part(const fs::path& file, bool with_header, FileWriter& out,
                         UnpackAccount& account, std::uint64_t& taken) {
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
    taken += got;
    PODIUM_TRY(out.write({block.data(), got}));
    last = block[got - 1];
  }
  return last == '\n' ? Result<void>{} : out.write("\n");
}

// Writes the whole; after an error it is not there.
Result<void> write_whole(const fs::path& data, const fs::path& place,
                         const std::vector<Part>& parts, UnpackAccount& account) {
  FileWriter out{data / place};
  std::uint64_t taken = 0;
  Result<void> written;
  for (std::size_t i = 0; written && i < parts.size(); ++i) {
    written = append_part(data / parts[i].path, i == 0, out, account, taken);
  }
  if (written) written = out.close();
  if (written) return {};
  fs::remove(data / place);
  account.give_back(taken);
  return written;
}

void remove_parts(const fs::path& data, const std::vector<Part>& parts, UnpackAccount& account) {
  for (const Part& part : parts) {
    const auto bytes = fs::file_size(data / part.path);
    fs::remove(data / part.path);
    account.give_back(bytes);
  }
}

// For a while whole and parts are there.
bool has_no_room(const Error& error) {
  return error.is(competition::reasons::kDataTooLarge) ||
         error.is(competition::reasons::kArchiveUnsafe);
}

}  // namespace

Result<std::vector<std::string>> join_tables(const fs::path& data, UnpackAccount& account) {
  std::vector<std::string> sentences;
  for (const auto& [key, parts] : groups_below(data)) {
    const fs::path place = place_of(parts.front().path);
    if (place.stem().empty() || fs::exists(fs::symlink_status(data / place))) continue;
    const auto written = write_whole(data, place, parts, account);
    if (!written && has_no_room(written.error())) {
      sentences.push_back(std::format("Not joined: {} and those like it: {}.",
                                      parts.front().path.generic_string(), written.error().detail));
      continue;
    }
    PODIUM_TRY(written);
    remove_parts(data, parts, account);
    sentences.push_back(std::format("{} is one table of {} files: {} and those like it.",
                                    place.generic_string(), parts.size(),
                                    parts.front().path.generic_string()));
  }
  return sentences;
}

}  // namespace podium::scraper::tables
