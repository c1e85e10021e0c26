#include "libs/competition/table_roles.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <sstream>
#include <tuple>

#include "libs/competition/cell.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

/// A table is a test table from this score on; see test_score.
constexpr int kTestScoreMin = 50;

std::string file_name(std::string_view path) {
  return std::filesystem::path{path}.filename();
}

std::string stem_words(std::string_view path) {
  std::string stem = file_name(path);
  stem.resize(std::min(stem.find('.'), stem.size()));
  return words_of(stem);
}

// Whether a word of the file's name begins like one of these.
bool is_called(const TableScan& table, std::initializer_list<std::string_view> beginnings) {
  std::istringstream words{stem_words(table.profile.path())};
  std::string word;
  while (words >> word) {
    for (const std::string_view beginning : beginnings) {
      if (word.starts_with(beginning)) return true;
    }
  }
  return false;
}

bool is_called_train(const TableScan& table) {
  return is_called(table, {"train"});
}
bool is_called_test(const TableScan& table) {
  return is_called(table, {"test", "eval", "holdout", "unlabel"});
}

int sample_score(const TableScan& table) {
  std::string joined = stem_words(table.profile.path());
  std::erase(joined, ' ');
  const auto has = [&](std::string_view word) { return joined.contains(word); };
  const bool sample = has("sample") || has("example") || has("benchmark") || has("baseline");
  const bool submission = has("submi") || has("entry") || has("solution");
  return (submission ? 3 : 0) + (sample ? 2 : 0);
}

int count_targets(const TableScan& table, const v1::SubmissionSchema& schema) {
  int count = 0;
  for (const std::string& target : schema.target_columns()) count += table.column(target) ? 1 : 0;
  return count;
}

int test_score(const TableScan& table, const TableScan& sample,
               const v1::SubmissionSchema& schema) {
  const bool rows = table.profile.rows() == sample.profile.rows();
  const bool id = table.column(schema.id_column()).has_value();
  int score = is_called_test(table) ? 50 : 0;
  if (rows) score += id ? 100 : 40;
  if (count_targets(table, schema) > 0 || is_called_train(table)) score -= 200;
  return score;
}

std::set<std::string> normal_set(const auto& names) {
  std::set<std::string> out;
  for (const std::string& name : names) out.insert(normal_label(name));
  return out;
}

// "Class_1", "Class_2" without what they begin with alike, up to the last mark that parts words.
std::set<std::string> without_common_prefix(const v1::SubmissionSchema& schema) {
  std::string_view prefix = schema.target_columns(0);
  for (const std::string& name : schema.target_columns()) {
    while (!name.starts_with(prefix)) prefix.remove_suffix(1);
  }
  const std::size_t mark = prefix.find_last_of("_- .:");
  const std::size_t cut = mark == std::string_view::npos ? 0 : mark + 1;
  std::set<std::string> out;
  for (const std::string& name : schema.target_columns()) {
    out.insert(normal_label(std::string_view{name}.substr(cut)));
  }
  return out;
}

// The training rows may lack a class or two, but not most of them.
bool are_labels_of(const std::set<std::string>& labels, const std::set<std::string>& names) {
  return labels.size() >= 2 && labels.size() * 2 >= names.size() &&
         std::ranges::includes(names, labels);
}

bool may_hold_classes(const v1::ColumnProfile& column, const v1::SubmissionSchema& schema) {
  const auto classes = static_cast<std::uint64_t>(schema.target_columns_size());
  return column.distinct_exact() && column.distinct() >= 2 && column.distinct() <= classes;
}

Result<std::optional<TrainTable>> by_class_column(std::span<const TableScan> tables,
                                                  const std::vector<int>& candidates,
                                                  const v1::SubmissionSchema& schema,
                                                  const ValuesOf& values_of) {
  if (schema.target_columns_size() < 2) return std::nullopt;
  const auto names = normal_set(schema.target_columns());
  const auto short_names = without_common_prefix(schema);
  for (const int table : candidates) {
    const v1::TableProfile& profile = tables[static_cast<std::size_t>(table)].profile;
    for (int column = 0; column < profile.columns_size(); ++column) {
      if (!may_hold_classes(profile.columns(column), schema)) continue;
      const auto values = PODIUM_TRY(values_of(table, column));
      if (!values) continue;
      const auto labels = normal_set(*values);
      if (!are_labels_of(labels, names) && !are_labels_of(labels, short_names)) continue;
      return TrainTable{table, {profile.columns(column).name()}, true};
    }
  }
  return std::nullopt;
}

// Columns of the training table that the test table lacks.
std::optional<TrainTable> by_difference(std::span<const TableScan> tables,
                                        const std::vector<int>& candidates, std::optional<int> test,
                                        const v1::SubmissionSchema& schema) {
  if (!test) return std::nullopt;
  const TableScan& asked = tables[static_cast<std::size_t>(*test)];
  for (const int table : candidates) {
    const TableScan& scan = tables[static_cast<std::size_t>(table)];
    if (!is_called_train(scan)) continue;
    TrainTable train{table, {}, false};
    for (const v1::ColumnProfile& column : scan.profile.columns()) {
      const bool extra = !asked.column(column.name()) && column.name() != schema.id_column();
      if (extra) train.target_columns.push_back(column.name());
    }
    if (static_cast<int>(train.target_columns.size()) == schema.target_columns_size()) return train;
  }
  return std::nullopt;
}

bool has_all_columns(const TableScan& table, const TableScan& wanted) {
  return std::ranges::all_of(wanted.profile.columns(), [&](const auto& column) {
    return table.column(column.name()).has_value();
  });
}

/// A sample answers the same to every row, or nearly so; what a table measures differs.
bool looks_filled_in(const TableScan& table) {
  constexpr std::uint64_t kAnswersMax = 2;
  const auto& columns = table.profile.columns();
  return std::all_of(columns.begin() + 1, columns.end(), [](const auto& column) {
    return column.distinct() <= kAnswersMax && column.missing() == 0;
  });
}

/// `test` holds rows that a submission like `sample` answers: the same ids, without the answers.
bool asks_for(const TableScan& sample, const TableScan& test) {
  const auto& columns = sample.profile.columns();
  const bool ids = columns.size() > 1 && looks_filled_in(sample) &&
                   test.column(columns.at(0).name()) &&
                   sample.profile.rows() == test.profile.rows();
  return ids && std::ranges::any_of(columns, [&](const auto& column) {
           return !test.column(column.name()).has_value();
         });
}

/// Whether another table, which is no sample, has as many rows and the first column.
bool has_rows_of(std::span<const TableScan> tables, const TableScan& sample) {
  const auto& columns = sample.profile.columns();
  return std::ranges::any_of(tables, [&](const TableScan& table) {
    return !columns.empty() && sample_score(table) == 0 &&
           table.profile.rows() == sample.profile.rows() &&
           table.column(columns.at(0).name()).has_value();
  });
}

std::optional<int> find_sample_by_columns(std::span<const TableScan> tables) {
  std::optional<int> found;
  for (int i = 0; i < static_cast<int>(tables.size()); ++i) {
    const TableScan& sample = tables[static_cast<std::size_t>(i)];
    const auto is_other = [&](const TableScan& table) { return &table != &sample; };
    const bool asked = std::ranges::any_of(
        tables, [&](const auto& table) { return is_other(table) && asks_for(sample, table); });
    const bool answered = std::ranges::any_of(tables, [&](const auto& table) {
      return is_other(table) && has_all_columns(table, sample) &&
             table.profile.columns_size() > sample.profile.columns_size();
    });
    if (!asked || !answered) continue;
    // The rows to predict look to the sample as the sample looks to them, but are wider.
    const auto width = [&](int at) {
      return tables[static_cast<std::size_t>(at)].profile.columns_size();
    };
    if (found && width(*found) == width(i)) return std::nullopt;
    if (!found || width(i) < width(*found)) found = i;
  }
  return found;
}

bool names_row(const v1::ColumnProfile& column, std::string_view told) {
  return column.name() == told || (told.empty() && column.identifies_rows());
}

/// The sample that would ask for what `train` has and the test table lacks.
std::optional<MissingSample> sample_between(const TableScan& train,
                                            std::span<const TableScan> tables, int test,
                                            const ToldFacts& told) {
  const TableScan& asked = tables[static_cast<std::size_t>(test)];
  MissingSample sample{.test = test, .id_column = -1, .targets = told.target_columns};
  for (int i = 0; i < asked.profile.columns_size() && sample.id_column < 0; ++i) {
    const v1::ColumnProfile& column = asked.profile.columns(i);
    const bool shared = train.column(column.name()).has_value();
    if (shared && names_row(column, told.id_column)) sample.id_column = i;
  }
  if (sample.targets.empty()) {
    for (const v1::ColumnProfile& column : train.profile.columns()) {
      if (!asked.column(column.name())) sample.targets.push_back(column.name());
    }
    // Of several, some may be what is known only afterwards.
    if (sample.targets.size() != 1) return std::nullopt;
  }
  const bool had = std::ranges::all_of(
      sample.targets, [&](const std::string& name) { return train.column(name).has_value(); });
  return sample.id_column >= 0 && had ? std::optional{std::move(sample)} : std::nullopt;
}

}  // namespace

std::optional<int> find_sample_table(std::span<const TableScan> tables, std::string_view told) {
  // Of several of the best name, that which some table's rows fit; then that with the most rows.
  using Rank = std::tuple<int, bool, std::uint64_t>;
  std::optional<int> best;
  Rank best_rank;
  for (int i = 0; i < static_cast<int>(tables.size()); ++i) {
    const TableScan& table = tables[static_cast<std::size_t>(i)];
    const bool is_told = !told.empty() && file_name(table.profile.path()) == file_name(told);
    const int score = is_told ? std::numeric_limits<int>::max() : sample_score(table);
    if (score == 0) continue;
    const Rank rank{score, has_rows_of(tables, table), table.profile.rows()};
    if (best && rank <= best_rank) continue;
    best = i;
    best_rank = rank;
  }
  return best ? best : find_sample_by_columns(tables);
}

std::vector<int> other_samples(std::span<const TableScan> tables, int sample,
                               std::string_view told) {
  const TableScan& chosen = tables[static_cast<std::size_t>(sample)];
  const bool is_told = !told.empty() && file_name(chosen.profile.path()) == file_name(told);
  std::vector<int> others;
  for (int i = 0; i < static_cast<int>(tables.size()) && !is_told; ++i) {
    const TableScan& table = tables[static_cast<std::size_t>(i)];
    const bool alike = sample_score(table) > 0 && sample_score(table) == sample_score(chosen);
    if (i != sample && alike) others.push_back(i);
  }
  return others;
}

bool is_sample_by_columns_only(const TableScan& sample, std::string_view told) {
  const bool is_told = !told.empty() && file_name(sample.profile.path()) == file_name(told);
  return !is_told && sample_score(sample) == 0;
}

std::optional<int> find_test_table(std::span<const TableScan> tables, int sample,
                                   const v1::SubmissionSchema& schema) {
  int best = -1;
  int best_score = kTestScoreMin - 1;
  for (int i = 0; i < static_cast<int>(tables.size()); ++i) {
    if (i == sample || sample_score(tables[static_cast<std::size_t>(i)]) >= 3) continue;
    const int score = test_score(tables[static_cast<std::size_t>(i)],
                                 tables[static_cast<std::size_t>(sample)], schema);
    if (score <= best_score) continue;
    best = i;
    best_score = score;
  }
  return best < 0 ? std::nullopt : std::optional{best};
}

Result<std::optional<TrainTable>> find_train_table(std::span<const TableScan> tables, int sample,
                                                   std::optional<int> test,
                                                   const v1::SubmissionSchema& schema,
                                                   const ValuesOf& values_of) {
  std::vector<int> candidates;
  for (int i = 0; i < static_cast<int>(tables.size()); ++i) {
    if (i != sample && i != test) candidates.push_back(i);
  }
  std::ranges::stable_partition(
      candidates, [&](int i) { return is_called_train(tables[static_cast<std::size_t>(i)]); });
  for (const int table : candidates) {
    const TableScan& scan = tables[static_cast<std::size_t>(table)];
    // Another sample, or the answers themselves, would have the target columns too.
    if (sample_score(scan) >= 3 || is_called_test(scan)) continue;
    if (count_targets(scan, schema) == schema.target_columns_size()) {
      return TrainTable{
          table, {schema.target_columns().begin(), schema.target_columns().end()}, false};
    }
  }
  auto classes = PODIUM_TRY(by_class_column(tables, candidates, schema, values_of));
  if (classes) return classes;
  return by_difference(tables, candidates, test, schema);
}

std::optional<MissingSample> propose_sample(std::span<const TableScan> tables,
                                            const ToldFacts& told) {
  std::optional<MissingSample> proposed;
  for (int test = 0; test < static_cast<int>(tables.size()); ++test) {
    if (!is_called_test(tables[static_cast<std::size_t>(test)])) continue;
    for (const TableScan& train : tables) {
      auto one = is_called_train(train) ? sample_between(train, tables, test, told) : std::nullopt;
      if (!one) continue;
      // Which rows are meant is not for us to guess.
      if (proposed) return std::nullopt;
      proposed = std::move(one);
    }
  }
  return proposed;
}

}  // namespace podium::competition
