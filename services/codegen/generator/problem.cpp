#include "services/codegen/generator/problem.hpp"

#include <algorithm>
#include <cstdint>
#include <format>

#include "libs/competition/data_folder.hpp"
#include "libs/competition/reasons.hpp"

namespace podium::codegen {
namespace {

/// A whole-number target with more values than this is an amount, not a class.
constexpr std::uint64_t kClassesMax = 100;

/// Bytes of a training table that a program can hold; see needs_of.
constexpr std::uint64_t kTrainBytesMax = std::uint64_t{1} << 30U;

std::unexpected<Error> cannot(std::string why) {
  return fail(competition::reasons::kDraftFailed, std::move(why));
}

// With what the scraper told of the files, for one of them may hold what is missing.
std::unexpected<Error> lacks(const v1::CompetitionFacts& facts, std::string why) {
  constexpr int kWarningsMax = 5;
  for (int i = 0; i < std::min(facts.warnings_size(), kWarningsMax); ++i) {
    why += " " + facts.warnings(i);
  }
  return cannot(std::move(why));
}

// The ending of the files that the rows are; an id may hold it.
std::string media_ending(const Problem& problem) {
  const auto& task = problem.facts->task();
  if (!task.image_extension().empty()) return task.image_extension();
  const auto* ids = find_column(*problem.train, problem.id);
  const bool told = ids != nullptr && ids->examples_size() > 0;
  return told ? competition::file_extension(ids->examples(0)) : "";
}

// Whether the test table tells more of its rows than their names.
bool tables_tell(const Problem& problem) {
  if (problem.test == nullptr) return false;
  return std::ranges::any_of(problem.test->columns(), [&](const v1::ColumnProfile& column) {
    const bool name = column.name() == problem.id ||
                      (column.identifies_rows() && column.type() != v1::COLUMN_TYPE_REAL);
    return !name && !std::ranges::contains(problem.targets, column.name()) &&
           find_column(*problem.train, column.name()) != nullptr;
  });
}

// Recordings, and pictures that are not read, beside rows that tables describe: the tables are what
// a solution stands on.
bool goes_without_media(const Problem& problem) {
  if (!tables_tell(problem)) return false;
  const std::string ending = media_ending(problem);
  return competition::is_sound(ending) || ending == ".dcm";
}

Result<void> look_at_media(Problem& problem) {
  const std::string ending = media_ending(problem);
  const std::string& folder = problem.facts->task().train_images();
  problem.sounds = competition::is_sound(ending);
  if (problem.sounds && ending != ".wav") {
    return cannot(
        std::format("the rows are sounds in {} files below {}: only .wav is read by the "
                    "built-in solutions; sounds written so can be sent as a folder",
                    ending, folder));
  }
  if (ending == ".dcm") {
    return cannot(
        std::format("the rows are .dcm pictures below {}, which the built-in solutions "
                    "do not read: as .png they can be sent as a folder",
                    folder));
  }
  return {};
}

std::uint64_t step_of(const Problem& problem) {
  const auto& files = problem.facts->files();
  const auto file = std::ranges::find(files, problem.train->path(), &v1::DataFile::path);
  const std::uint64_t bytes = file == files.end() ? 0 : file->bytes();
  return std::max<std::uint64_t>(1, (bytes + kTrainBytesMax - 1) / kTrainBytesMax);
}

bool is_number(const v1::ColumnProfile& column) {
  return column.type() == v1::COLUMN_TYPE_INTEGER || column.type() == v1::COLUMN_TYPE_REAL;
}

// What the target itself looks like, when the facts do not say what the task is.
v1::TaskKind kind_of(const v1::ColumnProfile& target, std::size_t targets) {
  if (targets > 1) return v1::TASK_KIND_MULTI_REGRESSION;
  if (target.distinct() == 2) return v1::TASK_KIND_BINARY;
  const bool amount = target.type() == v1::COLUMN_TYPE_REAL ||
                      (is_number(target) && target.distinct() > kClassesMax);
  return amount ? v1::TASK_KIND_REGRESSION : v1::TASK_KIND_MULTICLASS;
}

bool all_binary(const Problem& problem) {
  return std::ranges::all_of(problem.targets, [&](const std::string& name) {
    return find_column(*problem.train, name)->distinct() <= 2;
  });
}

// Forms that the target allows, the likeliest first.
std::vector<Form> possible_forms(const Problem& problem) {
  const v1::ColumnProfile& target = *find_column(*problem.train, problem.targets.front());
  auto kind = problem.facts->task().kind();
  if (kind == v1::TASK_KIND_UNSPECIFIED) kind = kind_of(target, problem.targets.size());
  if (problem.targets.size() > 1) {
    if (!all_binary(problem)) return {Form::number_columns};
    return {Form::binary_columns, Form::number_columns};
  }
  std::vector<Form> forms;
  if (target.distinct() == 2) forms.push_back(Form::binary);
  if (kind == v1::TASK_KIND_BINARY || kind == v1::TASK_KIND_MULTICLASS) {
    forms.push_back(Form::classes);
  }
  if (is_number(target)) forms.push_back(Form::number);
  if (kind == v1::TASK_KIND_REGRESSION) std::ranges::reverse(forms);
  if (forms.empty()) forms.push_back(Form::classes);
  return forms;
}

void choose_metric(Problem& problem) {
  const auto& facts = *problem.facts;
  const auto forms = possible_forms(problem);
  for (const Form form : forms) {
    const bool columns_are_classes = facts.submission().columns_are_classes();
    if (columns_are_classes && form != Form::classes) continue;
    problem.metric = find_metric_rule(facts.metric().key(), form);
    problem.form = form;
    if (problem.metric != nullptr) return;
  }
  problem.form = facts.submission().columns_are_classes() ? Form::classes : forms.front();
  const auto kind = facts.submission().target_kind();
  const bool probabilities =
      kind == v1::TARGET_KIND_PROBABILITY || facts.submission().columns_are_classes();
  problem.metric = &default_metric_rule(problem.form, probabilities);
  problem.metric_stands_in = true;
}

// The training table's targets; for several, in the order in which the submission names them.
std::vector<std::string> targets_of(const v1::CompetitionFacts& facts) {
  const auto& named = facts.task().target_columns();
  std::vector<std::string> targets{named.begin(), named.end()};
  const auto& wanted = facts.submission().target_columns();
  if (targets.size() > 1 && std::ranges::is_permutation(targets, wanted)) {
    targets.assign(wanted.begin(), wanted.end());
  }
  return targets;
}

Result<void> find_rows(Problem& problem) {
  const auto& facts = *problem.facts;
  const auto& task = facts.task();
  problem.images = !task.train_images().empty() && !task.test_images().empty();
  problem.test = find_table(facts, task.test_path());
  const std::string& sample_id = facts.submission().id_column();
  if (problem.images) {
    problem.id = task.id_column().empty() ? sample_id : task.id_column();
    problem.images = !goes_without_media(problem);
  }
  if (problem.images) {
    if (find_column(*problem.train, problem.id) == nullptr) {
      return cannot("the training table does not name its pictures");
    }
    return look_at_media(problem);
  }
  problem.id.clear();
  if (problem.test == nullptr) problem.test = find_table(facts, facts.submission().path());
  if (problem.test == nullptr) {
    return lacks(facts,
                 "no table holds the rows to predict: add test.csv with the ids of the sample.");
  }
  for (const std::string& name : {task.id_column(), sample_id}) {
    const bool in_test = !name.empty() && find_column(*problem.test, name) != nullptr;
    if (problem.id.empty() && in_test) problem.id = name;
  }
  return {};
}

}  // namespace

const v1::TableProfile* find_table(const v1::CompetitionFacts& facts, std::string_view path) {
  const auto at = std::ranges::find(facts.tables(), path, &v1::TableProfile::path);
  return path.empty() || at == facts.tables().end() ? nullptr : &*at;
}

const v1::ColumnProfile* find_column(const v1::TableProfile& table, std::string_view name) {
  const auto at = std::ranges::find(table.columns(), name, &v1::ColumnProfile::name);
  return at == table.columns().end() ? nullptr : &*at;
}

Result<Problem> problem_of(const v1::CompetitionFacts& facts) {
  Problem problem;
  problem.facts = &facts;
  problem.train = find_table(facts, facts.task().train_path());
  if (problem.train == nullptr) {
    return lacks(facts,
                 "no table holds the column that is to be predicted: add train.csv with it.");
  }
  problem.targets = targets_of(facts);
  if (problem.targets.empty()) return cannot("it is not known which column is the target");
  for (const std::string& name : problem.targets) {
    const auto* column = find_column(*problem.train, name);
    if (column == nullptr) return cannot("the training table has no column " + name);
    problem.targets_below_zero |= is_number(*column) && column->min() < 0;
    problem.whole_labels = column->type() == v1::COLUMN_TYPE_INTEGER;
  }
  if (facts.submission().path().empty() || facts.submission().target_columns().empty()) {
    return cannot("there is no sample submission to answer to");
  }
  PODIUM_TRY(find_rows(problem));
  problem.every = step_of(problem);
  choose_metric(problem);
  problem.forward = !problem.images && problem.targets.size() == 1 &&
                    !facts.task().time_column().empty() &&
                    find_column(*problem.train, facts.task().time_column()) != nullptr;
  return problem;
}

}  // namespace podium::codegen
