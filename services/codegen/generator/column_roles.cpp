#include "services/codegen/generator/column_roles.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <format>
#include <map>
#include <string_view>

#include "libs/competition/reasons.hpp"
#include "services/codegen/generator/side_tables.hpp"

namespace podium::codegen {
namespace {

/// Of so many continuous numbers every pair is divided; of more, the pairs would outnumber the
/// rest.
constexpr std::size_t kRatioColumnsMax = 8;
constexpr std::uint64_t kContinuousDistinctMin = 30;
constexpr std::size_t kSeriesMembersMin = 3;
constexpr std::size_t kSeriesMembersMax = 12;
/// Categories whose values nearly all differ say nothing that could be learned.
constexpr double kCategoryDistinctShareMax = 0.8;
/// Texts of at least this many characters are read for their words.
constexpr double kWordyLengthMin = 60;
constexpr std::uint64_t kCrossValuesMax = 60;
constexpr std::size_t kCrossCategoriesMax = 3;

using Column = v1::ColumnProfile;

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

// 1, 2, 3 ... in any order: a row number.
bool is_running_number(const Column& column) {
  const double span = column.max() - column.min() + 1;
  return column.identifies_rows() && span <= 1.5 * static_cast<double>(column.distinct());
}

bool is_clock(const Column& column) {
  const bool in_range = column.min() >= 0 && column.max() <= 2400 && column.distinct() > 24;
  if (!in_range || !lower(column.name()).contains("time")) return false;
  return std::ranges::all_of(column.examples(), [](const std::string& example) {
    return example.size() <= 4 && std::atoi(example.c_str()) % 100 < 60;
  });
}

// Named like an identifier: its size means nothing, its value may.
bool is_code(const Column& column) {
  constexpr std::array<std::string_view, 7> kEndings{"id",  "code", "zip",     "number",
                                                     "_no", "key",  "postcode"};
  const std::string name = lower(column.name());
  const bool named = std::ranges::any_of(kEndings, [&](auto end) { return name.ends_with(end); });
  return named && column.distinct() > 2;
}

bool is_surname_first(const Column& column) {
  return column.examples_size() > 0 &&
         std::ranges::all_of(column.examples(),
                             [](const std::string& example) { return example.contains(", "); });
}

bool is_empty(const ColumnRoles& roles) {
  return roles.numbers.empty() && roles.categories.empty() && roles.texts.empty() &&
         roles.dates.empty() && roles.histories.empty();
}

class RoleFinder {
 public:
  explicit RoleFinder(const Problem& problem) : problem_{problem} {}

  ColumnRoles find() {
    for (const Column& column : problem_.train->columns()) {
      if (is_feature(column)) add(column, column.name(), problem_.train->rows());
    }
    roles_.lookups = find_lookups(problem_, roles_.clocks);
    roles_.histories = find_histories(problem_);
    for (const Lookup& lookup : roles_.lookups) add_lookup(lookup);
    if (is_empty(roles_)) add_id();
    find_ratios();
    find_series();
    if (!problem_.forward) find_crosses();
    return std::move(roles_);
  }

 private:
  bool is_feature(const Column& column) const {
    const bool target = std::ranges::contains(problem_.targets, column.name());
    const bool in_test =
        problem_.test != nullptr && find_column(*problem_.test, column.name()) != nullptr;
    const bool names_rows = column.name() == problem_.id && column.type() != v1::COLUMN_TYPE_DATE;
    return !target && in_test && !names_rows && column.distinct() > 1;
  }

  void add(const Column& column, const std::string& name, std::uint64_t rows) {
    switch (column.type()) {
      case v1::COLUMN_TYPE_INTEGER:
      case v1::COLUMN_TYPE_REAL:
        add_number(column, name);
        break;
      case v1::COLUMN_TYPE_BOOLEAN:
      case v1::COLUMN_TYPE_CATEGORY:
        add_category(column, name, rows);
        break;
      case v1::COLUMN_TYPE_TEXT:
        add_text(column, name);
        break;
      case v1::COLUMN_TYPE_DATE:
        add_date(column, name);
        break;
      default:
        return;
    }
    if (column.missing() > 0) roles_.gaps.push_back(name);
  }

  void add_number(const Column& column, const std::string& name) {
    const bool whole = column.type() == v1::COLUMN_TYPE_INTEGER;
    if (whole && is_clock(column)) {
      roles_.clocks.push_back(name);
      roles_.numbers.push_back(name + " hour");
      roles_.numbers.push_back(name + " minutes");
      return;
    }
    if (whole && is_running_number(column)) return;
    roles_.numbers.push_back(name);
    if (whole && is_code(column)) {
      roles_.codes.push_back(name);
      roles_.many_valued |= column.distinct() > kOneHotValuesMax;
    }
  }

  void add_category(const Column& column, const std::string& name, std::uint64_t rows) {
    const double share = static_cast<double>(column.distinct()) / static_cast<double>(rows);
    if (column.identifies_rows() || share > kCategoryDistinctShareMax) return;
    roles_.categories.push_back(name);
    roles_.many_valued |= column.distinct() > kOneHotValuesMax;
  }

  void add_text(const Column& column, const std::string& name) {
    roles_.texts.push_back(name);
    roles_.wordy |= column.length_mean() >= kWordyLengthMin;
    if (is_surname_first(column)) {
      roles_.names.push_back(name);
      roles_.many_valued = true;
    }
  }

  void add_date(const Column& column, const std::string& name) {
    roles_.dates.emplace_back(name, column.date_format());
    if (column.date_format().contains("%H") || column.date_format().contains("%I")) {
      roles_.hours.push_back(name);
    }
  }

  void add_lookup(const Lookup& lookup) {
    const auto& table = *find_table(*problem_.facts, lookup.paths.front());
    for (const auto& [own, ours] : lookup.columns) {
      const Column& column = *find_column(table, own);
      if (column.distinct() > 1) add(column, ours, problem_.train->rows());
    }
    roles_.gaps.clear();  // what has no match is missing too: too much to be telling
  }

  void find_ratios() {
    for (const std::string& name : roles_.numbers) {
      const Column* column = find_column(*problem_.train, name);
      const bool continuous = column != nullptr && column->distinct() > kContinuousDistinctMin &&
                              !std::ranges::contains(roles_.codes, name);
      if (continuous) roles_.ratios.push_back(name);
    }
    const bool few = roles_.ratios.size() >= 2 && roles_.ratios.size() <= kRatioColumnsMax;
    if (!few) roles_.ratios.clear();
  }

  // Where nothing else is known of the rows, how they are numbered may say something.
  void add_id() {
    const Column* ids = find_column(*problem_.train, problem_.id);
    const bool number = ids != nullptr && (ids->type() == v1::COLUMN_TYPE_INTEGER ||
                                           ids->type() == v1::COLUMN_TYPE_REAL);
    if (number && problem_.test != nullptr) roles_.numbers.push_back(problem_.id);
  }

  // Columns that differ in a last digit only; kindergarten's "k" comes before grade 1.
  void find_series() {
    std::map<std::string, std::vector<std::pair<int, std::string>>> stems;
    for (const std::string& name : roles_.numbers) {
      const std::size_t end = name.find_last_not_of("0123456789");
      if (end == std::string::npos || end < 2) continue;
      if (end + 1 < name.size() && name.size() - end <= 3) {
        stems[name.substr(0, end + 1)].emplace_back(std::stoi(name.substr(end + 1)), name);
      } else if (name.ends_with('k')) {
        stems[name.substr(0, end)].emplace_back(-1, name);
      }
    }
    for (auto& [stem, members] : stems) {
      if (members.size() < kSeriesMembersMin || members.size() > kSeriesMembersMax) continue;
      std::ranges::sort(members);
      std::vector<std::string> names;
      for (auto& [number, name] : members) names.push_back(name);
      roles_.series.emplace_back(stem, std::move(names));
    }
  }

  std::vector<std::string> day_columns() const {
    std::vector<std::string> day;
    for (const std::string_view part : {"year", "month", "day"}) {
      for (const std::string& name : roles_.numbers) {
        if (lower(name) == part) day.push_back(name);
      }
    }
    return day.size() >= 2 && lower(day.back()) == "day" ? day : std::vector<std::string>{};
  }

  // Rows of one day, and of one place on it, share what the table does not tell (weather, strikes).
  void find_crosses() {
    std::vector<std::string> day = day_columns();
    if (day.empty() && roles_.dates.size() == 1 && roles_.hours.empty()) {
      day = {roles_.dates.front().first + " days"};
    }
    if (day.empty()) return;
    if (day.size() > 1) roles_.crosses.push_back(day);
    std::size_t taken = 0;
    for (const std::string& name : roles_.categories) {
      const Column* column = find_column(*problem_.train, name);
      const bool small = column != nullptr && column->distinct() <= kCrossValuesMax;
      if (!small || taken++ == kCrossCategoriesMax) continue;
      auto cross = day;
      cross.push_back(name);
      roles_.crosses.push_back(cross);
      if (roles_.clocks.empty()) continue;
      cross.push_back(roles_.clocks.front() + " hour");
      roles_.crosses.push_back(std::move(cross));
    }
  }

  const Problem& problem_;
  ColumnRoles roles_;
};

}  // namespace

ColumnRoles column_roles(const Problem& problem) {
  return RoleFinder{problem}.find();
}

Result<ColumnRoles> known_roles(const Problem& problem) {
  ColumnRoles roles = column_roles(problem);
  if (problem.images || !is_empty(roles)) return roles;
  return fail(competition::reasons::kDraftFailed,
              std::format("{} and {} have nothing in common that the rows could be predicted from: "
                          "add a table with more columns for the ids of both",
                          problem.train->path(), problem.test->path()));
}

}  // namespace podium::codegen
