#include "libs/competition/csv_reader.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <span>

#include "libs/competition/reasons.hpp"

namespace podium::competition {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} * 1024;
/// Read after a jump, where one row may be all that is wanted.
constexpr std::size_t kJumpBytes = std::size_t{4} * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::array kDelimiters{',', ';', '\t', '|'};
constexpr std::size_t kSniffRowsMax = 50;

// Fields per row of the complete rows of `text`, were they parted by `delimiter`.
std::vector<std::size_t> fields_per_row(std::string_view text, char delimiter) {
  std::vector<std::size_t> counts;
  std::size_t fields = 1;
  bool quoted = false;
  bool blank = true;
  for (std::size_t i = 0; i < text.size() && counts.size() < kSniffRowsMax; ++i) {
    const char c = text[i];
    const bool line_end = !quoted && (c == '\n' || c == '\r');
    if (c == '"') quoted = !quoted;
    if (line_end && !blank) counts.push_back(fields);
    if (line_end) fields = 1;
    if (!quoted && c == delimiter) ++fields;
    blank = line_end;
  }
  return counts;
}

}  // namespace

char sniff_delimiter(std::string_view text) {
  char best = ',';
  std::size_t best_fields = 1;
  for (const char delimiter : kDelimiters) {
    auto counts = fields_per_row(text, delimiter);
    if (counts.empty()) counts = fields_per_row(std::string{text} + '\n', delimiter);
    if (counts.empty()) continue;
    const bool even = std::ranges::all_of(counts, [&](std::size_t n) { return n == counts[0]; });
    if (even && counts[0] > best_fields) {
      best = delimiter;
      best_fields = counts[0];
    }
  }
  if (best_fields > 1) return best;
  // No delimiter is even: take the one that the header has most of.
  const std::string_view header = text.substr(0, text.find_first_of("\r\n"));
  const auto in_header = [&](char d) { return std::ranges::count(header, d); };
  return *std::ranges::max_element(kDelimiters, {}, in_header);
}

CsvReader::CsvReader(ByteSource& source, CsvDialect dialect, CsvLimits limits)
    : source_{source}, dialect_{dialect}, limits_{limits} {}

Result<bool> CsvReader::next() {
  if (!started_) PODIUM_TRY(start());
  while (true) {
    const bool found = PODIUM_TRY(read_row());
    if (!found) return false;
    const bool blank = ends_.size() == 1 && cells_.empty();
    if (!blank) break;
  }
  ++row_number_;
  fields_.clear();
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    fields_.push_back(std::string_view{cells_}.substr(begin, end - begin));
    begin = end;
  }
  return true;
}

void CsvReader::go_on_at(std::uint64_t position) {
  buffer_.clear();
  buffer_position_ = 0;
  source_ended_ = false;
  after_carriage_return_ = false;
  jumped_ = true;
  position_ = position;
}

Result<void> CsvReader::start() {
  started_ = true;
  while (buffer_.size() < kBufferBytes && PODIUM_TRY(fill(kBufferBytes))) {
  }
  if (buffer_.starts_with("\xFF\xFE") || buffer_.starts_with("\xFE\xFF")) {
    return fail(reasons::kDataUnreadable, "the text is UTF-16; save it as UTF-8");
  }
  if (buffer_.starts_with(kByteOrderMark)) {
    buffer_position_ = kByteOrderMark.size();
    position_ = kByteOrderMark.size();
  }
  if (dialect_.delimiter == 0) {
    dialect_.delimiter = sniff_delimiter(std::string_view{buffer_}.substr(buffer_position_));
  }
  return {};
}

// Appends to the buffer; false at the end of the source.
Result<bool> CsvReader::fill(std::size_t bytes) {
  if (source_ended_) return false;
  const std::size_t had = buffer_.size();
  buffer_.resize(had + bytes);
  const std::size_t got = PODIUM_TRY(source_.read(std::span{buffer_}.subspan(had)));
  buffer_.resize(had + got);
  source_ended_ = got == 0;
  return got > 0;
}

// Reads up to the next line end, blank lines included; false when nothing is left.
Result<bool> CsvReader::read_row() {
  cells_.clear();
  ends_.clear();
  state_ = State::field_start;
  row_begin_ = position_;
  bool anything = false;
  while (true) {
    if (buffer_position_ == buffer_.size()) {
      buffer_.clear();
      buffer_position_ = 0;
      if (!PODIUM_TRY(fill(jumped_ ? kJumpBytes : kBufferBytes))) break;
      jumped_ = false;
    }
    if (PODIUM_TRY(take_run())) {
      anything = true;
      continue;
    }
    const char c = buffer_[buffer_position_++];
    ++position_;
    if (c == '\n' && after_carriage_return_) {
      after_carriage_return_ = false;
      row_begin_ = position_;
      continue;
    }
    after_carriage_return_ = false;
    anything = true;
    if (PODIUM_TRY(take(c))) return true;
  }
  if (!anything) return false;
  if (state_ == State::quoted) return broken("a quote is opened and never closed");
  PODIUM_TRY(end_field());
  return true;
}

// Takes the ordinary bytes ahead at once; false when the next byte is none of them.
Result<bool> CsvReader::take_run() {
  if (state_ != State::plain && state_ != State::quoted) return false;
  const std::string_view ahead = std::string_view{buffer_}.substr(buffer_position_);
  const char ends[] = {dialect_.delimiter, '\n', '\r', '\0'};
  constexpr std::string_view kQuotedEnds{"\"\0", 2};
  const std::string_view stops =
      state_ == State::quoted ? kQuotedEnds : std::string_view{ends, sizeof ends};
  const std::size_t run = std::min(ahead.find_first_of(stops), ahead.size());
  if (run == 0) return false;
  PODIUM_TRY(append(ahead.substr(0, run)));
  buffer_position_ += run;
  position_ += run;
  return true;
}

// Takes one byte; true when it ends the row.
Result<bool> CsvReader::take(char c) {
  if (c == '\0') return broken("a NUL byte, which no text has");
  if (state_ == State::quoted) {
    if (c == '"') {
      state_ = State::quote_in_quoted;
    } else {
      PODIUM_TRY(append({&c, 1}));
    }
    return false;
  }
  if (c == dialect_.delimiter) {
    PODIUM_TRY(end_field());
    state_ = State::field_start;
    return false;
  }
  if (c == '\n' || c == '\r') {
    after_carriage_return_ = c == '\r';
    PODIUM_TRY(end_field());
    return true;
  }
  if (c == '"' && state_ == State::field_start) {
    state_ = State::quoted;
    return false;
  }
  if (state_ == State::quote_in_quoted) {
    if (c != '"' && dialect_.strict) return broken("text follows a closing quote");
    state_ = c == '"' ? State::quoted : State::plain;
  } else {
    state_ = State::plain;
  }
  PODIUM_TRY(append({&c, 1}));
  return false;
}

Result<void> CsvReader::end_field() {
  if (ends_.size() >= limits_.columns_max) {
    return fail(reasons::kDataTooLarge, std::format("row {} has more than {} columns",
                                                    row_number_ + 1, limits_.columns_max));
  }
  ends_.push_back(cells_.size());
  return {};
}

Result<void> CsvReader::append(std::string_view bytes) {
  const std::size_t field_begin = ends_.empty() ? 0 : ends_.back();
  if (cells_.size() - field_begin + bytes.size() > limits_.field_bytes_max) {
    return fail(reasons::kDataTooLarge, std::format("row {} has a field of more than {} bytes",
                                                    row_number_ + 1, limits_.field_bytes_max));
  }
  if (cells_.size() + bytes.size() > limits_.row_bytes_max) {
    return fail(reasons::kDataTooLarge, std::format("row {} has more than {} bytes",
                                                    row_number_ + 1, limits_.row_bytes_max));
  }
  cells_.append(bytes);
  return {};
}

std::unexpected<Error> CsvReader::broken(std::string_view what) const {
  return fail(reasons::kDataUnreadable, std::format("row {}: {}", row_number_ + 1, what));
}

}  // namespace podium::competition
