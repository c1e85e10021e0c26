#include "services/scraper/tables/parquet_values.hpp"

#include <array>
#include <bit>
#include <format>

#include "services/scraper/tables/bit_reader.hpp"
#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

enum Encoding : int {
  kPlain = 0,
  kPlainDictionary = 2,
  kBooleanRuns = 3,
  kDeltas = 5,
  kDeltaLengths = 6,
  kDeltaStrings = 7,
  kDictionary = 8,
  kSplit = 9,
};

constexpr std::size_t kInt96Bytes = 12;

/// Bytes of a value; 0 where each has its own length.
std::size_t width_of(const ParquetColumn& column) {
  switch (column.physical) {
    case Physical::int32:
    case Physical::real32:
      return 4;
    case Physical::int64:
    case Physical::real64:
      return 8;
    case Physical::int96:
      return kInt96Bytes;
    case Physical::fixed_bytes:
      return column.length;
    default:
      return 0;
  }
}

template <typename Number>
Number number_at(std::string_view bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::array<char, sizeof(Number)> raw{};
  bytes.copy(raw.data(), raw.size());
  return std::bit_cast<Number>(raw);
}

/// A value of a fixed width.
StoredValue value_in(const ParquetColumn& column, std::string_view bytes) {
  switch (column.physical) {
    case Physical::int32:
      return {.integer = number_at<std::int32_t>(bytes)};
    case Physical::int64:
      return {.integer = number_at<std::int64_t>(bytes)};
    case Physical::real32:
      return {.real = number_at<float>(bytes)};
    case Physical::real64:
      return {.real = number_at<double>(bytes)};
    default:
      return {.bytes = bytes};
  }
}

std::string_view take(std::string_view& rest, std::size_t bytes) {
  if (bytes > rest.size()) throw BrokenTable{"the values of a page end early"};
  const auto taken = rest.substr(0, bytes);
  rest.remove_prefix(bytes);
  return taken;
}

// Its length stands before it.
std::string_view take_text(std::string_view& rest) {
  const auto length = number_at<std::uint32_t>(take(rest, 4));
  return take(rest, length);
}

class PlainReader final : public ValueReader {
 public:
  PlainReader(const ParquetColumn& column, std::string_view bytes)
      : column_{column}, rest_{bytes}, width_{width_of(column)} {}

  StoredValue next() override {
    if (column_.physical != Physical::bytes) return value_in(column_, take(rest_, width_));
    return {.bytes = take_text(rest_)};
  }

 private:
  const ParquetColumn& column_;
  std::string_view rest_;
  std::size_t width_;
};

class PlainBooleanReader final : public ValueReader {
 public:
  explicit PlainBooleanReader(std::string_view bytes) : bits_{bytes} {}
  StoredValue next() override { return {.integer = static_cast<std::int64_t>(bits_.read(1))}; }

 private:
  BitReader bits_;
};

class RunBooleanReader final : public ValueReader {
 public:
  explicit RunBooleanReader(std::string_view bytes) : runs_{bytes, 1} {}
  StoredValue next() override { return {.integer = static_cast<std::int64_t>(runs_.next())}; }

 private:
  RunReader runs_;
};

class DictionaryReader final : public ValueReader {
 public:
  DictionaryReader(const ParquetColumn& column, std::string_view bytes, unsigned bits,
                   const Dictionary& dictionary)
      : column_{column}, width_{width_of(column)}, runs_{bytes, bits}, dictionary_{dictionary} {}

  StoredValue next() override {
    const std::uint64_t index = runs_.next();
    if (index >= dictionary_.count) throw BrokenTable{"a page leaves its dictionary"};
    std::string_view rest{dictionary_.page};
    if (dictionary_.begins.empty()) {
      rest.remove_prefix(index * width_);
      return value_in(column_, take(rest, width_));
    }
    rest.remove_prefix(dictionary_.begins[index]);
    return {.bytes = take_text(rest)};
  }

 private:
  const ParquetColumn& column_;
  std::size_t width_;
  RunReader runs_;
  const Dictionary& dictionary_;
};

/// Bytes of each value lie apart: the first bytes of all, the second ones ...
class SplitReader final : public ValueReader {
 public:
  SplitReader(const ParquetColumn& column, std::string_view bytes)
      : column_{column}, bytes_{bytes}, width_{width_of(column)} {
    if (width_ == 0) throw BrokenTable{"a page is encoded as its type cannot be"};
    count_ = bytes.size() / width_;
  }

  StoredValue next() override {
    if (at_ >= count_) throw BrokenTable{"the values of a page end early"};
    value_.resize(width_);
    for (std::size_t i = 0; i < width_; ++i) value_[i] = bytes_[i * count_ + at_];
    ++at_;
    return value_in(column_, value_);
  }

 private:
  const ParquetColumn& column_;
  std::string_view bytes_;
  std::size_t width_;
  std::size_t count_ = 0;
  std::size_t at_ = 0;
  std::string value_;
};

/// All values decoded at once: whole numbers, or texts.
class ListReader final : public ValueReader {
 public:
  explicit ListReader(std::vector<std::int64_t> numbers) : numbers_{std::move(numbers)} {}
  explicit ListReader(std::vector<std::string> texts) : texts_{std::move(texts)} {}

  StoredValue next() override {
    if (at_ >= numbers_.size() && at_ >= texts_.size()) {
      throw BrokenTable{"the values of a page end early"};
    }
    const std::size_t at = at_++;
    if (at < numbers_.size()) return {.integer = numbers_[at]};
    return {.bytes = texts_[at]};
  }

 private:
  std::vector<std::int64_t> numbers_;
  std::vector<std::string> texts_;
  std::size_t at_ = 0;
};

std::vector<std::string> texts_of_lengths(std::string_view bytes, std::uint64_t count) {
  const auto lengths = read_deltas(bytes, count, bytes);
  std::vector<std::string> texts;
  texts.reserve(lengths.size());
  for (const std::int64_t length : lengths) {
    if (length < 0) throw BrokenTable{"a text has less than no length"};
    texts.emplace_back(take(bytes, static_cast<std::size_t>(length)));
  }
  return texts;
}

// Each text repeats so many bytes of the one before.
std::vector<std::string> texts_of_differences(std::string_view bytes, std::uint64_t count) {
  const auto shared = read_deltas(bytes, count, bytes);
  auto texts = texts_of_lengths(bytes, count);
  std::size_t bytes_of_all = 0;
  if (texts.size() != shared.size()) throw BrokenTable{"a page of texts is not whole"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view before = i == 0 ? std::string_view{} : std::string_view{texts[i - 1]};
    if (shared[i] < 0 || static_cast<std::size_t>(shared[i]) > before.size()) {
      throw BrokenTable{"a text repeats more than there is"};
    }
    texts[i].insert(0, before.substr(0, static_cast<std::size_t>(shared[i])));
    bytes_of_all += texts[i].size();
    if (bytes_of_all > kPageBytesMax) throw BrokenTable{"a page of texts is too large"};
  }
  return texts;
}

// Numbers of 32 bits were summed up in as many.
std::vector<std::int64_t> numbers_of_differences(const ParquetColumn& column,
                                                 std::string_view bytes, std::uint64_t count) {
  auto numbers = read_deltas(bytes, count, bytes);
  if (column.physical != Physical::int32) return numbers;
  for (std::int64_t& number : numbers) number = static_cast<std::int32_t>(number);
  return numbers;
}

void demand_type(const ParquetColumn& column, auto... allowed) {
  if (((column.physical != allowed) && ...)) throw BrokenTable{"a page is encoded unlike its type"};
}

std::unique_ptr<ValueReader> read_runs(const ParquetColumn& column, std::string_view bytes) {
  demand_type(column, Physical::boolean);
  const auto length = number_at<std::uint32_t>(take(bytes, 4));
  return std::make_unique<RunBooleanReader>(take(bytes, length));
}

std::unique_ptr<ValueReader> read_indexes(const ParquetColumn& column, std::string_view bytes,
                                          const Dictionary& dictionary) {
  // Of no values there may be no byte.
  const unsigned bits = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
  return std::make_unique<DictionaryReader>(column, bytes.substr(bytes.empty() ? 0 : 1), bits,
                                            dictionary);
}

}  // namespace

std::unique_ptr<ValueReader> read_values(const ParquetColumn& column, int encoding,
                                         std::string_view bytes, std::uint64_t count,
                                         const Dictionary& dictionary) {
  switch (encoding) {
    case kPlain:
      if (column.physical == Physical::boolean) return std::make_unique<PlainBooleanReader>(bytes);
      return std::make_unique<PlainReader>(column, bytes);
    case kPlainDictionary:
    case kDictionary:
      return read_indexes(column, bytes, dictionary);
    case kBooleanRuns:
      return read_runs(column, bytes);
    case kDeltas:
      demand_type(column, Physical::int32, Physical::int64);
      return std::make_unique<ListReader>(numbers_of_differences(column, bytes, count));
    case kDeltaLengths:
      demand_type(column, Physical::bytes);
      return std::make_unique<ListReader>(texts_of_lengths(bytes, count));
    case kDeltaStrings:
      demand_type(column, Physical::bytes, Physical::fixed_bytes);
      return std::make_unique<ListReader>(texts_of_differences(bytes, count));
    case kSplit:
      return std::make_unique<SplitReader>(column, bytes);
    default:
      throw BrokenTable{std::format("a page is in encoding {}, which is not read here", encoding)};
  }
}

void read_dictionary(const ParquetColumn& column, std::string page, std::uint64_t count,
                     Dictionary& dictionary) {
  dictionary.page = std::move(page);
  dictionary.count = count;
  dictionary.begins.clear();
  const bool texts = column.physical == Physical::bytes;
  const std::uint64_t width = texts ? 4 : width_of(column);
  // Values of a width of nothing are none.
  if (width == 0 || count > dictionary.page.size() / width) {
    throw BrokenTable{"a dictionary is not what its header says"};
  }
  std::string_view rest{dictionary.page};
  for (std::uint64_t i = 0; texts && i < count; ++i) {
    dictionary.begins.push_back(static_cast<std::uint32_t>(dictionary.page.size() - rest.size()));
    take_text(rest);
  }
}

}  // namespace podium::scraper::tables
