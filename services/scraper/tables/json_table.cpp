#include "services/scraper/tables/json_table.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/competition/reasons.hpp"
#include "services/scraper/tables/csv_file.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
/// Given each row; false to hear no more.
using OnRow = std::function<bool(const Json& row)>;

enum class Form : std::uint8_t { none, array, lines, columns };

bool is_nested(const Json& value) {
  return value.is_structured();
}

std::string cell_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The first byte that is no blank; what is before it is read.
char first_of(std::istream& in) {
  // A byte-order mark is passed over, as the parser does.
  if (in.peek() == 0xEF) in.ignore(3);
  in >> std::ws;
  const int first = in.peek();
  return first == std::istream::traits_type::eof() ? '\0' : static_cast<char>(first);
}

// Whether one object a line; else one object, which may be columns.
Form form_of_objects(std::istream& in) {
  std::string line;
  int objects = 0;
  while (objects < 2 && std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (!Json::parse(line, nullptr, false).is_object()) return Form::columns;
    ++objects;
  }
  return objects == 2 ? Form::lines : Form::columns;
}

Form form_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  const char first = first_of(in);
  if (first == '{') return form_of_objects(in);
  if (first != '[') return Form::none;
  in.get();
  return first_of(in) == '{' ? Form::array : Form::none;
}

// Each object of the array is a row and forgotten after it. False when something else is in it, or
// it is nested too deep to be written.
bool read_array(std::istream& in, const OnRow& on_row) {
  bool sound = true;
  const auto take = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kJsonDepthMax) sound = false;
    if (!sound) return false;
    if (depth != 1) return true;
    if (event == Json::parse_event_t::value || event == Json::parse_event_t::array_start) {
      sound = false;
    }
    if (event != Json::parse_event_t::object_end) return sound;
    sound = on_row(parsed);
    return false;
  };
  // With the parser that throws: a refusal and an error look alike to the other.
  std::ignore = Json::parse(in, take);
  return sound;
}

bool read_lines(std::istream& in, const OnRow& on_row) {
  const auto take = [](int depth, Json::parse_event_t, Json&) { return depth <= kJsonDepthMax; };
  std::string line;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto row = Json::parse(line, take);
    if (!row.is_object() || !on_row(row)) return false;
  }
  return true;
}

bool read_rows(const fs::path& file, Form form, const OnRow& on_row) {
  std::ifstream in{file, std::ios::binary};
  first_of(in);
  return form == Form::array ? read_array(in, on_row) : read_lines(in, on_row);
}

/// The names of all rows, in the order in which they come.
struct Names {
  std::vector<std::string> ordered;
  std::unordered_map<std::string, std::size_t> index;
  bool nested = false;

  bool take(const Json& row) {
    for (const auto& [name, value] : row.items()) {
      if (index.try_emplace(name, ordered.size()).second) ordered.push_back(name);
      nested |= is_nested(value);
    }
    return ordered.size() <= kTableColumnsMax;
  }
};

Result<void> write_header(const std::vector<std::string>& names, CsvFile& csv) {
  for (const std::string& name : names) csv.add_cell(name);
  return csv.end_row();
}

Result<std::optional<PlainCopy>> write_rows(const fs::path& file, Form form, CsvFile& csv) {
  Names names;
  const bool table = read_rows(file, form, [&](const Json& row) { return names.take(row); });
  if (!table || names.ordered.empty()) return std::nullopt;
  PODIUM_TRY(write_header(names.ordered, csv));
  Result<void> written;
  std::vector<std::string> cells(names.ordered.size());
  read_rows(file, form, [&](const Json& row) {
    std::ranges::fill(cells, std::string{});
    for (const auto& [name, value] : row.items()) cells[names.index.at(name)] = cell_of(value);
    for (const std::string& cell : cells) csv.add_cell(cell);
    written = csv.end_row();
    return written.has_value();
  });
  PODIUM_TRY(std::move(written));
  PODIUM_TRY(csv.finish());
  return PlainCopy{.lost = {}, .whole = !names.nested};
}

/// Columns of one length, each an array or an object with the same keys in the same order.
bool are_columns(const Json& document) {
  if (!document.is_object() || document.size() < 2) return false;
  const Json& first = document.front();
  if (!first.is_structured() || first.empty()) return false;
  return std::ranges::all_of(document, [&](const Json& column) {
    if (column.type() != first.type() || column.size() != first.size()) return false;
    if (column.is_array()) return std::ranges::none_of(column, is_nested);
    auto key = first.items().begin();
    for (const auto& cell : column.items()) {
      if (cell.key() != key.key()) return false;
      ++key;
    }
    return true;
  });
}

Result<std::optional<PlainCopy>> write_columns(const fs::path& file, CsvFile& csv) {
  if (fs::file_size(file) > kJsonColumnsBytesMax) {
    return fail(competition::reasons::kDataUnreadable,
                "it is one object of more than 256 MiB: write its rows as lines");
  }
  std::ifstream in{file, std::ios::binary};
  const auto take = [](int depth, Json::parse_event_t, Json&) { return depth <= kJsonDepthMax; };
  const auto document = Json::parse(in, take);
  if (!are_columns(document)) return std::nullopt;
  std::vector<std::string> names;
  std::vector<Json::const_iterator> columns;
  for (auto column = document.begin(); column != document.end(); ++column) {
    names.push_back(column.key());
    columns.push_back(column->begin());
  }
  PODIUM_TRY(write_header(names, csv));
  bool nested = false;
  for (std::size_t row = 0; row < document.front().size(); ++row) {
    for (auto& cell : columns) {
      nested |= is_nested(*cell);
      csv.add_cell(cell_of(*cell));
      ++cell;
    }
    PODIUM_TRY(csv.end_row());
  }
  PODIUM_TRY(csv.finish());
  return PlainCopy{.lost = {}, .whole = !nested};
}

}  // namespace

Result<std::optional<PlainCopy>> json_to_csv(const fs::path& file, const fs::path& target,
                                             UnpackAccount& account) try {
  const Form form = form_of(file);
  if (form == Form::none) return std::nullopt;
  CsvFile csv{target, fs::file_size(file), account};
  return form == Form::columns ? write_columns(file, csv) : write_rows(file, form, csv);
} catch (const nlohmann::json::exception& error) {
  return fail(competition::reasons::kDataUnreadable, error.what());
}

}  // namespace podium::scraper::tables
