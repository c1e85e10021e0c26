#include "services/scraper/tables/plain_tables.hpp"

#include <chrono>
#include <format>
#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/chassis/utf8.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/tables/broken_table.hpp"
#include "services/scraper/tables/made_tables.hpp"
#include "services/scraper/tables/parquet_cell.hpp"
#include "services/scraper/tables/parquet_file.hpp"
#include "services/scraper/tables/parquet_values.hpp"
#include "services/scraper/tables/table_limits.hpp"
#include "services/scraper/testing/archives.hpp"
#include "services/scraper/testing/file_size_limit.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper::tables {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t kMany = 1ULL << 32;
constexpr int kRows = 300;

/// The row that testing/parquet/make.py writes into each of its files.
std::string row_of(int n) {
  using std::chrono::seconds;
  const std::chrono::sys_seconds moment{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} +
                                        seconds{86'370}};
  const std::chrono::sys_days day{std::chrono::year{1969} / 12 / 30};
  const auto unless = [](bool missing, const std::string& cell) { return missing ? "" : cell; };
  const int cents = n - 9;
  std::string row = std::format("{},", n);
  row += unless(n % 5 == 0, std::format("{}", n % 7 - 3)) + ",";
  row += std::format("{},", 18'446'744'073'709'551'615ULL - static_cast<unsigned>(n));
  row += unless(n % 7 == 0, std::format("{}", n / 8.0)) + ",";
  row += std::format("{},", static_cast<float>(n) / 10.0F);
  row += unless(n % 11 == 0, n % 3 == 0 ? "True" : "False") + ",";
  row += unless(n % 6 == 0, std::format("\"w\u00F6rd, {}\"", n % 4)) + ",";
  row += std::format("text number {},{:%F},", n, day + std::chrono::days{n});
  row += std::format("{:%F %T},", moment + seconds{n});
  row += std::format("{:%F %T}.{:06},", moment + seconds{n / 4}, n % 4 * 250'000);
  row += std::format("{}{}.{:02}\n", cents < 0 ? "-" : "", std::abs(cents) / 100,
                     std::abs(cents) % 100);
  return row;
}

std::string all_rows() {
  std::string text = "id,small,unsigned,real,single,flag,word,text,day,second,micro,price\n";
  for (int n = 0; n < kRows; ++n) text += row_of(n);
  return text;
}

class PlainTables : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream{folder_.path() / name, std::ios::binary} << text;
  }
  std::string text_at(const std::string& name) const {
    return testing::text_of(folder_.path() / name);
  }
  static fs::path made(const std::string& name) {
    return fs::path{PODIUM_SOURCE_DIR} / "services/scraper/testing/parquet" / name;
  }
  void bring(const std::string& name, const std::string& as) const {
    fs::copy_file(made(name), folder_.path() / as);
  }
  Result<std::vector<std::string>> convert(std::uint64_t bytes_max = kMany) const {
    const FetchControl control;
    UnpackAccount account{{.bytes_max = bytes_max, .packed_bytes = packed_}, control};
    return make_tables_plain(folder_.path(), account, control);
  }
  auto files() const { return testing::files_below(folder_.path()); }

  podium::testing::TemporaryFolder folder_;
  /// What all came as.
  std::uint64_t packed_ = kMany;
};

class ParquetKinds : public PlainTables, public ::testing::WithParamInterface<const char*> {};

TEST_P(ParquetKinds, BecomesTheSameTable) {
  bring(GetParam(), "train.parquet");
  EXPECT_THAT(convert().value(), ElementsAre("Turned into CSV tables: train.parquet."));
  EXPECT_THAT(files(), ElementsAre(Pair("train.csv", all_rows())));
}

INSTANTIATE_TEST_SUITE_P(All, ParquetKinds,
                         ::testing::Values("snappy.parquet", "gzip_plain.parquet",
                                           "zstd_version_2.parquet", "int96.parquet"),
                         [](const auto& info) {
                           return std::string{info.param}.substr(
                               0, std::string_view{info.param}.find('.'));
                         });

TEST_F(PlainTables, WhatIsNoTextOrNumberStaysInTheParquetFile) {
  bring("nested.parquet", "train.parquet");
  EXPECT_THAT(convert().value(),
              ElementsAre("train.csv is beside train.parquet, without what is no text or number in "
                          "marks, picture, place."));
  EXPECT_EQ(text_at("train.csv"), "id,picture\n1,\n2,plain\n");
  EXPECT_TRUE(fs::exists(folder_.path() / "train.parquet"));
}

TEST_F(PlainTables, AParquetFileThatCannotBeReadIsNamedWithTheReason) {
  bring("brotli.parquet", "train.parquet");
  write("test.parquet", "no such thing, but long enough");
  EXPECT_THAT(convert().value(),
              ElementsAre(HasSubstr("test.parquet: it is no Parquet file"),
                          AllOf(HasSubstr("train.parquet: it is packed with Brotli"),
                                HasSubstr("can be sent as a folder"))));
  EXPECT_EQ(files().size(), 2U);
}

// Every file that differs from a sound one in a byte, or ends early, is read or refused.
TEST_F(PlainTables, DamagedParquetFilesAreReadOrRefused) {
  const std::string sound = testing::text_of(made("zstd_version_2.parquet"));
  int refused = 0;
  for (std::size_t at = 0; at < sound.size(); at += 211) {
    for (const bool cut : {false, true}) {
      std::string damaged = sound;
      if (cut) damaged.resize(at);
      if (!cut) damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
      write("train.parquet", damaged);
      const auto done = convert();
      ASSERT_TRUE(done) << at << ": " << done.error().text();
      if (!fs::exists(folder_.path() / "train.csv")) ++refused;
      fs::remove(folder_.path() / "train.csv");
    }
  }
  EXPECT_GT(refused, 20);
}

TEST_F(PlainTables, JsonTablesOfEveryFormBecomeCsv) {
  write("array.json", R"([{"id": 1, "x": 0.5, "ok": true}, {"x": null, "id": 2, "y": "a,b"}])");
  write("lines.jsonl", "{\"id\": 1, \"x\": \"a\\nb\"}\n\n{\"id\": 12345678901234567890}\n");
  write("columns.json", R"({"id": {"0": 1, "1": 2}, "x": {"0": "a", "1": null}})");
  write("lists.json", R"({"id": [1, 2], "x": ["a", "b"]})");
  EXPECT_THAT(convert().value(), ElementsAre("Turned into CSV tables: array.json, columns.json, "
                                             "lines.jsonl, lists.json."));
  EXPECT_THAT(files(), ElementsAre(Pair("array.csv", "id,x,ok,y\n1,0.5,True,\n2,,,\"a,b\"\n"),
                                   Pair("columns.csv", "id,x\n1,a\n2,\n"),
                                   Pair("lines.csv", "id,x\n1,\"a\nb\"\n12345678901234567890,\n"),
                                   Pair("lists.csv", "id,x\n1,a\n2,b\n")));
}

TEST_F(PlainTables, NestedJsonStaysBesideItsTable) {
  write("train.json", R"([{"id": 1, "tags": ["a", "b"], "at": {"x": 1}}])");
  EXPECT_THAT(convert().value(), ElementsAre(HasSubstr("train.json has lists or structures")));
  EXPECT_EQ(text_at("train.csv"), "id,tags,at\n1,\"[\"\"a\"\",\"\"b\"\"]\",\"{\"\"x\"\":1}\"\n");
  EXPECT_TRUE(fs::exists(folder_.path() / "train.json"));
}

TEST_F(PlainTables, JsonThatIsNoTableStaysAsItIs) {
  write("config.json", R"({"name": "x", "classes": {"0": "cat"}})");
  write("coco.json", R"({"images": [{"id": 1}], "annotations": [{"id": 1}, {"id": 2}]})");
  write("numbers.json", "[1, 2, 3]");
  write("mixed.json", R"([{"id": 1}, 2])");
  write("empty.json", "");
  EXPECT_THAT(convert().value(), IsEmpty());
  EXPECT_EQ(files().size(), 5U);
}

TEST_F(PlainTables, NumbersOfJsonKeepTheirText) {
  write("train.json", R"([{"id": 123456789012345678901234567890, "x": 0.10, "t": {"n": [1e5]}}])");
  EXPECT_EQ(convert().value().size(), 1U);
  EXPECT_EQ(text_at("train.csv"),
            "id,x,t\n123456789012345678901234567890,0.10,\"{\"\"n\"\":[1e5]}\"\n");
}

TEST_F(PlainTables, LargeJsonIsReadInLinearTimeOrLeft) {
  constexpr int kPictures = 30'000;
  std::string labels = "{";
  std::string first = "{\"a\": {";
  for (int i = 0; i < kPictures; ++i) {
    const std::string_view comma = i == 0 ? "" : ",";
    labels += std::format("{}\"img{}\":\"cat\"", comma, i);
    first += std::format("{}\"{}\":{}", comma, i, i);
  }
  write("labels.json", labels + "}");
  write("columns.json", first + "}, \"b\"" + first.substr(4) + "}}");
  // One object on a line that is longer than a row may be.
  write("coco.json", R"({"info": 1, "x": ")" + std::string(kJsonLineBytesMax, 'x') + R"("})");
  write("long.jsonl", "{\"a\": 1}\n{\"a\": 2}\n" + std::string(kJsonLineBytesMax + 1, 'x'));
  EXPECT_THAT(convert().value(), ElementsAre("Turned into CSV tables: columns.json.",
                                             HasSubstr("long.jsonl: one of its lines is longer")));
  EXPECT_THAT(text_at("columns.csv"), ::testing::StartsWith("a,b\n0,0\n1,1\n"));
  EXPECT_EQ(files().size(), 4U);
}

TEST_F(PlainTables, BrokenOrDeepJsonIsNamed) {
  write("torn.json", R"([{"id": 1}, {"id")");
  std::string deep = R"([{"id": )";
  deep.append(100'000, '[');
  deep.append(100'000, ']');
  write("deep.json", deep + "}]");
  EXPECT_THAT(convert().value(), ElementsAre(HasSubstr("Not read: torn.json")));
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(PlainTables, ATableThatIsThereIsNotWrittenOver) {
  write("train.csv", "id\n1\n");
  write("train.json", R"([{"id": 2}])");
  EXPECT_THAT(convert().value(),
              ElementsAre("Not read, for a CSV file of the same name is beside it: train.json."));
  EXPECT_EQ(text_at("train.csv"), "id\n1\n");
}

TEST_F(PlainTables, ATableForWhichThereIsNoRoomStaysAsItIs) {
  bring("zstd_version_2.parquet", "train.parquet");
  const auto size = fs::file_size(folder_.path() / "train.parquet");
  EXPECT_THAT(convert(size + 1000).value(),
              ElementsAre(AllOf(HasSubstr("Not read: train.parquet: more than"),
                                HasSubstr("PODIUM_DATA_BYTES_MAX"))));
  EXPECT_FALSE(fs::exists(folder_.path() / "train.csv"));
  EXPECT_TRUE(convert(size - 1).error().is(competition::reasons::kDataTooLarge));
}

TEST_F(PlainTables, RoomIsNeededForOneCopyAtATime) {
  const std::string rows = all_rows();
  std::uint64_t there = 0;
  for (const auto* name : {"a.parquet", "b.parquet", "c.parquet"}) {
    bring("zstd_version_2.parquet", name);
    there += fs::file_size(folder_.path() / name);
  }
  EXPECT_THAT(convert(there + 3 * rows.size() - 1000).value(),
              ElementsAre("Turned into CSV tables: a.parquet, b.parquet, c.parquet."));
}

TEST_F(PlainTables, PartsForWhoseWholeThereIsNoRoomStay) {
  write("train_1.csv", "id,y\n1,0\n");
  write("train_2.csv", "id,y\n2,0\n");
  EXPECT_THAT(convert(30).value(), ElementsAre(HasSubstr("Not joined: train_1.csv")));
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(PlainTables, PartsWhoseWholeIsFarLargerThanWhatCameStay) {
  std::string rows(20'000'000, '0');
  for (std::size_t at = 1; at < rows.size(); at += 2) rows[at] = '\n';
  write("train_1.csv", rows);
  write("train_2.csv", rows);
  packed_ = 100'000;
  EXPECT_THAT(convert().value(), ElementsAre(HasSubstr("Not joined: train_1.csv")));
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(PlainTables, AFullDiskIsNotTriedAgain) {
  bring("zstd_version_2.parquet", "train.parquet");
  {
    const testing::FileSizeLimit full{1000};
    EXPECT_TRUE(convert().error().is(competition::reasons::kDiskTooSmall));
  }
  EXPECT_EQ(files().size(), 1U) << "what was begun is gone";
  fs::remove(folder_.path() / "train.parquet");
  write("train_1.csv", "id,y\n1,0\n");
  write("train_2.csv", "id,y\n2,0\n");
  const testing::FileSizeLimit full{12};
  EXPECT_TRUE(convert().error().is(competition::reasons::kDiskTooSmall));
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(PlainTables, WarningsAreUtf8WhateverAFileHolds) {
  write("train.json", "[{\"a\": \"caf\xE9\"}]");
  const auto told = convert().value();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], HasSubstr("Not read: train.json"));
  EXPECT_TRUE(is_utf8(told[0]));
}

TEST_F(PlainTables, RowsInSeveralFilesBecomeOneTable) {
  write("train_03.csv", "id,y\n3,1\n");
  write("train_2.csv", "id,y\r\n2,0\r\n");
  write("train_1.csv", "id,y\n1,0");
  write("test/part-00000-abc.csv", "id\n7\n");
  write("test/part-00001-abc.csv", "id\n8\n");
  EXPECT_THAT(convert().value(),
              UnorderedElementsAre(
                  "test.csv is one table of 2 files: test/part-00000-abc.csv and those like it.",
                  "train.csv is one table of 3 files: train_1.csv and those like it."));
  EXPECT_THAT(files(), ElementsAre(Pair("test.csv", "id\n7\n8\n"),
                                   Pair("train.csv", "id,y\n1,0\n2,0\r\n3,1\n")));
}

TEST_F(PlainTables, WhatOnlyLooksLikePartsStaysApart) {
  write("train_1.csv", "id,y\n1,0\n");
  write("train_2.csv", "id,z\n1,0\n");
  write("test_stage1.csv", "id\n1\n");
  write("test_stage2.csv", "id\n2\n");
  write("store_1.csv", "id\n1\n");
  write("store_2.csv", "id\n2\n");
  EXPECT_THAT(convert().value(), IsEmpty());
  EXPECT_EQ(files().size(), 6U);
}

// One file an item: the name is data, and a table of all would lose it.
TEST_F(PlainTables, FilesOfItemsStayApart) {
  write("test/1000015382.csv", "x\n1\n");
  write("test/1000015383.csv", "x\n2\n");
  write("train/1.csv", "x\n1\n");
  write("train/2.csv", "x\n2\n");
  write("lanl/test/seg_0.csv", "x\n1\n");
  write("lanl/test/seg_1.csv", "x\n2\n");
  write("bci/test/Data_S01_Sess01.csv", "x\n1\n");
  write("bci/test/Data_S01_Sess02.csv", "x\n2\n");
  write("test_day_1.csv", "x\n1\n");
  write("test_day_2.csv", "x\n2\n");
  EXPECT_THAT(convert().value(), IsEmpty());
  EXPECT_EQ(files().size(), 10U);
}

TEST_F(PlainTables, OnlyPartsWithoutAGapForAPlaceOfTheirOwnAreJoined) {
  write("gap/train_1.csv", "x\n1\n");
  write("gap/train_3.csv", "x\n2\n");
  write("late/train_2.csv", "x\n1\n");
  write("late/train_3.csv", "x\n2\n");
  write("two/train_1_of_1.csv", "x\n1\n");
  write("two/train_2_of_2.csv", "x\n2\n");
  write("claims/train_1.csv", "x\n1\n");
  write("claims/train_2.csv", "x\n2\n");
  write("claims/train_3.csv", "x,y\n2,0\n");
  write("claims/train-part-1.csv", "x\n1\n");
  EXPECT_THAT(convert().value(), IsEmpty());
  EXPECT_EQ(files().size(), 10U);
  write("whole/test/3 of 3.csv", "x\n3\n");
  write("whole/test/1 of 3.csv", "x\n1\n");
  write("whole/test/2 of 3.csv", "x\n2\n");
  EXPECT_EQ(convert().value().size(), 1U);
  EXPECT_EQ(text_at("whole/test.csv"), "x\n1\n2\n3\n");
}

TEST_F(PlainTables, PartsInParquetAreOneTableToo) {
  constexpr int kParts = 60;
  fs::create_directories(folder_.path() / "train.parquet");
  std::string rows;
  for (int part = 0; part < kParts; ++part) {
    bring("tiny.parquet", std::format("train.parquet/part-{:05}-b7e.snappy.parquet", part));
    rows += "0\n1\n";
  }
  EXPECT_THAT(convert().value(),
              ElementsAre(HasSubstr("and 55 more"), HasSubstr("train.csv is one table")));
  EXPECT_THAT(files(), ElementsAre(Pair("train.csv", "id\n" + rows)));
}

/// The sentence of train_labels.csv for media in these places; empty when none was made.
std::string labels_of(std::initializer_list<const char*> media) {
  const podium::testing::TemporaryFolder folder;
  for (const char* name : media) {
    fs::create_directories((folder.path() / name).parent_path());
    std::ofstream{folder.path() / name} << "x";
  }
  const FetchControl control;
  UnpackAccount account{{.bytes_max = kMany, .packed_bytes = kMany}, control};
  return write_labels(folder.path(), v1::CompetitionFacts{}, account).value().value_or("");
}

TEST(MadeTables, FoldersOfClassesAreLabels) {
  EXPECT_THAT(labels_of({"train/cat/1.png", "train/dog/2.png", "test/3.png"}), HasSubstr("train"));
  EXPECT_THAT(labels_of({"train/invalid/1.png", "train/contest/2.png", "val/dog/1.png",
                         "val/cat/1.png", "test/3.png"}),
              HasSubstr("train"));
  EXPECT_THAT(labels_of({"birds/owl/1.wav", "birds/crow/2.wav", "test/3.wav"}), HasSubstr("birds"));
}

TEST(MadeTables, FoldersThatPartTheDataOtherwiseAreNoLabels) {
  EXPECT_EQ(labels_of({"train/1.png", "train_cleaned/1.png", "test/2.png"}), "");
  EXPECT_EQ(labels_of({"images/train2017/1.png", "images/val2017/1.png", "images/test/2.png"}), "");
  EXPECT_EQ(labels_of({"images/train2014/1.png", "images/train2017/1.png"}), "");
  EXPECT_EQ(labels_of({"train/images/1.png", "train/masks/1.png", "test/2.png"}), "");
  EXPECT_EQ(labels_of({"scans/left/1.png", "scans/right/1.png", "maps/a/1.png", "maps/b/1.png"}),
            "");
}

/// DELTA_BINARY_PACKED: a block of 128 in `parts` (LEB128), two numbers, the second `step` further.
std::string deltas(std::string_view parts, std::int64_t first, std::int64_t step) {
  std::string page = "\x80\x01" + std::string{parts} + '\2';
  for (const std::int64_t number : {first, step}) {
    auto zigzag =
        static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number >> 63);
    for (; zigzag >= 0x80; zigzag >>= 7U) page += static_cast<char>(zigzag | 0x80U);
    page += static_cast<char>(zigzag);
  }
  return page + std::string(4, '\0');
}

TEST(ParquetValues, DifferencesOfNumbersRunOverInTheWidthOfTheirType) {
  constexpr int kDeltas = 5;
  constexpr std::int64_t kFar = 2'000'000'000;
  ParquetColumn column{.name = "x", .physical = Physical::int32};
  const std::string page = deltas("\4", kFar, (1LL << 32) - 2 * kFar);
  const auto narrow = read_values(column, kDeltas, page, 2, {});
  EXPECT_EQ(narrow->next().integer, kFar);
  EXPECT_EQ(narrow->next().integer, -kFar);
  column.physical = Physical::int64;
  const auto wide = read_values(column, kDeltas, page, 2, {});
  wide->next();
  EXPECT_EQ(wide->next().integer, (1LL << 32) - kFar);
}

TEST(ParquetValues, PagesThatLieAreRefused) {
  const ParquetColumn number{.name = "x", .physical = Physical::int64};
  const ParquetColumn real{.name = "x", .physical = Physical::real64};
  const ParquetColumn nothing{.name = "x", .physical = Physical::fixed_bytes, .length = 0};
  const auto read = [](const ParquetColumn& column, int encoding, std::string_view page) {
    read_values(column, encoding, page, 2, {});
  };
  // 2^61 parts: eight times as many are none.
  EXPECT_THROW(read(number, 5, deltas("\x80\x80\x80\x80\x80\x80\x80\x80\x20", 1, 1)), BrokenTable);
  for (const int encoding : {5, 6, 7}) {
    EXPECT_THROW(read(real, encoding, deltas("\4", 1, 1)), BrokenTable) << encoding;
  }
  Dictionary dictionary;
  EXPECT_THROW(read_dictionary(nothing, "abc", 3, dictionary), BrokenTable);
  EXPECT_THROW(read_dictionary(number, "12345678", 2, dictionary), BrokenTable);
}

TEST(ParquetValues, WhatIsBeyondTheFileIsNotReadFor) {
  const podium::testing::TemporaryFolder folder;
  std::ofstream{folder.path() / "short"} << "abc";
  auto source = competition::FileSource::open(folder.path() / "short").value();
  EXPECT_EQ(read_at(source, 1, 2), "bc");
  EXPECT_THROW(read_at(source, 1, 1ULL << 62U), BrokenTable);
  EXPECT_THROW(read_at(source, 4, 0), BrokenTable);
}

TEST(ParquetValues, MetadataOfNoKnownNumbersIsRefused) {
  // A field whose number is 2^31 - 1, and one that lies a step further.
  ThriftReader reader{std::string_view{"\x05\xFE\xFF\xFF\xFF\x0F\x02\x15\x02\0", 10}};
  EXPECT_THROW(reader.read_struct([](int, ThriftType) { return false; }), BrokenTable);
  std::size_t bytes = 0;
  // A data page of 2^31 values.
  EXPECT_THROW(
      read_page_header(std::string_view{"\x15\0\x4C\x15\x80\x80\x80\x80\x10\0\0", 11}, bytes),
      BrokenTable);
}

TEST(ParquetCells, NanosecondsAreWrittenWhereTheyAre) {
  const ParquetColumn column{.name = "x",
                             .physical = Physical::int64,
                             .meaning = Meaning::timestamp,
                             .per_second = 1'000'000'000};
  const StoredValue value{.integer = 1'000'000'007};
  EXPECT_EQ(detail_of(column, value), TimeDetail::nanosecond);
  EXPECT_EQ(detail_of(column, {.integer = 1'000'007'000}), TimeDetail::microsecond);
  std::string cell;
  write_cell(column, value, TimeDetail::nanosecond, cell);
  EXPECT_EQ(cell, "1970-01-01 00:00:01.000000007");
  cell.clear();
  write_cell(column, {.integer = std::numeric_limits<std::int64_t>::min()}, TimeDetail::nanosecond,
             cell);
  EXPECT_EQ(cell, "1677-09-21 00:12:43.145224192");
}

}  // namespace
}  // namespace podium::scraper::tables
