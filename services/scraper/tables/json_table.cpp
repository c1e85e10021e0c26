#include "services/scraper/tables/json_table.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "libs/competition/reasons.hpp"
#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/csv_file.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

enum class Form : std::uint8_t { none, array, lines, columns };

std::string json_text(const std::string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Hears of the cells of a table and of the structures that they lie in, as a document is read.
/// Depths count the structures that are open. Each function returns false to hear no more.
class CellSink {
 public:
  virtual ~CellSink() = default;
  virtual bool open(int depth, bool object) = 0;
  virtual bool close(int depth) = 0;
  virtual bool name(int depth, std::string& name) = 0;
  virtual bool cell(std::string& text, bool nested) = 0;
};

/// Tells a sink of what lies `depth_of_cells` deep, numbers in their own text. What a cell holds
/// below it becomes JSON again. Ends where a value lies above the cells, or too deep below them.
class CellReader final : public nlohmann::json_sax<json> {
 public:
  CellReader(int depth_of_cells, CellSink& sink) : cells_{depth_of_cells}, sink_{sink} {}

  bool null() override { return scalar("", "null"); }
  bool boolean(bool value) override {
    return scalar(value ? "True" : "False", value ? "true" : "false");
  }
  bool number_integer(std::int64_t number) override { return number_text(std::to_string(number)); }
  bool number_unsigned(std::uint64_t number) override {
    return number_text(std::to_string(number));
  }
  // Of whole numbers beyond 64 bits, too.
  bool number_float(double, const std::string& text) override { return number_text(text); }
  bool string(std::string& text) override {
    return scalar(text, depth_ > cells_ ? json_text(text) : std::string{});
  }
  bool binary(json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return start('{', true); }
  bool start_array(std::size_t) override { return start('[', false); }
  bool end_object() override { return end('}'); }
  bool end_array() override { return end(']'); }
  bool key(std::string& name) override {
    if (depth_ <= cells_) return sink_.name(depth_, name);
    separate();
    nested_ += json_text(name) + ':';
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    throw BrokenTable{error.what()};
  }

 private:
  bool number_text(const std::string& text) { return scalar(text, text); }

  bool scalar(std::string text, const std::string& as_json) {
    if (depth_ < cells_) return false;
    if (depth_ == cells_) return sink_.cell(text, false);
    separate();
    nested_ += as_json;
    return true;
  }

  bool start(char mark, bool object) {
    if (depth_ >= kJsonDepthMax) return false;
    if (depth_++ < cells_) return sink_.open(depth_, object);
    separate();
    nested_ += mark;
    return true;
  }

  bool end(char mark) {
    if (--depth_ < cells_) return sink_.close(depth_ + 1);
    nested_ += mark;
    if (depth_ > cells_) return true;
    const bool goes_on = sink_.cell(nested_, true);
    nested_.clear();
    return goes_on;
  }

  void separate() {
    const bool first = nested_.empty() || std::string_view{"{[:"}.contains(nested_.back());
    if (!first) nested_ += ',';
  }

  int cells_;
  CellSink& sink_;
  int depth_ = 0;
  std::string nested_;
};

struct Row {
  /// Names, and what stands there.
  std::vector<std::pair<std::string, std::string>> cells;
  bool nested = false;
};

/// Given each row; false to hear no more.
using OnRow = std::function<bool(const Row& row)>;

/// Objects `depth` deep are rows, forgotten one after the other.
class RowSink final : public CellSink {
 public:
  RowSink(int depth, const OnRow& on_row) : depth_{depth}, on_row_{on_row} {}

  bool open(int depth, bool object) override {
    row_ = {};
    return object == (depth == depth_);
  }
  bool close(int depth) override { return depth < depth_ || on_row_(row_); }
  bool name(int, std::string& name) override {
    name_ = std::move(name);
    return row_.cells.size() < kTableColumnsMax;
  }
  bool cell(std::string& text, bool nested) override {
    row_.nested |= nested;
    row_.cells.emplace_back(std::move(name_), std::move(text));
    return true;
  }

 private:
  int depth_;
  const OnRow& on_row_;
  Row row_;
  std::string name_;
};

/// Many short texts in the room of one. Together less than 4 GiB, for they stood in a document of
/// kJsonColumnsBytesMax.
class Texts {
 public:
  void add(std::string_view text) {
    all_ += text;
    ends_.push_back(static_cast<std::uint32_t>(all_.size()));
  }
  std::string_view at(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view{all_}.substr(begin, ends_[i] - begin);
  }
  std::size_t size() const { return ends_.size(); }

 private:
  std::string all_;
  std::vector<std::uint32_t> ends_;
};

/// Columns of one length, each an array or an object with the same keys in the same order. What is
/// unlike the first column ends it.
class ColumnSink final : public CellSink {
 public:
  bool open(int depth, bool object) override {
    if (depth == 1) return object;
    if (columns_.empty()) objects_ = object;
    columns_.emplace_back();
    return object == objects_ && columns_.size() <= kTableColumnsMax;
  }
  bool close(int depth) override {
    if (depth == 1) return true;
    return columns_.back().size() == columns_.front().size() && columns_.back().size() > 0;
  }
  bool name(int depth, std::string& name) override {
    if (depth == 1) {
      names_.push_back(name);
      return distinct_.insert(std::move(name)).second;
    }
    if (columns_.size() == 1) {
      keys_.add(name);
      return true;
    }
    const std::size_t row = columns_.back().size();
    return row < keys_.size() && keys_.at(row) == name;
  }
  bool cell(std::string& text, bool nested) override {
    // Lists of objects are tables of their own.
    if (nested && !objects_) return false;
    nested_ |= nested;
    columns_.back().add(text);
    return columns_.size() == 1 || columns_.back().size() <= columns_.front().size();
  }

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<Texts>& columns() const { return columns_; }
  bool nested() const { return nested_; }

 private:
  std::vector<std::string> names_;
  std::unordered_set<std::string> distinct_;
  std::vector<Texts> columns_;
  Texts keys_;
  bool objects_ = false;
  bool nested_ = false;
};

// The first byte that is no blank; what is before it is read.
char first_of(std::istream& in) {
  // A byte-order mark is passed over, as the parser does.
  if (in.peek() == 0xEF) in.ignore(3);
  in >> std::ws;
  const int first = in.peek();
  return first == std::istream::traits_type::eof() ? '\0' : static_cast<char>(first);
}

enum class Line : std::uint8_t { end, whole, too_long };

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// The next line that is not blank.
Line next_line(std::istream& in, std::string& line) {
  constexpr std::size_t kPieceBytes = 4'096;
  std::array<char, kPieceBytes> piece{};
  line.clear();
  while (in.getline(piece.data(), piece.size()) || in.gcount() > 0) {
    const bool ends = !in.eof() && !in.fail();
    line.append(piece.data(), static_cast<std::size_t>(in.gcount()) - (ends ? 1 : 0));
    if (line.size() > kJsonLineBytesMax) return Line::too_long;
    if (ends && !is_blank(line)) return Line::whole;
    if (ends) line.clear();
    // The piece is full, and the line goes on.
    if (in.fail() && !in.eof()) in.clear();
  }
  return is_blank(line) ? Line::end : Line::whole;
}

// Whether one object a line; else one object, which may be columns.
Form form_of_objects(std::istream& in) {
  std::string line;
  for (int objects = 0; objects < 2; ++objects) {
    const bool object = next_line(in, line) == Line::whole &&
                        line[line.find_first_not_of(" \t\r")] == '{' && json::accept(line);
    if (!object) return Form::columns;
  }
  return Form::lines;
}

Form form_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  const char first = first_of(in);
  if (first == '{') return form_of_objects(in);
  if (first != '[') return Form::none;
  in.get();
  return first_of(in) == '{' ? Form::array : Form::none;
}

// False when something else than objects is in it, or it is nested too deep.
bool read_array(std::istream& in, const OnRow& on_row) {
  RowSink sink{2, on_row};
  CellReader reader{2, sink};
  return json::sax_parse(in, &reader);
}

bool read_lines(std::istream& in, const OnRow& on_row) {
  std::string line;
  while (true) {
    const Line next = next_line(in, line);
    if (next == Line::end) return true;
    if (next == Line::too_long) throw BrokenTable{"one of its lines is longer than 16 MiB"};
    RowSink sink{1, on_row};
    CellReader reader{1, sink};
    if (!json::sax_parse(line, &reader)) return false;
  }
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

  bool take(const Row& row) {
    for (const auto& [name, text] : row.cells) {
      if (index.try_emplace(name, ordered.size()).second) ordered.push_back(name);
    }
    nested |= row.nested;
    return ordered.size() <= kTableColumnsMax;
  }
};

Result<void> write_header(const std::vector<std::string>& names, CsvFile& csv) {
  for (const std::string& name : names) csv.add_cell(name);
  return csv.end_row();
}

Result<std::optional<PlainCopy>> write_rows(const fs::path& file, Form form, CsvFile& csv) {
  Names names;
  const bool table = read_rows(file, form, [&](const Row& row) { return names.take(row); });
  if (!table || names.ordered.empty()) return std::nullopt;
  PODIUM_TRY(write_header(names.ordered, csv));
  Result<void> written;
  std::vector<std::string> cells(names.ordered.size());
  read_rows(file, form, [&](const Row& row) {
    std::ranges::fill(cells, std::string{});
    for (const auto& [name, text] : row.cells) cells[names.index.at(name)] = text;
    for (const std::string& cell : cells) csv.add_cell(cell);
    written = csv.end_row();
    return written.has_value();
  });
  PODIUM_TRY(std::move(written));
  PODIUM_TRY(csv.finish());
  return PlainCopy{.lost = {}, .whole = !names.nested};
}

Result<std::optional<PlainCopy>> write_columns(const fs::path& file, CsvFile& csv) {
  if (fs::file_size(file) > kJsonColumnsBytesMax) {
    return fail(competition::reasons::kDataUnreadable,
                "it is one object of more than 256 MiB: write its rows as lines");
  }
  std::ifstream in{file, std::ios::binary};
  ColumnSink table;
  CellReader reader{2, table};
  if (!json::sax_parse(in, &reader) || table.columns().size() < 2) return std::nullopt;
  PODIUM_TRY(write_header(table.names(), csv));
  for (std::size_t row = 0; row < table.columns().front().size(); ++row) {
    for (const Texts& column : table.columns()) csv.add_cell(column.at(row));
    PODIUM_TRY(csv.end_row());
  }
  PODIUM_TRY(csv.finish());
  return PlainCopy{.lost = {}, .whole = !table.nested()};
}

}  // namespace

Result<std::optional<PlainCopy>> json_to_csv(const fs::path& file, const fs::path& target,
                                             UnpackAccount& account) try {
  const Form form = form_of(file);
  if (form == Form::none) return std::nullopt;
  CsvFile csv{target, fs::file_size(file), account};
  return form == Form::columns ? write_columns(file, csv) : write_rows(file, form, csv);
} catch (...) {
  return unreadable();
}

}  // namespace podium::scraper::tables
