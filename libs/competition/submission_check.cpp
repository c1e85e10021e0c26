#include "libs/competition/submission_check.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <format>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libs/competition/cell.hpp"
#include "libs/competition/id_index.hpp"
#include "libs/competition/prediction_stats.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/submission_writer.hpp"
#include "libs/competition/table_profile.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

constexpr std::size_t kShownIdsMax = 5;

std::string listed(const std::vector<std::string>& names, std::size_t all) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return all > names.size() ? std::format("{}, … ({} in all)", out, all) : out;
}

std::string joined(const auto& names) {
  std::vector<std::string> few;
  for (const auto& name : names) {
    if (few.size() < 12) few.push_back(shown(name));
  }
  return listed(few, static_cast<std::size_t>(std::ranges::size(names)));
}

// What a broken table means when it is a submission.
Error as_refusal(Error error) {
  if (error.is(reasons::kDataUnreadable)) error.code = &reasons::kSubmissionEncoding;
  if (error.is(reasons::kDataTooLarge)) error.code = &reasons::kSubmissionTooLarge;
  return error;
}

// Refusals travel as errors with a SUBMISSION_… code and become the verdict at the end.
class Checker {
 public:
  Checker(const SubmissionFiles& files, const SubmissionRules& rules,
          const SubmissionLimits& limits)
      : limits_{limits},
        rules_{rules},
        check_{rules},
        predictions_file_{files.predictions},
        sample_file_{files.sample},
        writer_{files.submission},
        stats_{rules} {}

  Result<void> run();
  v1::Verdict verdict() && { return std::move(verdict_); }

 private:
  Result<void> read_sample();
  Result<void> start_sample();
  Result<void> read_header();
  Result<void> place_columns(const std::vector<std::string_view>& header);
  Result<void> read_rows();
  void look_at_row();
  Result<bool> next_prediction();
  Result<void> go_to(std::uint64_t ordinal);
  std::string id_of(std::string_view cell) const;
  Result<void> refuse_repeated_ids();
  Result<bool> find_prediction(const std::string& id);
  Result<void> write_rows();
  Result<void> judge_ids() const;
  void warn();

  const SubmissionLimits& limits_;
  const SubmissionRules& rules_;
  PredictionCheck check_;
  FileSource predictions_file_;
  FileSource sample_file_;
  SubmissionWriter writer_;
  PredictionStats stats_;
  v1::Verdict verdict_;

  std::optional<CsvReader> sample_;
  std::size_t sample_id_ = 0;
  std::vector<std::size_t> sample_targets_;
  std::uint64_t sample_rows_ = 0;
  bool whole_ids_ = true;

  std::optional<CsvReader> predictions_;
  std::size_t id_ = 0;
  std::vector<std::size_t> targets_;
  std::uint64_t rows_ = 0;
  IdIndex index_;
  std::optional<std::uint64_t> at_ordinal_;
  std::optional<Error> first_problem_;
  std::vector<std::string> missing_ids_;
  std::size_t missing_count_ = 0;
};

Result<void> Checker::run() {
  PODIUM_TRY(read_sample());
  const auto bytes = predictions_file_.size();
  if (!bytes) return fail(reasons::kSubmissionMissing, "the predictions are no regular file");
  if (*bytes > limits_.file_bytes_max) {
    return fail(reasons::kSubmissionTooLarge,
                std::format("{} bytes; the limit is {}", *bytes, limits_.file_bytes_max));
  }
  PODIUM_TRY(read_header());
  PODIUM_TRY(read_rows());
  index_.sort();
  PODIUM_TRY(refuse_repeated_ids());
  PODIUM_TRY(write_rows());
  PODIUM_TRY(judge_ids());
  if (first_problem_) return std::unexpected{*first_problem_};
  if (auto problem = stats_.problem()) return std::unexpected{*std::move(problem)};
  warn();
  return {};
}

// Counts the sample's rows and sees whether its ids are whole numbers, which may be spelled 12.0.
Result<void> Checker::read_sample() {
  PODIUM_TRY(start_sample());
  const auto names = column_names(sample_->row());
  const auto position = [&](std::string_view name) -> Result<std::size_t> {
    const auto at = std::ranges::find(names, name);
    if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
    return fail(reasons::kDataUnreadable, std::format("the sample has no column {}", name));
  };
  sample_id_ = PODIUM_TRY(position(rules_.schema.id_column()));
  for (const std::string& target : rules_.schema.target_columns()) {
    sample_targets_.push_back(PODIUM_TRY(position(target)));
  }
  verdict_.mutable_columns()->Assign(names.begin(), names.end());
  while (PODIUM_TRY(sample_->next())) {
    if (sample_->row().size() != names.size()) {
      return fail(reasons::kDataUnreadable, "the sample has a row of another width");
    }
    const std::string_view id = sample_->row()[sample_id_];
    whole_ids_ = whole_ids_ && is_integer_text(id) && normal_label(id) == id;
    if (++sample_rows_ > limits_.rows_max) {
      return fail(reasons::kDataTooLarge,
                  std::format("the sample has more than {} rows", limits_.rows_max));
    }
  }
  return {};
}

Result<void> Checker::start_sample() {
  PODIUM_TRY(sample_file_.seek(0));
  sample_.emplace(sample_file_, CsvDialect{}, limits_.csv);
  if (!PODIUM_TRY(sample_->next())) return fail(reasons::kDataUnreadable, "the sample is empty");
  return {};
}

Result<void> Checker::read_header() {
  PODIUM_TRY(predictions_file_.seek(0));
  predictions_.emplace(predictions_file_,
                       CsvDialect{.delimiter = sample_->delimiter(), .strict = true}, limits_.csv);
  if (!PODIUM_TRY(next_prediction())) return fail(reasons::kSubmissionRows, "the file is empty");
  return place_columns(predictions_->row());
}

Result<void> Checker::place_columns(const std::vector<std::string_view>& header) {
  std::vector<std::string> wanted{rules_.schema.id_column()};
  for (const std::string& target : rules_.schema.target_columns()) wanted.push_back(target);
  std::vector<std::string> missing;
  std::vector<std::size_t> places;
  for (const std::string& name : wanted) {
    const auto at = std::ranges::find(header, name);
    if (at == header.end()) missing.push_back(name);
    places.push_back(static_cast<std::size_t>(at - header.begin()));
  }
  std::vector<std::string> extra;
  for (const std::string_view name : header) {
    const bool repeated = std::ranges::count(header, name) > 1;
    const bool known = std::ranges::find(wanted, name) != wanted.end();
    if (repeated || !known) extra.emplace_back(name.empty() ? "(without a name)" : name);
  }
  if (!missing.empty()) {
    return fail(reasons::kSubmissionColumns,
                std::format("missing column(s) {}; expected {}", joined(missing), joined(wanted)));
  }
  if (!extra.empty()) {
    return fail(reasons::kSubmissionColumns,
                std::format("unexpected or repeated column(s) {}; expected {}", joined(extra),
                            joined(wanted)));
  }
  id_ = places[0];
  targets_.assign(places.begin() + 1, places.end());
  return {};
}

Result<void> Checker::read_rows() {
  const std::size_t width = targets_.size() + 1;
  while (PODIUM_TRY(next_prediction())) {
    const auto& row = predictions_->row();
    if (row.size() != width) {
      return fail(reasons::kSubmissionColumns,
                  std::format("row {} has {} fields, the header has {}", predictions_->row_number(),
                              row.size(), width));
    }
    if (++rows_ > sample_rows_) continue;
    index_.add(id_of(row[id_]), predictions_->row_begin());
    look_at_row();
  }
  verdict_.set_rows(rows_);
  if (rows_ == 0) return fail(reasons::kSubmissionRows, "the file has no rows");
  return {};
}

// Keeps the first problem: ids that are wrong are told before values are.
void Checker::look_at_row() {
  const auto& row = predictions_->row();
  double sum = 0;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const std::string_view cell = row[targets_[i]];
    if (auto problem = check_.problem(cell); problem && !first_problem_) {
      problem->detail =
          std::format("column {} at {} {}: {}", rules_.schema.target_columns(static_cast<int>(i)),
                      rules_.schema.id_column(), shown(row[id_]), problem->detail);
      first_problem_ = std::move(problem);
    }
    stats_.add(i, cell);
    sum += parse_number(cell).value_or(0);
    stats_.note(check_.oddity(cell));
  }
  if (!rules_.schema.columns_are_classes()) return;
  if (sum <= 0 && !first_problem_) {
    first_problem_ =
        Error{&reasons::kSubmissionRange,
              std::format("the probabilities of {} add up to {}", shown(row[id_]), sum)};
  }
  if (std::abs(sum - 1) > 1e-3) {
    stats_.note("Some rows do not add up to 1; they are rescaled when they are scored.");
  }
}

Result<bool> Checker::next_prediction() {
  auto found = predictions_->next();
  if (!found) return std::unexpected{as_refusal(std::move(found).error())};
  if (*found && !std::ranges::all_of(predictions_->row(), is_utf8)) {
    return fail(reasons::kSubmissionEncoding,
                std::format("row {} is not UTF-8", predictions_->row_number()));
  }
  return found;
}

// Reads the row of this ordinal; without a jump when it is the next one.
Result<void> Checker::go_to(std::uint64_t ordinal) {
  const bool next = at_ordinal_ && *at_ordinal_ + 1 == ordinal;
  if (!next && at_ordinal_ != ordinal) {
    PODIUM_TRY(predictions_file_.seek(index_.row_begin(ordinal)));
    predictions_->go_on_at(index_.row_begin(ordinal));
  }
  if (at_ordinal_ != ordinal) PODIUM_TRY(next_prediction());
  at_ordinal_ = ordinal;
  return {};
}

std::string Checker::id_of(std::string_view cell) const {
  return whole_ids_ ? normal_label(cell) : std::string{trim(cell)};
}

Result<void> Checker::refuse_repeated_ids() {
  for (const auto& run : index_.shared_hashes()) {
    std::set<std::string> ids;
    for (const IdIndex::Place& place : run) {
      PODIUM_TRY(go_to(place.ordinal));
      const std::string id = id_of(predictions_->row()[id_]);
      if (ids.insert(id).second) continue;
      return fail(reasons::kSubmissionIds,
                  std::format("{} {} stands there twice", rules_.schema.id_column(), shown(id)));
    }
  }
  return {};
}

// Goes to the prediction of this id; false when there is none.
Result<bool> Checker::find_prediction(const std::string& id) {
  for (const IdIndex::Place& place : index_.find(id)) {
    PODIUM_TRY(go_to(place.ordinal));
    if (id_of(predictions_->row()[id_]) == id) return true;
  }
  return false;
}

// Walks the sample and writes its rows with the predicted values.
Result<void> Checker::write_rows() {
  PODIUM_TRY(start_sample());
  std::vector<std::string> cells(sample_->row().begin(), sample_->row().end());
  PODIUM_TRY(writer_.write_row(cells, sample_->delimiter()));
  while (PODIUM_TRY(sample_->next())) {
    const auto& row = sample_->row();
    cells[sample_id_] = row[sample_id_];
    if (!PODIUM_TRY(find_prediction(id_of(row[sample_id_])))) {
      ++missing_count_;
      if (missing_ids_.size() < kShownIdsMax) missing_ids_.push_back(shown(row[sample_id_]));
      continue;
    }
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const std::string_view predicted = predictions_->row()[targets_[i]];
      cells[sample_targets_[i]] = check_.canonical(predicted);
      stats_.compare(predicted, row[sample_targets_[i]]);
    }
    PODIUM_TRY(writer_.write_row(cells, sample_->delimiter()));
  }
  return writer_.flush();
}

Result<void> Checker::judge_ids() const {
  const std::string missing = missing_count_ == 0
                                  ? ""
                                  : std::format("; {} not found: {}", rules_.schema.id_column(),
                                                listed(missing_ids_, missing_count_));
  if (rows_ != sample_rows_) {
    return fail(reasons::kSubmissionRows,
                std::format("{} rows are given, {} expected{}", rows_, sample_rows_,
                            rows_ < sample_rows_ ? missing : ""));
  }
  if (missing_count_ > 0) {
    return fail(reasons::kSubmissionIds, "the ids are not those of the sample" + missing);
  }
  return {};
}

void Checker::warn() {
  for (std::string& warning : stats_.warnings()) verdict_.add_warnings(std::move(warning));
}

v1::Verdict refused(v1::Verdict verdict, const Error& error) {
  verdict.set_accepted(false);
  verdict.set_code(std::string{error.code->name});
  verdict.set_message(error.detail);
  return verdict;
}

}  // namespace

Result<v1::Verdict> check_submission(const SubmissionFiles& files, const SubmissionRules& rules,
                                     const SubmissionLimits& limits) {
  Checker checker{files, rules, limits};
  const auto done = checker.run();
  v1::Verdict verdict = std::move(checker).verdict();
  if (!done && !done.error().code->name.starts_with("SUBMISSION_")) {
    return std::unexpected{done.error()};
  }
  if (!done) return refused(std::move(verdict), done.error());
  verdict.set_accepted(true);
  return verdict;
}

Result<v1::Verdict> check_submission_file(const std::filesystem::path& predictions,
                                          const std::filesystem::path& sample,
                                          const std::filesystem::path& submission,
                                          const SubmissionRules& rules,
                                          const SubmissionLimits& limits) {
  struct Closer {
    int descriptor = -1;
    ~Closer() {
      if (descriptor >= 0) ::close(descriptor);
    }
  };
  // A link or a pipe where the predictions should be is not followed and not waited for.
  const Closer from{::open(predictions.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)};
  if (from.descriptor < 0) {
    return refused({}, Error{&reasons::kSubmissionMissing,
                             predictions.filename().string() + ": " + std::strerror(errno)});
  }
  const Closer asked{::open(sample.c_str(), O_RDONLY | O_CLOEXEC)};
  if (asked.descriptor < 0) {
    return fail(reasons::kDataUnreadable, "the sample: " + std::string{std::strerror(errno)});
  }
  constexpr mode_t kOwnerWritesAllRead = 0644;
  const Closer into{
      ::open(submission.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerWritesAllRead)};
  if (into.descriptor < 0) {
    return fail(errors::kUnavailable, "the submission: " + std::string{std::strerror(errno)});
  }
  return check_submission({from.descriptor, asked.descriptor, into.descriptor}, rules, limits);
}

}  // namespace podium::competition
