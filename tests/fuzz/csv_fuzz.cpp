#include "libs/competition/cell.hpp"
#include "libs/competition/csv_reader.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {
namespace {

constexpr competition::CsvLimits kLimits{
    .field_bytes_max = 1'000, .row_bytes_max = 4'000, .columns_max = 100};

}  // namespace

/// The first byte says which dialect.
void fuzz_csv(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto way = static_cast<unsigned char>(bytes.front());
  const auto text = bytes.substr(1);
  competition::TextSource source{text};
  const char delimiter = (way & 2U) != 0 ? ',' : '\0';
  competition::CsvReader reader{
      source, {.delimiter = delimiter, .strict = (way & 1U) != 0}, kLimits};
  std::uint64_t rows = 0;
  std::uint64_t begin = 0;
  while (true) {
    const auto next = reader.next();
    if (!next || !*next) break;
    ++rows;
    demand(reader.row_number() == rows, "rows are counted");
    demand(reader.row_begin() >= begin && reader.row_begin() <= text.size(),
           "rows begin in their order");
    begin = reader.row_begin();
    demand(!reader.row().empty() && reader.row().size() <= kLimits.columns_max,
           "the limit on columns holds");
    for (const auto field : reader.row()) {
      demand(field.size() <= kLimits.field_bytes_max, "the limit on fields holds");
    }
  }
  demand(rows <= text.size(), "there are no rows of nothing");
  competition::sniff_delimiter(text);
}

}  // namespace podium::fuzz
