#include "services/codegen/generator/side_tables.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "libs/competition/text.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kHistoryColumnsMax = 20;
/// A key must tell at least this share of a side table's rows apart.
constexpr double kKeyShareMin = 0.9;

using Keys = std::vector<std::pair<std::string, std::string>>;

bool is_number(const v1::ColumnProfile& column) {
  return column.type() == v1::COLUMN_TYPE_INTEGER || column.type() == v1::COLUMN_TYPE_REAL;
}

std::vector<const v1::TableProfile*> side_tables(const Problem& problem) {
  std::vector<const v1::TableProfile*> out;
  if (problem.test == nullptr) return out;
  for (const auto& table : problem.facts->tables()) {
    const bool main_table = &table == problem.train || &table == problem.test ||
                            table.path() == problem.facts->submission().path();
    if (!main_table) out.push_back(&table);
  }
  return out;
}

// The name of a table for training or test rows, with a mark where it says so; empty for others.
std::string half_name(const std::string& path, std::string_view word) {
  const std::size_t at = competition::lower(path).rfind(word);
  if (at == std::string::npos) return "";
  return path.substr(0, at) + "\n" + path.substr(at + word.size());
}

bool has_all_columns(const v1::TableProfile& table, const v1::TableProfile& wanted) {
  return std::ranges::all_of(wanted.columns(), [&](const auto& column) {
    return find_column(table, column.name()) != nullptr;
  });
}

bool are_halves(const v1::TableProfile& train, const v1::TableProfile& test) {
  const std::string name = half_name(train.path(), "train");
  return !name.empty() && name == half_name(test.path(), "test") && has_all_columns(train, test) &&
         has_all_columns(test, train);
}

/// A side table, with the other one that tells the same of the other rows.
struct SideTable {
  const v1::TableProfile* table = nullptr;
  std::vector<std::string> paths;
};

std::vector<SideTable> joined_halves(const Problem& problem) {
  const auto tables = side_tables(problem);
  std::vector<SideTable> out;
  for (const auto* table : tables) {
    const auto is_half_of = [&](const auto* other) { return are_halves(*other, *table); };
    if (std::ranges::any_of(tables, is_half_of)) continue;  // told with the training half
    SideTable side{.table = table, .paths = {table->path()}};
    for (const auto* other : tables) {
      if (are_halves(*table, *other)) side.paths.push_back(other->path());
    }
    out.push_back(std::move(side));
  }
  return out;
}

// A column of ours that may be a key: both tables have it, and its cells are of one kind in all.
bool is_shared(const Problem& problem, const v1::ColumnProfile& own) {
  const auto* in_train = find_column(*problem.train, own.name());
  const auto* in_test = find_column(*problem.test, own.name());
  if (in_train == nullptr || in_test == nullptr) return false;
  return is_number(*in_train) == is_number(own) &&
         !std::ranges::contains(problem.targets, own.name());
}

bool is_hour(const v1::ColumnProfile& column) {
  return column.name() == "hour" && column.type() == v1::COLUMN_TYPE_INTEGER && column.min() >= 0 &&
         column.max() <= 24;
}

Keys keys_of(const Problem& problem, const v1::TableProfile& table,
             const std::vector<std::string>& clocks) {
  Keys all;
  double combinations = 1;
  for (const auto& own : table.columns()) {
    const bool hour = is_hour(own) && !clocks.empty();
    if (!hour && !is_shared(problem, own)) continue;
    if (own.identifies_rows()) return {{own.name(), own.name()}};
    all.emplace_back(hour ? clocks.front() + " hour" : own.name(), own.name());
    combinations *= static_cast<double>(own.distinct());
  }
  const bool telling = combinations >= kKeyShareMin * static_cast<double>(table.rows());
  return telling ? all : Keys{};
}

}  // namespace

std::vector<Lookup> find_lookups(const Problem& problem, const std::vector<std::string>& clocks) {
  std::vector<Lookup> lookups;
  std::set<std::string> taken;
  for (const auto& column : problem.train->columns()) taken.insert(column.name());
  for (const auto& [table, paths] : joined_halves(problem)) {
    Lookup lookup{paths, table->delimiter(), keys_of(problem, *table, clocks), {}};
    if (lookup.keys.empty()) continue;
    const std::string stem = std::filesystem::path{table->path()}.stem().string();
    for (const auto& own : table->columns()) {
      const bool key = std::ranges::contains(lookup.keys, own.name(), &Keys::value_type::second);
      const bool target = std::ranges::contains(problem.targets, own.name());
      if (key || target) continue;
      const std::string name = taken.contains(own.name()) ? stem + " " + own.name() : own.name();
      if (taken.insert(name).second) lookup.columns.emplace_back(own.name(), name);
    }
    if (!lookup.columns.empty()) lookups.push_back(std::move(lookup));
  }
  return lookups;
}

std::vector<History> find_histories(const Problem& problem) {
  std::vector<History> histories;
  if (problem.id.empty()) return histories;
  for (const auto& [table, paths] : joined_halves(problem)) {
    const auto* key = find_column(*table, problem.id);
    const bool many = key != nullptr && !key->identifies_rows() && is_shared(problem, *key);
    if (!many) continue;
    History history{paths, table->delimiter(), problem.id, {}};
    for (const auto& own : table->columns()) {
      const bool wanted = is_number(own) && own.name() != problem.id && own.distinct() > 1;
      if (wanted && history.columns.size() < kHistoryColumnsMax) {
        history.columns.push_back(own.name());
      }
    }
    if (!history.columns.empty()) histories.push_back(std::move(history));
  }
  return histories;
}

}  // namespace podium::codegen
