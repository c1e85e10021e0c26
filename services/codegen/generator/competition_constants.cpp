#include "services/codegen/generator/competition_constants.hpp"

#include <algorithm>
#include <format>
#include <numeric>
#include <set>

#include "services/codegen/generator/python_literal.hpp"

namespace podium::codegen {
namespace {

/// Pictures are made this small.
constexpr int kPictureSide = 32;
constexpr int kCommonWordsMax = 40;
constexpr int kTopics = 40;
constexpr int kBlendRounds = 25;
/// Tables of more rows are validated in fewer folds.
constexpr std::uint64_t kFewFoldsRows = 100'000;
constexpr std::uint32_t kFewFolds = 3;

using Pairs = std::vector<std::pair<std::string, std::string>>;

bool is_text(const v1::ColumnProfile& column) {
  const auto type = column.type();
  return type == v1::COLUMN_TYPE_BOOLEAN || type == v1::COLUMN_TYPE_CATEGORY ||
         type == v1::COLUMN_TYPE_TEXT || type == v1::COLUMN_TYPE_DATE;
}

bool labelled(const Problem& problem) {
  return problem.form == Form::binary || problem.form == Form::classes;
}

Pairs literals(const Pairs& pairs) {
  Pairs out;
  for (const auto& [key, value] : pairs) out.emplace_back(key, python_text(value));
  return out;
}

std::string nested(const std::vector<std::vector<std::string>>& lists) {
  std::vector<std::string> pieces;
  for (const auto& list : lists) {
    std::vector<std::string> texts;
    for (const std::string& text : list) texts.push_back(python_text(text));
    pieces.push_back(python_sequence(texts, '(', ')'));
  }
  return python_sequence(pieces, '[', ']');
}

std::string delimiter_of(const v1::TableProfile* table) {
  const bool known = table != nullptr && !table->delimiter().empty();
  return python_text(known ? table->delimiter() : ",");
}

// Columns whose cells are kept as they are written.
std::vector<std::string> text_cells(const Problem& problem, const ColumnRoles& roles) {
  std::set<std::string> names;
  const auto take = [&](const v1::TableProfile* table) {
    if (table == nullptr) return;
    for (const auto& column : table->columns()) {
      if (is_text(column)) names.insert(column.name());
    }
  };
  take(problem.train);
  take(problem.test);
  for (const Lookup& lookup : roles.lookups) take(find_table(*problem.facts, lookup.paths.front()));
  if (!problem.id.empty()) names.insert(problem.id);
  if (!labelled(problem) || problem.whole_labels) {
    for (const std::string& target : problem.targets) names.erase(target);
  } else {
    names.insert(problem.targets.front());
  }
  return {names.begin(), names.end()};
}

void set_files(ProgramBuilder& builder, const Problem& problem, const ColumnRoles& roles) {
  const auto& submission = problem.facts->submission();
  builder.constant("TRAIN_FILE", python_text(problem.train->path()));
  if (problem.images) {
    builder.constant("TRAIN_IMAGES", python_text(problem.facts->task().train_images()));
    builder.constant("TEST_IMAGES", python_text(problem.facts->task().test_images()));
    builder.constant("EXTENSION", python_text(problem.facts->task().image_extension()));
    builder.constant("SIDE", std::format("{}  # {}", kPictureSide,
                                         problem.sounds ? "bands and moments" : "pixels"));
  } else {
    builder.constant("TEST_FILE", python_text(problem.test->path()));
  }
  builder.constant("SAMPLE_FILE", python_text(submission.path()));
  if (!problem.id.empty()) {
    builder.constant("ID", python_text(problem.id));
    builder.constant("SAMPLE_ID", python_text(submission.id_column()));
  }
  builder.set("TRAIN_DELIMITER", delimiter_of(problem.train));
  builder.set("TEST_DELIMITER", delimiter_of(problem.test));
  builder.set("SAMPLE_DELIMITER", delimiter_of(find_table(*problem.facts, submission.path())));
  builder.set("SKIP_ROWS", "");
  if (problem.every > 1) {
    builder.constant("EVERY", std::format("{}  # one training row of so many is read: all would "
                                          "not fit into memory",
                                          problem.every));
    builder.set("SKIP_ROWS",
                "        skiprows=(lambda row: row % EVERY) if name == TRAIN_FILE else None,\n");
  }
  builder.constant("TEXT_CELLS", python_list(text_cells(problem, roles)));
}

void set_targets(ProgramBuilder& builder, const Problem& problem) {
  const auto& wanted = problem.facts->submission().target_columns();
  const std::vector<std::string> answers{wanted.begin(), wanted.end()};
  const bool columns = several(problem) || problem.facts->submission().columns_are_classes();
  if (several(problem)) {
    builder.constant("TARGETS", python_list(problem.targets));
  } else {
    builder.constant("TARGET", python_text(problem.targets.front()));
  }
  if (columns) {
    builder.constant("ANSWERS", python_list(answers));
  } else {
    builder.constant("ANSWER", python_text(answers.front()));
  }
  if (problem.metric->answers > 0) {
    builder.constant("LISTED", std::format("{}  # labels in an answer", problem.metric->answers));
  }
  builder.set("TARGET_COLUMNS", several(problem) ? "TARGETS" : "TARGET");
  builder.set("ALL_OF_THEM", several(problem) ? ".all(axis=1)" : "");
  builder.set("LABELS", problem.whole_labels ? "train[TARGET].astype(\"int64\")"
                                             : "train[TARGET].str.strip().to_numpy(object)");
  if (problem.forward) {
    const std::string& time = problem.facts->task().time_column();
    const auto& column = *find_column(*problem.train, time);
    builder.constant("TIME", python_text(time));
    if (column.type() == v1::COLUMN_TYPE_DATE) {
      builder.constant("TIME_FORMAT", python_text(column.date_format()));
    }
  }
}

void set_side_tables(ProgramBuilder& builder, const ColumnRoles& roles) {
  std::vector<std::string> lookups;
  for (const Lookup& lookup : roles.lookups) {
    lookups.push_back(
        python_sequence({python_list(lookup.paths), python_text(lookup.delimiter),
                         python_dict(literals(lookup.keys)), python_dict(literals(lookup.columns))},
                        '(', ')'));
  }
  std::vector<std::string> histories;
  for (const History& history : roles.histories) {
    histories.push_back(python_sequence({python_list(history.paths), python_text(history.delimiter),
                                         python_text(history.key), python_list(history.columns)},
                                        '(', ')'));
  }
  if (!lookups.empty()) builder.constant("LOOKUPS", python_sequence(lookups, '[', ']'));
  if (!histories.empty()) builder.constant("HISTORIES", python_sequence(histories, '[', ']'));
}

void set_roles(ProgramBuilder& builder, const ColumnRoles& roles, const SolutionChoice& choice) {
  const auto list = [&](std::string_view name, const std::vector<std::string>& texts) {
    if (!texts.empty()) builder.constant(name, python_list(texts));
  };
  list("NUMBERS", roles.numbers);
  list("CATEGORIES", roles.categories);
  list("TEXTS", roles.texts);
  list("CLOCKS", roles.clocks);
  list("HOURS", roles.hours);
  if (!roles.dates.empty()) builder.constant("DATES", python_dict(literals(roles.dates)));
  set_side_tables(builder, roles);
  if (choice.rich) {
    list("CODES", roles.codes);
    list("RATIOS", roles.ratios);
    list("NAMES", roles.names);
    if (roles.gaps.size() > 1) list("GAPS", roles.gaps);
    if (!roles.crosses.empty()) builder.constant("CROSSES", nested(roles.crosses));
    Pairs series;
    for (const auto& [stem, members] : roles.series) {
      series.emplace_back(stem, python_list(members));
    }
    if (!series.empty()) builder.constant("SERIES", python_dict(series));
  }
  if (roles.wordy) builder.constant("TOPICS", std::to_string(kTopics));
  if (!roles.texts.empty() && !roles.wordy) {
    builder.constant("COMMON_WORDS", std::to_string(kCommonWordsMax));
  }
  if (has_categories(roles, choice)) {
    builder.constant("ONE_HOT_VALUES_MAX", std::to_string(kOneHotValuesMax));
  }
}

std::string seeds_of(const SolutionChoice& choice) {
  std::vector<std::string> seeds;
  for (std::uint32_t i = 0; i < choice.seeds; ++i) {
    seeds.push_back(std::to_string(choice.first_seed + i));
  }
  return python_sequence(seeds, '[', ']');
}

}  // namespace

bool several(const Problem& problem) {
  return problem.form == Form::number_columns || problem.form == Form::binary_columns;
}

std::string_view answer_piece_of(const Problem& problem) {
  return problem.targets_below_zero ? problem.metric->answer_piece_below_zero
                                    : problem.metric->answer_piece;
}

bool answer_is_learned(const Problem& problem) {
  return problem.metric->learns_answer && answer_piece_of(problem).starts_with("rule_");
}

std::uint32_t folds_of(const Problem& problem, const SolutionChoice& choice) {
  const bool few = problem.forward || problem.train->rows() > kFewFoldsRows;
  return few ? kFewFolds : choice.folds;
}

bool has_categories(const ColumnRoles& roles, const SolutionChoice& choice) {
  const bool made =
      choice.rich && (!roles.codes.empty() || !roles.names.empty() || !roles.crosses.empty());
  return made || !roles.categories.empty() || !roles.dates.empty();
}

bool encodes_many_valued(const ColumnRoles& roles, const SolutionChoice& choice) {
  const bool made = choice.rich && !roles.crosses.empty();
  return has_categories(roles, choice) && (made || roles.many_valued);
}

std::string class_column(const Problem& problem) {
  const auto& examples = find_column(*problem.train, problem.targets.front())->examples();
  const auto& columns = problem.facts->submission().target_columns();
  const bool same = examples.empty() || std::ranges::contains(columns, examples[0]);
  if (same) return "str(label)";
  const auto named = std::ranges::find_if(
      columns, [&](const std::string& column) { return column.ends_with(examples[0]); });
  if (named == columns.end()) return "str(label)";
  const std::string prefix = named->substr(0, named->size() - examples[0].size());
  return python_text(prefix) + " + str(label)";
}

void set_constants(ProgramBuilder& builder, const Problem& problem, const ColumnRoles& roles,
                   const SolutionChoice& choice) {
  builder.set("COMPETITION", python_text(problem.facts->slug()));
  builder.set("METRIC", python_text(problem.metric->key));
  builder.set("DIRECTION", problem.metric->higher_is_better ? "\"maximize\"" : "\"minimize\"");
  set_files(builder, problem, roles);
  set_targets(builder, problem);
  if (!problem.images) set_roles(builder, roles, choice);
  if (!choice.families.empty()) builder.constant("BLEND_ROUNDS", std::to_string(kBlendRounds));
  builder.set("FOLDS", std::to_string(folds_of(problem, choice)));
  builder.set("SEEDS", seeds_of(choice));
  builder.set("SECONDS_MAX", std::to_string(choice.seconds_max));
  builder.set("FACTS", builder.constants());
}

}  // namespace podium::codegen
