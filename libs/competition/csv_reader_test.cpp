#include "libs/competition/csv_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"

namespace podium::competition {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// Gives one byte a call, so that every state survives the end of a buffer.
class DripSource final : public ByteSource {
 public:
  explicit DripSource(std::string_view text) : text_{text} {}
  Result<std::size_t> read(std::span<char> room) override {
    return text_.read(room.first(std::min<std::size_t>(room.size(), 1)));
  }

 private:
  TextSource text_;
};

Result<Rows> rows_of(ByteSource& source, CsvDialect dialect = {}, CsvLimits limits = {}) {
  CsvReader reader{source, dialect, limits};
  Rows rows;
  while (PODIUM_TRY(reader.next())) rows.emplace_back(reader.row().begin(), reader.row().end());
  return rows;
}

Result<Rows> rows_of(std::string_view text, CsvDialect dialect = {}, CsvLimits limits = {}) {
  TextSource source{text};
  return rows_of(source, dialect, limits);
}

TEST(CsvReader, ReadsQuotesDoubledQuotesAndLineEndsInQuotes) {
  const Rows expected{{"id", "text"}, {"1", "a, \"b\"\r\nc"}, {"2", ""}};
  EXPECT_EQ(rows_of("id,text\n1,\"a, \"\"b\"\"\r\nc\"\n2,\"\"\n"), expected);
}

TEST(CsvReader, TakesEveryLineEndAndAMissingLast) {
  const Rows expected{{"a", "b"}, {"1", "2"}, {"3", "4"}};
  EXPECT_EQ(rows_of("a,b\n1,2\n3,4"), expected);
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n3,4\r\n"), expected);
  EXPECT_EQ(rows_of("a,b\r1,2\r3,4\r"), expected);
}

TEST(CsvReader, TakesAwayTheByteOrderMark) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBFid,x\n1,2\n"), (Rows{{"id", "x"}, {"1", "2"}}));
}

TEST(CsvReader, PassesOverBlankLinesButKeepsEmptyFields) {
  EXPECT_EQ(rows_of("a,b\n\n\r\n,\n\n"), (Rows{{"a", "b"}, {"", ""}}));
}

TEST(CsvReader, ReadsTheSameByteByByte) {
  const std::string_view text = "\xEF\xBB\xBFid;t\r\n1;\"x\r\n\"\"y\"\"\"\r\n\r\n2;z";
  DripSource drip{text};
  EXPECT_EQ(rows_of(drip).value(), rows_of(text).value());
  EXPECT_EQ(rows_of(text), (Rows{{"id", "t"}, {"1", "x\r\n\"y\""}, {"2", "z"}}));
}

TEST(CsvReader, NamesTheRowOfAnUnclosedQuote) {
  const auto rows = rows_of("a,b\n1,2\n3,\"4\n5,6\n");
  ASSERT_FALSE(rows);
  EXPECT_TRUE(rows.error().is(reasons::kDataUnreadable));
  EXPECT_THAT(rows.error().detail, testing::HasSubstr("row 3"));
}

TEST(CsvReader, StrictRefusesTextAfterAClosingQuote) {
  EXPECT_EQ(rows_of("a,b\n\"x\"y,2\n"), (Rows{{"a", "b"}, {"xy", "2"}}));
  EXPECT_FALSE(rows_of("a,b\n\"x\"y,2\n", {.strict = true}));
}

TEST(CsvReader, AQuoteInsidePlainTextIsText) {
  EXPECT_EQ(rows_of("a,b\n5\" nail,2\n", {.strict = true}), (Rows{{"a", "b"}, {"5\" nail", "2"}}));
}

TEST(CsvReader, RefusesNulAndUtf16) {
  EXPECT_FALSE(rows_of(std::string_view{"a,b\n1,\0\n", 8}));
  const auto rows =
      rows_of(std::string_view{"\xFF\xFE"
                               "a\0,\0",
                               6});
  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().detail, testing::HasSubstr("UTF-16"));
}

TEST(CsvReader, KeepsItsLimits) {
  const CsvLimits limits{.field_bytes_max = 4, .row_bytes_max = 6, .columns_max = 3};
  EXPECT_TRUE(rows_of("a,b\n1234,12\n", {}, limits));
  for (const char* text : {"a,b\n12345,1\n", "a,b\n1234,123\n", "a,b,c,d\n"}) {
    const auto rows = rows_of(text, {}, limits);
    ASSERT_FALSE(rows) << text;
    EXPECT_TRUE(rows.error().is(reasons::kDataTooLarge)) << text;
  }
}

TEST(CsvReader, TellsWhereEachRowBegins) {
  const std::string text = "\xEF\xBB\xBFid,x\r\n1,\"a\nb\"\r\n\r\n2,c\r\n";
  TextSource source{text};
  CsvReader reader{source};
  std::vector<std::string> first_bytes;
  while (reader.next().value()) first_bytes.push_back(text.substr(reader.row_begin(), 4));
  EXPECT_EQ(first_bytes, (std::vector<std::string>{"id,x", "1,\"a", "2,c\r"}));
}

TEST(CsvReader, AnEmptyTextHasNoRows) {
  EXPECT_EQ(rows_of(""), Rows{});
  EXPECT_EQ(rows_of("\n\n"), Rows{});
}

TEST(CsvDelimiter, IsTheOneThatPartsRowsEvenly) {
  EXPECT_EQ(sniff_delimiter("a,b\n1,2\n"), ',');
  EXPECT_EQ(sniff_delimiter("a;b\n1,5;2,5\n3,5;4,5\n"), ';');
  EXPECT_EQ(sniff_delimiter("a\tb c\n1\t2, 3\n"), '\t');
  EXPECT_EQ(sniff_delimiter("a|b|c\n1|2|3\n"), '|');
  EXPECT_EQ(sniff_delimiter("id,text\n1,\"a; b; c\"\n2,\"d;e\"\n"), ',');
}

TEST(CsvDelimiter, IsACommaForOneColumnAndTheHeadersForRaggedRows) {
  EXPECT_EQ(sniff_delimiter("name\nx\n"), ',');
  EXPECT_EQ(sniff_delimiter(""), ',');
  EXPECT_EQ(sniff_delimiter("a;b;c\n1;2\n3;4;5\n"), ';');
}

TEST(ByteSource, RefusesWhatIsNoRegularFile) {
  const auto missing = FileSource::open("/nowhere/train.csv");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().detail, testing::HasSubstr("train.csv"));
  EXPECT_FALSE(FileSource::open("/"));
}

}  // namespace
}  // namespace podium::competition
