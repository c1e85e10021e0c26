#include "services/scraper/unpack/modes.hpp"

#include <format>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include "libs/chassis/clock.hpp"
#include "libs/competition/facts_reader.hpp"
#include "libs/competition/html_text.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/adapters/competition_folder.hpp"
#include "services/scraper/archive_extraction.hpp"
#include "services/scraper/data_tar.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/tables/made_tables.hpp"
#include "services/scraper/tables/plain_tables.hpp"
#include "services/scraper/told_message.hpp"
#include "services/scraper/unpack.hpp"
#include "services/scraper/unpack_account.hpp"

namespace podium::scraper::unpack {
namespace {

namespace fs = std::filesystem;

// What the files tell, once they are in one form; what only their arrangement tells is written down
// as a table first.
Result<v1::CompetitionFacts> profile(const fs::path& data, v1::UnpackQuestion question,
                                     const UnpackLimits& limits, const FetchControl& control) {
  UnpackAccount account{limits, control};
  for (auto& sentence : PODIUM_TRY(tables::make_tables_plain(data, account, control))) {
    question.mutable_told()->add_warnings(std::move(sentence));
  }
  competition::FactsOptions options;
  options.now = from_proto(question.now());
  options.on_rows = [&](std::string_view table, std::uint64_t rows) {
    if (rows == 0 && control.on_file) control.on_file(table);
    if (control.on_progress) control.on_progress(kProfiling, rows, 0);
  };
  options.write_sample = [&](const v1::TableProfile& test, int id_column,
                             const std::vector<std::string>& targets) {
    return tables::write_sample(data, std::string{competition::kMadeSample}, test, id_column,
                                targets, account);
  };
  auto facts =
      PODIUM_TRY(competition::read_facts(data, told_of(question.told()), question.door(), options));
  auto labelled = PODIUM_TRY(tables::write_labels(data, facts, account));
  if (!labelled) return facts;
  question.mutable_told()->add_warnings(*std::move(labelled));
  return competition::read_facts(data, told_of(question.told()), question.door(), options);
}

void add_hashes(const DataTar& tar, v1::UnpackReport& report) {
  for (auto& file : *report.mutable_facts()->mutable_files()) {
    const auto known = tar.files.find(file.path());
    if (known != tar.files.end()) file.set_sha256(known->second.sha256);
  }
  for (const auto& [path, file] : tar.files) {
    auto& packed = *report.add_packed();
    packed.set_path(path);
    packed.set_bytes(file.bytes);
    packed.set_sha256(file.sha256);
  }
  report.set_packed_bytes(tar.bytes);
}

// What came from outside: a folder that a person sent is an archive itself.
UnpackLimits limits_of(const fs::path& folder, const v1::UnpackQuestion& question) {
  std::error_code none_was_sent;
  const auto sent = fs::file_size(folder / "sent.tar", none_was_sent);
  return {.bytes_max = question.data_bytes_max(),
          .packed_bytes = none_was_sent ? bytes_below(folder / "packed") : sent};
}

// After an error what was made is of no use, and on a full disk the report wants its room.
Result<void> cleared(Result<void> done, const fs::path& folder,
                     std::initializer_list<std::string_view> made) try {
  if (done) return done;
  if (done.error().is(competition::reasons::kDiskTooSmall)) {
    done.error().detail +=
        std::format("; the competition took {} bytes by then on the disk of PODIUM_SCRAPE_WORK",
                    bytes_below(folder));
  }
  for (const auto name : made) fs::remove_all(folder / name);
  return done;
} catch (const fs::filesystem_error&) {
  return done;
}

Result<void> make_data(const fs::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report) {
  const auto data = folder / "data";
  const auto limits = limits_of(folder, question);
  UnpackAccount account{limits, control};
  PODIUM_TRY(unpack_folder(folder / "packed", data, account));
  *report.mutable_facts() = PODIUM_TRY(profile(data, question, limits, control));
  add_hashes(PODIUM_TRY(write_data_tar(data, folder / "data.tar", control)), report);
  return {};
}

Result<void> take_sent(const fs::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report) {
  UnpackAccount account{limits_of(folder, question), control};
  PODIUM_TRY(extract_archive(folder / "sent.tar", folder / "sent", account));
  const auto sent = inner_folder(folder / "sent");
  *report.mutable_told() = message_of(PODIUM_TRY(read_told_facts(sent)));
  return take_data(sent, folder / "packed");
}

}  // namespace

Result<void> read_data(const fs::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report) {
  return cleared(make_data(folder, question, control, report), folder,
                 {"data", "data.unpacking", "data.tar"});
}

Result<void> open_sent(const fs::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report) {
  if (control.on_file) control.on_file("the folder that was sent");
  return cleared(take_sent(folder, question, control, report), folder, {"sent"});
}

Result<void> read_pages(const v1::UnpackQuestion& question, const FetchControl& control,
                        v1::UnpackReport& report) {
  for (const auto& page : question.pages()) {
    if (report.pages_size() == static_cast<int>(competition::kPagesMax)) break;
    if (control.on_file) control.on_file(page.name());
    auto text = page.content();
    if (competition::is_html(text, page.media_type())) text = competition::text_of_html(text);
    if (competition::trim(text).empty()) continue;
    *report.add_pages() = competition::make_page(page.name(), text);
  }
  return {};
}

}  // namespace podium::scraper::unpack
