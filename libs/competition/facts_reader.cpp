#include "libs/competition/facts_reader.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "libs/competition/data_folder.hpp"
#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/submission_schema.hpp"
#include "libs/competition/table_profile.hpp"
#include "libs/competition/table_roles.hpp"
#include "libs/competition/task_inference.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

namespace fs = std::filesystem;

v1::CompetitionFacts told_part(const ToldFacts& told, v1::CompetitionDoor door) {
  v1::CompetitionFacts facts;
  facts.set_slug(told.slug);
  facts.set_title(told.title.empty() ? told.slug : told.title);
  if (told.title.empty()) facts.add_inferred("title");
  facts.set_url(told.url);
  facts.set_description(told.description);
  facts.set_door(door);
  facts.set_licence(told.licence);
  *facts.mutable_metric() = metric_of(told.metric_name, evaluation_text(told.pages));
  if (told.deadline) *facts.mutable_deadline() = *told.deadline;
  facts.mutable_pages()->Assign(told.pages.begin(), told.pages.end());
  facts.mutable_warnings()->Assign(told.warnings.begin(), told.warnings.end());
  return facts;
}

void warn_of_deadline(v1::CompetitionFacts& facts, std::chrono::system_clock::time_point now) {
  if (!facts.has_deadline()) return;
  const std::chrono::sys_seconds deadline{std::chrono::seconds{facts.deadline().seconds()}};
  if (deadline >= now) return;
  Error passed{
      &reasons::kDeadlinePassed,
      std::format("The deadline was {:%Y-%m-%d}: a submission may no longer count.", deadline)};
  if (!facts.url().empty()) passed.detail += " Open " + facts.url();
  facts.add_warnings(passed.text());
}

void warn_of_table(v1::CompetitionFacts& facts, const TableScan& scan) {
  if (scan.ragged_rows > 0) {
    facts.add_warnings(std::format("{}: {} rows have more or fewer fields than the header.",
                                   scan.profile.path(), scan.ragged_rows));
  }
  if (!scan.utf8) {
    facts.add_warnings(
        std::format("{} is not UTF-8; it was read as Latin-1.", scan.profile.path()));
  }
}

const v1::TableProfile* table_at(const v1::CompetitionFacts& facts, const std::string& path) {
  const auto at = std::ranges::find(facts.tables(), path, &v1::TableProfile::path);
  return path.empty() || at == facts.tables().end() ? nullptr : &*at;
}

// A sample that does not fit the data is obeyed, because it is the final authority, and told.
void warn_of_sample(v1::CompetitionFacts& facts) {
  const auto& sample = facts.submission();
  const auto* test = table_at(facts, facts.task().test_path());
  if (test != nullptr && test->path() != sample.path() && test->rows() != sample.rows()) {
    facts.add_warnings(
        std::format("{} has {} rows and {} has {}: only the sample's ids are answered.",
                    test->path(), test->rows(), sample.path(), sample.rows()));
  }
  const auto* train = table_at(facts, facts.task().train_path());
  const bool one_for_one = sample.target_columns_size() == 1 &&
                           facts.task().target_columns_size() == 1 &&
                           sample.target_columns(0) != facts.task().target_columns(0);
  if (train != nullptr && one_for_one) {
    facts.add_warnings(std::format(
        "{} asks for {}, which {} does not have: {} is predicted for it.", sample.path(),
        sample.target_columns(0), train->path(), facts.task().target_columns(0)));
  }
}

void warn_of_metric(v1::CompetitionFacts& facts) {
  if (!facts.metric().key().empty()) return;
  facts.add_warnings(
      facts.metric().name().empty()
          ? std::
                string{"No metric is named: solutions are compared by the usual one of such tasks. "
                       "evaluationMetric in competition.json names it."}
          : std::format("The metric {} is not known here: a usual one stands in for it.",
                        facts.metric().name()));
}

bool may_hold_rows(const v1::DataFile& file) {
  constexpr std::array<std::string_view, 14> kEndings{
      ".parquet", ".json", ".jsonl", ".feather", ".arrow", ".xlsx",   ".xls",
      ".h5",      ".npy",  ".npz",   ".pkl",     ".rar",   ".sqlite", ".hdf5"};
  return std::ranges::any_of(kEndings,
                             [&](auto ending) { return lower(file.path()).ends_with(ending); });
}

// Where no labelled rows were found, what may hold them and is not read.
void warn_of_unread_files(v1::CompetitionFacts& facts) {
  constexpr int kNamedMax = 5;
  if (!facts.task().train_path().empty()) return;
  std::string names;
  int unread = 0;
  for (const v1::DataFile& file : facts.files()) {
    if (!may_hold_rows(file) || ++unread > kNamedMax) continue;
    names += (names.empty() ? "" : ", ") + file.path();
  }
  if (unread == 0) return;
  if (unread > kNamedMax) names += std::format(" and {} more", unread - kNamedMax);
  facts.add_warnings(std::format(
      "Rows to learn from may be in {}: written as CSV tables they can be sent as a folder.",
      names));
}

Result<std::optional<TableScan>> scan_file(v1::CompetitionFacts& facts, const fs::path& root,
                                           const std::string& path, const FactsOptions& options) {
  ScanOptions scan_options{.stop = options.stop, .on_rows = {}};
  if (options.on_rows) {
    options.on_rows(path, 0);
    scan_options.on_rows = [&](std::uint64_t rows) { options.on_rows(path, rows); };
  }
  FileSource source = PODIUM_TRY(FileSource::open(root / path));
  auto scan = scan_table(source, path, scan_options);
  if (!scan && scan.error().is(errors::kStopped)) return std::unexpected{std::move(scan).error()};
  if (!scan) {
    facts.add_warnings("Not read: " + scan.error().detail);
    return std::nullopt;
  }
  warn_of_table(facts, *scan);
  return std::optional{*std::move(scan)};
}

// Scans the tables among the files; one that cannot be read becomes a warning.
Result<std::vector<TableScan>> scan_tables(v1::CompetitionFacts& facts, const fs::path& root,
                                           const FactsOptions& options) {
  std::vector<TableScan> scans;
  for (const v1::DataFile& file : facts.files()) {
    if (file.kind() != v1::FILE_KIND_TABLE) continue;
    if (scans.size() == kProfiledTablesMax) {
      facts.add_warnings(std::format("Only the first {} tables were read.", kProfiledTablesMax));
      break;
    }
    auto scan = PODIUM_TRY(scan_file(facts, root, file.path(), options));
    if (scan) scans.push_back(*std::move(scan));
  }
  return scans;
}

// Where there is no sample submission, what it would be is written and read like one.
Result<void> make_sample(v1::CompetitionFacts& facts, const fs::path& root, const ToldFacts& told,
                         const FactsOptions& options, std::vector<TableScan>& scans) {
  if (!options.write_sample || find_sample_table(scans, told.sample_submission)) return {};
  const auto sample = propose_sample(scans, told);
  const std::string path{kMadeSample};
  if (!sample || fs::exists(root / path)) return {};
  const v1::TableProfile& test = scans[static_cast<std::size_t>(sample->test)].profile;
  PODIUM_TRY(options.write_sample(test, sample->id_column, sample->targets));
  facts.add_inferred("submission.path");
  facts.add_warnings(std::format("There is no sample submission: {} was made of {}, to ask for {}.",
                                 path, test.path(), sample->targets.front()));
  v1::DataFile& file = *facts.add_files();
  file.set_path(path);
  file.set_bytes(fs::file_size(root / path));
  file.set_kind(v1::FILE_KIND_TABLE);
  auto scan = PODIUM_TRY(scan_file(facts, root, path, options));
  if (scan) scans.push_back(*std::move(scan));
  return {};
}

DataQuestions questions_of(const fs::path& root, const std::vector<TableScan>& scans) {
  DataQuestions questions;
  questions.values_of = [&](int table,
                            int column) -> Result<std::optional<std::vector<std::string>>> {
    const std::string& path = scans[static_cast<std::size_t>(table)].profile.path();
    FileSource source = PODIUM_TRY(FileSource::open(root / path));
    return distinct_values(source, column, kLabelsMax);
  };
  questions.has_file = [&](const std::string& path) {
    std::error_code error;
    const bool plain = !fs::path{path}.lexically_normal().string().starts_with("..");
    return plain && fs::is_regular_file(root / path, error);
  };
  return questions;
}

}  // namespace

Result<v1::CompetitionFacts> read_facts(const fs::path& data_folder, const ToldFacts& told,
                                        v1::CompetitionDoor door, const FactsOptions& options) {
  v1::CompetitionFacts facts = told_part(told, door);
  warn_of_deadline(facts, options.now);
  const DataInventory inventory = PODIUM_TRY(list_data_folder(data_folder));
  facts.mutable_files()->Assign(inventory.files.begin(), inventory.files.end());
  facts.mutable_folders()->Assign(inventory.folders.begin(), inventory.folders.end());
  auto scans = PODIUM_TRY(scan_tables(facts, data_folder, options));
  PODIUM_TRY(make_sample(facts, data_folder, told, options, scans));
  agree_on_dates(scans);
  for (const TableScan& scan : scans) *facts.add_tables() = scan.profile;
  auto inferred = infer_task(facts, scans, told, questions_of(data_folder, scans));
  if (!inferred) {
    // What could not be read may well be what is missing now.
    Error error = std::move(inferred).error();
    for (const std::string& warning : facts.warnings()) error.detail += " " + warning;
    return std::unexpected{std::move(error)};
  }
  warn_of_sample(facts);
  warn_of_metric(facts);
  warn_of_unread_files(facts);
  return facts;
}

}  // namespace podium::competition
