#include "services/scraper/adapters/child_foreign_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <system_error>

#include "libs/chassis/child/lockdown.hpp"
#include "libs/chassis/child/scratch_file.hpp"
#include "libs/chassis/clock.hpp"
#include "libs/chassis/log.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/told_message.hpp"
#include "services/scraper/unpack.hpp"
#include "services/scraper/unpack/protocol.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;

constexpr std::array kPhases{kUnpacking, kProfiling, kPacking};

/// Reads the child's lines: tells the progress, remembers the file. What is no such line, or of no
/// end, is passed over: the child may say anything once it has been overcome.
class ProgressReader {
 public:
  explicit ProgressReader(const FetchControl& control) : control_{control} {}

  void take(std::string_view piece) {
    rest_ += piece;
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      take_line(std::string_view{rest_}.substr(0, end));
      rest_.erase(0, end + 1);
    }
    if (rest_.size() > kProgressLineBytesMax) rest_.clear();
  }
  /// The file that it was told to be reading last; empty when none was.
  const std::string& file() const { return file_; }

 private:
  void take_line(std::string_view line) {
    const auto first = line.find('\t');
    const auto second = line.find('\t', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return;
    const auto number = line.substr(first + 1, second - first - 1);
    std::uint64_t done = 0;
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), done);
    const auto phase = std::ranges::find(kPhases, line.substr(0, first));
    if (failed != std::errc{} || end != number.data() + number.size() || phase == kPhases.end()) {
      return;
    }
    file_ = competition::clean_text(line.substr(second + 1), kProgressFileBytesMax);
    if (control_.on_progress) control_.on_progress(*phase, done, 0);
  }

  const FetchControl& control_;
  std::string rest_;
  std::string file_;
};

/// What the report says went wrong: a reason of the domain, or trouble with the disk.
Error error_in(const v1::UnpackReport& report) {
  if (const auto* reason = competition::find_reason(report.error())) {
    return {reason, report.detail()};
  }
  if (report.error() == errors::kUnavailable.name) return {&errors::kUnavailable, report.detail()};
  return {&reasons::kDataUnreadable, report.detail()};
}

Error given_up(const std::string& file, std::string_view why) {
  return {&reasons::kDataUnreadable,
          std::format("{}: reading it was given up, {}", file.empty() ? "the data" : file, why)};
}

/// A plain file of its own, not a way to another one.
bool is_own_file(const fs::path& file) {
  std::error_code failed;
  return fs::is_regular_file(fs::symlink_status(file, failed)) &&
         fs::hard_link_count(file, failed) == 1;
}

}  // namespace

ChildForeignReader::ChildForeignReader(UnpackOptions options) : options_{std::move(options)} {
  if (!has_file_walls()) {
    log_warning(
        "this kernel has no Landlock: what reads the data of competitions has no socket, "
        "environment or program, but the file rights of the scraper");
  }
}

Result<ReadData> ChildForeignReader::read_data(const fs::path& folder,
                                               const FetchedCompetition& fetched,
                                               const FetchControl& control) {
  v1::UnpackQuestion question;
  *question.mutable_told() = message_of(fetched.told);
  question.set_door(fetched.door);
  *question.mutable_now() = to_proto(std::chrono::system_clock::now());
  question.set_data_bytes_max(options_.data_bytes_max);
  auto report = PODIUM_TRY(
      ask(unpack::kDataMode, folder, question, time_for(bytes_below(folder / "packed")), control));
  if (!is_own_file(folder / "data.tar")) {
    return fail(reasons::kDataUnreadable, "the data was not packed");
  }
  ReadData read;
  read.facts = std::move(*report.mutable_facts());
  for (const auto& file : report.packed()) {
    read.tar.files[file.path()] = {.sha256 = file.sha256(), .bytes = file.bytes()};
  }
  read.tar.bytes = report.packed_bytes();
  return read;
}

Result<competition::ToldFacts> ChildForeignReader::open_sent(const fs::path& folder,
                                                             const FetchControl& control) {
  v1::UnpackQuestion question;
  question.set_data_bytes_max(options_.data_bytes_max);
  std::error_code unknown;
  const auto bytes = fs::file_size(folder / "sent.tar", unknown);
  return told_of(
      PODIUM_TRY(ask(unpack::kSentMode, folder, question, time_for(unknown ? 0 : bytes), control))
          .told());
}

Result<std::vector<v1::Page>> ChildForeignReader::read_pages(
    const std::vector<v1::ForeignPage>& pages, const fs::path& folder,
    const FetchControl& control) {
  v1::UnpackQuestion question;
  question.mutable_pages()->Assign(pages.begin(), pages.end());
  // Too short to be told of.
  const FetchControl quiet{.stop = control.stop};
  const auto report = PODIUM_TRY(ask(unpack::kPagesMode, folder, question, kPagesTimeMax, quiet));
  return std::vector<v1::Page>{report.pages().begin(), report.pages().end()};
}

std::chrono::milliseconds ChildForeignReader::time_for(std::uint64_t bytes) const {
  return options_.time_least + std::chrono::seconds{bytes / kUnpackBytesPerSecond};
}

Result<v1::UnpackReport> ChildForeignReader::ask(std::string_view mode, const fs::path& folder,
                                                 const v1::UnpackQuestion& question,
                                                 std::chrono::milliseconds time_max,
                                                 const FetchControl& control) const {
  auto asked = PODIUM_TRY(ScratchFile::make(folder));
  PODIUM_TRY(asked.append(question.SerializeAsString()));
  const auto answered = PODIUM_TRY(ScratchFile::make(folder));
  const auto words = PODIUM_TRY(ScratchFile::make(folder));
  ProgressReader progress{control};
  const auto ended = run_child(
      {.program = options_.program,
       .arguments = {std::string{mode}, folder.string(),
                     std::to_string(std::chrono::ceil<std::chrono::seconds>(time_max).count())},
       .descriptors = {{asked.descriptor(), unpack::kQuestion},
                       {answered.descriptor(), unpack::kReport}},
       .stderr_descriptor = words.descriptor(),
       .words_descriptor = unpack::kProgress,
       .on_words = [&progress](std::string_view piece) { progress.take(piece); },
       .time_max = time_max,
       .stop = control.stop});
  if (!ended && ended.error().is(errors::kTimeout)) {
    return std::unexpected{given_up(progress.file(), ended.error().detail)};
  }
  const int exit_code = PODIUM_TRY(ended);
  if (exit_code > 128) {
    return std::unexpected{given_up(
        progress.file(), std::format("what read it ended with signal {}", exit_code - 128))};
  }
  if (exit_code != unpack::kExitDone) {
    const auto said = PODIUM_TRY(words.read(0, kUnpackWordsBytesMax));
    return fail(errors::kUnavailable, competition::clean_text(said, kUnpackWordsBytesMax));
  }
  v1::UnpackReport report;
  if (answered.size() > kUnpackReportBytesMax ||
      !report.ParseFromString(PODIUM_TRY(answered.read(0, kUnpackReportBytesMax)))) {
    return std::unexpected{given_up(progress.file(), "what it is cannot be told")};
  }
  if (!report.error().empty()) return std::unexpected{error_in(report)};
  return report;
}

}  // namespace podium::scraper
