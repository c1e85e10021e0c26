#include "services/scraper/tables/parquet_file.hpp"

#include <format>
#include <span>

#include "services/scraper/tables/bit_reader.hpp"
#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/table_limits.hpp"

namespace podium::scraper::tables {
namespace {

constexpr std::string_view kMagic = "PAR1";
/// The metadata's length and the magic.
constexpr std::size_t kTailBytes = 8;

enum class Repetition : std::uint8_t { required = 0, optional = 1, repeated = 2 };

struct SchemaElement {
  ParquetColumn column;
  bool has_physical = false;
  Repetition repetition = Repetition::required;
  std::int64_t children = 0;
};

std::size_t size_from(std::int64_t number) {
  if (number < 0) throw BrokenTable{"a size in its metadata is below zero"};
  return static_cast<std::size_t>(number);
}

void take_converted_type(std::int64_t type, ParquetColumn& column) {
  switch (type) {
    case 0:   // UTF8
    case 4:   // ENUM
    case 19:  // JSON
      column.meaning = Meaning::text;
      return;
    case 5:
      column.meaning = Meaning::decimal;
      return;
    case 6:
      column.meaning = Meaning::date;
      return;
    case 7:  // TIME_MILLIS
    case 8:  // TIME_MICROS
      column.meaning = Meaning::time;
      column.per_second = type == 7 ? 1'000 : 1'000'000;
      return;
    case 9:   // TIMESTAMP_MILLIS
    case 10:  // TIMESTAMP_MICROS
      column.meaning = Meaning::timestamp;
      column.per_second = type == 9 ? 1'000 : 1'000'000;
      return;
    case 11:  // UINT_8
    case 12:  // UINT_16
    case 13:  // UINT_32
    case 14:  // UINT_64
      column.meaning = Meaning::whole_unsigned;
      return;
    default:
      return;
  }
}

// The unit of a TIME or TIMESTAMP: a union of three empty structures.
void take_unit(ThriftReader& reader, ParquetColumn& column) {
  reader.read_struct([&](int id, ThriftType type) {
    if (type != ThriftType::structure || id < 1 || id > 3) return false;
    column.per_second = id == 1 ? 1'000 : id == 2 ? 1'000'000 : 1'000'000'000;
    return false;
  });
}

// The one member that a LogicalType has.
bool take_logical_type(ThriftReader& reader, int id, ParquetColumn& column) {
  switch (id) {
    case 1:   // STRING
    case 4:   // ENUM
    case 12:  // JSON
      column.meaning = Meaning::text;
      return false;
    case 5:
      column.meaning = Meaning::decimal;
      return false;  // its scale stands in the element, too
    case 6:
      column.meaning = Meaning::date;
      return false;
    case 7:
    case 8:
      column.meaning = id == 7 ? Meaning::time : Meaning::timestamp;
      reader.read_struct([&](int field, ThriftType type) {
        if (field != 2 || type != ThriftType::structure) return false;
        take_unit(reader, column);
        return true;
      });
      return true;
    case 10:  // INTEGER
      reader.read_struct([&](int field, ThriftType type) {
        if (field == 2 && type == ThriftType::no) column.meaning = Meaning::whole_unsigned;
        if (field == 2 && type == ThriftType::yes) column.meaning = Meaning::plain;
        return false;
      });
      return true;
    case 14:
      column.meaning = Meaning::uuid;
      return false;
    case 15:
      column.meaning = Meaning::half;
      return false;
    default:
      return false;
  }
}

bool take_element_field(ThriftReader& reader, int id, ThriftType type, SchemaElement& element) {
  ParquetColumn& column = element.column;
  const bool number = type == ThriftType::i32;
  if (id == 4 && type == ThriftType::binary) {
    column.name = reader.read_binary();
    return true;
  }
  if (id == 10 && type == ThriftType::structure) {
    reader.read_struct([&](int member, ThriftType kind) {
      return kind == ThriftType::structure && take_logical_type(reader, member, column);
    });
    return true;
  }
  if (!number) return false;
  const std::int64_t value = reader.read_integer();
  if (id == 1) {
    if (value < 0 || value > static_cast<int>(Physical::fixed_bytes)) {
      throw BrokenTable{"a column is of an unknown type"};
    }
    column.physical = static_cast<Physical>(value);
    element.has_physical = true;
  }
  if (id == 2) column.length = size_from(value);
  if (id == 3 && value >= 0 && value <= 2) element.repetition = static_cast<Repetition>(value);
  if (id == 5) element.children = value;
  if (id == 6) take_converted_type(value, column);
  if (id == 7) column.scale = static_cast<int>(value);
  return true;
}

// The leaves below a schema's root, which is its first element; the tree is told in depth first.
std::vector<ParquetColumn> leaves_of(const std::vector<SchemaElement>& schema) {
  if (schema.empty()) throw BrokenTable{"it has no schema"};
  std::vector<ParquetColumn> leaves;
  // For each level below the root: the elements that are still to come.
  std::vector<std::int64_t> open{schema.front().children};
  std::string outermost;
  for (std::size_t i = 1; i < schema.size(); ++i) {
    const SchemaElement& element = schema[i];
    while (!open.empty() && open.back() == 0) open.pop_back();
    if (open.empty()) throw BrokenTable{"its schema is no tree"};
    --open.back();
    if (open.size() == 1) outermost = element.column.name;
    if (!element.has_physical) {
      open.push_back(element.children);
      continue;
    }
    ParquetColumn column = element.column;
    column.optional = element.repetition == Repetition::optional;
    column.flat = open.size() == 1 && element.repetition != Repetition::repeated;
    if (!column.flat) column.name = outermost;
    leaves.push_back(std::move(column));
  }
  if (leaves.size() > kTableColumnsMax) {
    throw BrokenTable{std::format("it has more than {} columns", kTableColumnsMax)};
  }
  return leaves;
}

ColumnPages read_chunk(ThriftReader& reader) {
  ColumnPages pages;
  std::uint64_t data = 0;
  std::uint64_t dictionary = 0;
  const auto take_metadata = [&](int id, ThriftType type) {
    const bool number = type == ThriftType::i32 || type == ThriftType::i64;
    if (!number) return false;
    const std::int64_t value = reader.read_integer();
    if (id == 4) pages.codec = static_cast<int>(value);
    if (id == 7) pages.bytes = size_from(value);
    if (id == 9) data = size_from(value);
    if (id == 11) dictionary = size_from(value);
    return true;
  };
  reader.read_struct([&](int id, ThriftType type) {
    if (id == 1 && type == ThriftType::binary) {
      throw BrokenTable{"some of its columns lie in another file"};
    }
    if (id != 3 || type != ThriftType::structure) return false;
    reader.read_struct(take_metadata);
    return true;
  });
  // Some writers say 0 where there is no dictionary.
  pages.begin = dictionary > 0 && dictionary < data ? dictionary : data;
  return pages;
}

RowGroup read_group(ThriftReader& reader) {
  RowGroup group;
  reader.read_struct([&](int id, ThriftType type) {
    if (id == 1 && type == ThriftType::list) {
      reader.read_list([&](ThriftType) { group.columns.push_back(read_chunk(reader)); });
      return true;
    }
    if (id != 3 || type != ThriftType::i64) return false;
    group.rows = size_from(reader.read_integer());
    if (group.rows > kGroupRowsMax) throw BrokenTable{"a group has more than 2^31 rows"};
    return true;
  });
  return group;
}

}  // namespace

std::string read_at(competition::FileSource& source, std::uint64_t begin, std::uint64_t size) {
  const std::uint64_t there = source.size().value_or(0);
  if (begin > there || size > there - begin) throw BrokenTable{"it is cut off"};
  std::string bytes(size, '\0');
  std::size_t got = 0;
  if (!source.seek(begin)) throw BrokenTable{"it is cut off"};
  while (got < size) {
    const auto more = source.read(std::span{bytes}.subspan(got));
    if (!more || *more == 0) throw BrokenTable{"it is cut off"};
    got += *more;
  }
  return bytes;
}

ParquetFile read_parquet_file(competition::FileSource& source) {
  const std::uint64_t size = source.size().value_or(0);
  if (size < kMagic.size() + kTailBytes) throw BrokenTable{"it is too short"};
  const std::string tail = read_at(source, size - kTailBytes, kTailBytes);
  if (std::string_view{tail}.substr(4) != kMagic) {
    throw BrokenTable{tail.ends_with("PARE") ? "it is encrypted" : "it is no Parquet file"};
  }
  const std::uint64_t length = lowest_first(std::string_view{tail}.substr(0, 4));
  if (length > kMetadataBytesMax || length > size - kTailBytes) {
    throw BrokenTable{"its metadata is cut off or too long"};
  }
  const std::string metadata = read_at(source, size - kTailBytes - length, length);
  ThriftReader reader{metadata};
  std::vector<SchemaElement> schema;
  ParquetFile file;
  reader.read_struct([&](int id, ThriftType type) {
    if (type != ThriftType::list || (id != 2 && id != 4)) return false;
    reader.read_list([&](ThriftType item) {
      if (item != ThriftType::structure) throw BrokenTable{"its metadata is of another form"};
      if (id == 4) {
        file.groups.push_back(read_group(reader));
        return;
      }
      SchemaElement& element = schema.emplace_back();
      reader.read_struct([&](int field, ThriftType kind) {
        return take_element_field(reader, field, kind, element);
      });
    });
    return true;
  });
  file.columns = leaves_of(schema);
  for (const RowGroup& group : file.groups) {
    if (group.columns.size() != file.columns.size()) {
      throw BrokenTable{"a group of rows lacks columns"};
    }
  }
  return file;
}

PageHeader read_page_header(std::string_view bytes, std::size_t& header_bytes) {
  PageHeader header;
  ThriftReader reader{bytes};
  const auto take_details = [&](int id, ThriftType type) {
    const bool second = header.kind == PageHeader::Kind::data_v2;
    if (id == 7 && type == ThriftType::no) header.packed = false;
    if (type != ThriftType::i32) return false;
    const std::int64_t value = reader.read_integer();
    if (id == 1) header.values = size_from(value);
    if (header.values > kGroupRowsMax) throw BrokenTable{"a page has more than 2^31 values"};
    if (id == (second ? 4 : 2)) header.encoding = static_cast<int>(value);
    if (id == 3 && !second) header.level_encoding = static_cast<int>(value);
    if (second && (id == 5 || id == 6)) header.level_bytes += size_from(value);
    return true;
  };
  reader.read_struct([&](int id, ThriftType type) {
    if (type == ThriftType::structure && (id == 5 || id == 7 || id == 8)) {
      reader.read_struct(take_details);
      return true;
    }
    if (type != ThriftType::i32) return false;
    const std::int64_t value = reader.read_integer();
    if (id == 1) {
      if (value < 0 || value > 3) throw BrokenTable{"a page is of an unknown kind"};
      header.kind = static_cast<PageHeader::Kind>(value);
    }
    if (id == 2) header.bytes = size_from(value);
    if (id == 3) header.packed_bytes = size_from(value);
    return true;
  });
  header_bytes = reader.position();
  return header;
}

}  // namespace podium::scraper::tables
