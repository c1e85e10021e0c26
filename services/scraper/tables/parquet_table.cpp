#include "services/scraper/tables/parquet_table.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "libs/competition/byte_source.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/csv_file.hpp"
#include "services/scraper/tables/parquet_cell.hpp"
#include "services/scraper/tables/parquet_column.hpp"

namespace podium::scraper::tables {
namespace {

class ParquetTable {
 public:
  explicit ParquetTable(competition::FileSource& source)
      : source_{source}, file_{read_parquet_file(source)} {
    for (std::size_t i = 0; i < file_.columns.size(); ++i) {
      const ParquetColumn& column = file_.columns[i];
      if (column.flat) {
        taken_.push_back(i);
      } else {
        lost_.insert(name_of(i));
      }
    }
    if (taken_.empty()) throw BrokenTable{"none of its columns is flat"};
    for (const std::size_t i : taken_) details_.push_back(time_detail(i));
  }

  Result<PlainCopy> write(CsvFile& csv) {
    for (const std::size_t i : taken_) csv.add_cell(name_of(i));
    PODIUM_TRY(csv.end_row());
    for (const RowGroup& group : file_.groups) PODIUM_TRY(write_group(group, csv));
    PODIUM_TRY(csv.finish());
    return PlainCopy{.lost = {lost_.begin(), lost_.end()}, .whole = lost_.empty()};
  }

 private:
  // Whatever bytes a name is of, the table stays UTF-8.
  std::string name_of(std::size_t at) const {
    return competition::from_latin1_or_utf8(file_.columns[at].name);
  }

  // Times of one column are written alike, so they are looked at before.
  TimeDetail time_detail(std::size_t at) {
    const ParquetColumn& column = file_.columns[at];
    const bool moments = column.meaning == Meaning::timestamp || column.physical == Physical::int96;
    auto detail = TimeDetail::day;
    if (!moments) return detail;
    for (const RowGroup& group : file_.groups) {
      ColumnWalk walk{source_, column, group.columns[at]};
      for (std::uint64_t row = 0; row < group.rows; ++row) {
        if (detail == TimeDetail::nanosecond) return detail;
        if (const auto value = walk.next()) detail = std::max(detail, detail_of(column, *value));
      }
    }
    return detail;
  }

  Result<void> write_group(const RowGroup& group, CsvFile& csv) {
    std::deque<ColumnWalk> walks;
    for (const std::size_t i : taken_) {
      walks.emplace_back(source_, file_.columns[i], group.columns[i]);
    }
    std::string cell;
    for (std::uint64_t row = 0; row < group.rows; ++row) {
      for (std::size_t i = 0; i < taken_.size(); ++i) {
        const ParquetColumn& column = file_.columns[taken_[i]];
        cell.clear();
        const auto value = walks[i].next();
        if (value && !write_cell(column, *value, details_[i], cell)) {
          lost_.insert(name_of(taken_[i]));
        }
        csv.add_cell(cell);
      }
      PODIUM_TRY(csv.end_row());
    }
    return {};
  }

  competition::FileSource& source_;
  ParquetFile file_;
  /// Indexes of the flat columns, and how their times are written.
  std::vector<std::size_t> taken_;
  std::vector<TimeDetail> details_;
  std::set<std::string> lost_;
};

}  // namespace

Result<PlainCopy> parquet_to_csv(const std::filesystem::path& file,
                                 const std::filesystem::path& target, UnpackAccount& account) try {
  auto source = PODIUM_TRY(competition::FileSource::open(file));
  ParquetTable table{source};
  CsvFile csv{target, source.size().value_or(0), account};
  return table.write(csv);
} catch (...) {
  return unreadable();
}

}  // namespace podium::scraper::tables
