#include "services/scraper/tables/plain_tables.hpp"

#include <chrono>
#include <format>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "services/scraper/testing/archives.hpp"
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
    UnpackAccount account{bytes_max, control};
    return make_tables_plain(folder_.path(), account, control);
  }
  auto files() const { return testing::files_below(folder_.path()); }

  podium::testing::TemporaryFolder folder_;
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
  EXPECT_THAT(convert().value(), IsEmpty());
  EXPECT_EQ(text_at("train.csv"), "id\n1\n");
}

TEST_F(PlainTables, TheLimitHoldsForWhatIsWritten) {
  bring("zstd_version_2.parquet", "train.parquet");
  const auto size = fs::file_size(folder_.path() / "train.parquet");
  const auto done = convert(size + 1000);
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(competition::reasons::kDataTooLarge));
  EXPECT_FALSE(fs::exists(folder_.path() / "train.csv"));
}

TEST_F(PlainTables, RowsInSeveralFilesBecomeOneTable) {
  write("train_10.csv", "id,y\n3,1\n");
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

}  // namespace
}  // namespace podium::scraper::tables
