#include "libs/competition/task_inference.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <format>
#include <optional>
#include <set>
#include <utility>

#include "libs/competition/data_folder.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/submission_schema.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

/// Words in the name of a column of whole numbers that make it a time.
constexpr std::array<std::string_view, 9> kTimeWords{"date", "day",       "hour", "month", "period",
                                                     "time", "timestamp", "week", "year"};

const TableScan& at(std::span<const TableScan> tables, int index) {
  return tables[static_cast<std::size_t>(index)];
}

struct Parts {
  int sample = -1;
  std::optional<int> test;
  std::optional<TrainTable> train;
};

Result<TargetEvidence> evidence_of(std::span<const TableScan> tables, const TrainTable& train,
                                   const ValuesOf& values_of) {
  TargetEvidence evidence;
  const TableScan& table = at(tables, train.table);
  for (const std::string& name : train.target_columns) {
    evidence.training.push_back(table.profile.columns(*table.column(name)));
  }
  const bool few = evidence.training.size() == 1 && evidence.training[0].distinct() <= kLabelsMax;
  if (!few) return evidence;
  const int column = *table.column(train.target_columns[0]);
  auto labels = PODIUM_TRY(values_of(train.table, column));
  if (labels) evidence.labels = *std::move(labels);
  return evidence;
}

bool is_time_name(std::string_view name) {
  const std::string words = " " + words_of(name) + " ";
  return std::ranges::any_of(kTimeWords, [&](std::string_view word) {
    return words.contains(" " + std::string{word} + " ");
  });
}

// Whether every moment (or number of a time) of `later` lies after every one of `earlier`.
bool lies_after(const TableScan& later, const TableScan& earlier, int i, int j) {
  const auto& late = later.dates[static_cast<std::size_t>(i)];
  const auto& early = earlier.dates[static_cast<std::size_t>(j)];
  if (!late.empty() && !early.empty()) return late.front().first > early.front().last;
  const v1::ColumnProfile& numbers = later.profile.columns(i);
  const v1::ColumnProfile& before = earlier.profile.columns(j);
  const bool whole = numbers.type() == v1::COLUMN_TYPE_INTEGER &&
                     before.type() == v1::COLUMN_TYPE_INTEGER && is_time_name(numbers.name());
  return whole && numbers.min() > before.max();
}

// The column on which all rows to predict lie after all labelled rows; empty when there is none.
std::string time_column(const TableScan& train, const TableScan& asked) {
  for (int j = 0; j < train.profile.columns_size(); ++j) {
    const std::string& name = train.profile.columns(j).name();
    const auto i = asked.column(name);
    if (i && lies_after(asked, train, *i, j)) return name;
  }
  return "";
}

/// Where pictures or sounds lie, and of which endings: the folders of such files and those around
/// them, for an id may name a folder too.
std::set<std::pair<std::string, std::string>> media_folders(const v1::CompetitionFacts& facts) {
  std::set<std::pair<std::string, std::string>> folders;
  const auto add = [&](const std::string& folder, const std::string& extension) {
    if (!is_image(extension) && !is_sound(extension)) return;
    const std::filesystem::path path{folder};
    folders.emplace(folder, extension);
    if (path.has_parent_path()) folders.emplace(path.parent_path().generic_string(), extension);
  };
  for (const v1::DataFolder& folder : facts.folders()) add(folder.path(), folder.extension());
  for (const v1::DataFile& file : facts.files()) {
    const std::filesystem::path path{file.path()};
    if (path.has_parent_path()) {
      add(path.parent_path().generic_string(), file_extension(file.path()));
    }
  }
  return folders;
}

bool holds_files_of(const std::string& folder, const std::string& extension,
                    const v1::ColumnProfile& ids, const DataQuestions& questions) {
  if (ids.examples().empty()) return false;
  return std::ranges::all_of(ids.examples(), [&](const std::string& id) {
    return questions.has_file(folder + "/" + id + extension);
  });
}

// Finds the folder that has a picture or a sound for each example of an id column. Both kinds of
// rows may be numbered alike, so a folder called like the wanted ones goes first, and one called
// like the others last.
void find_pictures(const v1::CompetitionFacts& facts, const v1::ColumnProfile& ids,
                   const DataQuestions& questions, bool of_test, v1::Task& task) {
  std::string& found = of_test ? *task.mutable_test_images() : *task.mutable_train_images();
  const auto rank = [&](const std::string& folder) {
    const std::string words = words_of(folder);
    return static_cast<int>(words.contains(of_test ? "train" : "test")) -
           static_cast<int>(words.contains(of_test ? "test" : "train"));
  };
  int best = 2;
  for (const auto& [folder, ending] : media_folders(facts)) {
    for (const std::string& extension : {ending, std::string{}}) {
      if (rank(folder) >= best || !holds_files_of(folder, extension, ids, questions)) continue;
      best = rank(folder);
      found = folder;
      task.set_image_extension(extension);
    }
  }
}

void infer_pictures(v1::CompetitionFacts& facts, std::span<const TableScan> tables,
                    const Parts& parts, const DataQuestions& questions) {
  v1::Task& task = *facts.mutable_task();
  const TableScan& sample = at(tables, parts.sample);
  const int sample_id = *sample.column(task.id_column());
  find_pictures(facts, sample.profile.columns(sample_id), questions, true, task);
  if (!parts.train || task.test_images().empty()) return;
  const TableScan& train = at(tables, parts.train->table);
  if (const auto id = train.column(task.id_column())) {
    find_pictures(facts, train.profile.columns(*id), questions, false, task);
  }
}

void warn_of_differences(v1::CompetitionFacts& facts, const ToldFacts& told) {
  const v1::SubmissionSchema& schema = facts.submission();
  if (!told.id_column.empty() && told.id_column != schema.id_column()) {
    facts.add_warnings(std::format("The sample submission has no column {}; its id is {}.",
                                   told.id_column, schema.id_column()));
  }
  const auto same = std::ranges::is_permutation(told.target_columns, schema.target_columns());
  if (!told.target_columns.empty() && !same) {
    facts.add_warnings(
        "The told target columns are not those of the sample submission, which are taken.");
  }
}

void warn_of_other_samples(v1::CompetitionFacts& facts, std::span<const TableScan> tables,
                           int sample, std::string_view told) {
  std::string names;
  for (const int other : other_samples(tables, sample, told)) {
    names += (names.empty() ? "" : ", ") + at(tables, other).profile.path();
  }
  if (names.empty()) return;
  facts.add_warnings(
      std::format("{} is taken for the sample submission, not {}: sampleSubmission in "
                  "competition.json names another.",
                  at(tables, sample).profile.path(), names));
}

void list_inferred(v1::CompetitionFacts& facts, const ToldFacts& told) {
  const v1::Task& task = facts.task();
  const auto add = [&](bool inferred, std::string_view name) {
    if (inferred) facts.add_inferred(std::string{name});
  };
  add(facts.metric().inferred(), "metric");
  add(told.id_column != facts.submission().id_column(), "submission.id_column");
  add(true, "submission.target_kind");
  add(true, "task.kind");
  add(!task.train_path().empty(), "task.train_path");
  add(!task.test_path().empty(), "task.test_path");
  const bool told_targets = !told.target_columns.empty() &&
                            std::ranges::equal(told.target_columns, task.target_columns());
  add(task.target_columns_size() > 0 && !told_targets, "task.target_columns");
  add(!task.train_images().empty(), "task.train_images");
  add(!task.test_images().empty(), "task.test_images");
  add(!task.time_column().empty(), "task.time_column");
}

Result<Parts> find_parts(std::span<const TableScan> tables, const ToldFacts& told,
                         const DataQuestions& questions, v1::SubmissionSchema& schema) {
  const auto sample = find_sample_table(tables, told.sample_submission);
  if (!sample) {
    return fail(
        reasons::kSubmissionSchemaUnknown,
        "no file is called sample submission, or like one, and it cannot be made of a table "
        "test and a table train that has one column more");
  }
  Parts parts{.sample = *sample, .test = {}, .train = {}};
  schema = PODIUM_TRY(read_submission_columns(at(tables, *sample), told.id_column));
  parts.test = find_test_table(tables, *sample, schema);
  parts.train =
      PODIUM_TRY(find_train_table(tables, *sample, parts.test, schema, questions.values_of));
  return parts;
}

}  // namespace

Result<void> infer_task(v1::CompetitionFacts& facts, std::span<const TableScan> tables,
                        const ToldFacts& told, const DataQuestions& questions) {
  v1::SubmissionSchema& schema = *facts.mutable_submission();
  v1::Task& task = *facts.mutable_task();
  const Parts parts = PODIUM_TRY(find_parts(tables, told, questions, schema));
  const TableScan& sample = at(tables, parts.sample);
  warn_of_other_samples(facts, tables, parts.sample, told.sample_submission);
  if (is_sample_by_columns_only(sample, told.sample_submission)) {
    facts.add_inferred("submission.path");
    facts.add_warnings(std::format("{} is taken for the sample submission by its columns.",
                                   sample.profile.path()));
  }
  TargetEvidence evidence;
  if (parts.train) {
    const TrainTable& train = *parts.train;
    evidence = PODIUM_TRY(evidence_of(tables, train, questions.values_of));
    schema.set_columns_are_classes(train.columns_are_classes);
    task.set_train_path(at(tables, train.table).profile.path());
    task.mutable_target_columns()->Assign(train.target_columns.begin(), train.target_columns.end());
  } else {
    facts.add_warnings(std::format("No table holds the column {} that is to be predicted.",
                                   schema.target_columns(0)));
  }
  set_target_kind(schema, facts.metric(), sample, evidence);
  task.set_kind(task_kind(schema, facts.metric(), evidence));
  task.set_id_column(schema.id_column());
  if (parts.test) task.set_test_path(at(tables, *parts.test).profile.path());
  infer_pictures(facts, tables, parts, questions);
  if (parts.train) {
    const TableScan& asked = at(tables, parts.test.value_or(parts.sample));
    task.set_time_column(time_column(at(tables, parts.train->table), asked));
  }
  warn_of_differences(facts, told);
  list_inferred(facts, told);
  return {};
}

void agree_on_dates(std::span<TableScan> tables) {
  const auto decides = [](const std::vector<DateReading>& other, const DateReading& reading) {
    return other.size() == 1 && other.front().format == reading.format;
  };
  // Whether a column that is sure of itself reads dates this way: of that name, or of that table.
  const auto is_backed = [&](const TableScan& table, int column, const DateReading& reading) {
    const std::string& name = table.profile.columns(column).name();
    const bool by_name = std::ranges::any_of(tables, [&](const TableScan& other) {
      const auto twin = other.column(name);
      return twin && decides(other.dates[static_cast<std::size_t>(*twin)], reading);
    });
    return by_name || std::ranges::any_of(table.dates, [&](const auto& neighbour) {
             return decides(neighbour, reading);
           });
  };
  for (TableScan& table : tables) {
    std::vector<std::vector<DateReading>> agreed = table.dates;
    for (int i = 0; i < table.profile.columns_size(); ++i) {
      auto& readings = agreed[static_cast<std::size_t>(i)];
      if (readings.size() < 2) continue;
      std::ranges::stable_partition(
          readings, [&](const DateReading& reading) { return is_backed(table, i, reading); });
      table.profile.mutable_columns(i)->set_date_format(readings.front().format);
    }
    table.dates = std::move(agreed);
  }
}

}  // namespace podium::competition
