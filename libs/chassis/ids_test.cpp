#include "libs/chassis/ids.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

namespace podium {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::system_clock::time_point kTime{1'763'800'000'123ms};

TEST(Id, TakesLowerCaseDigitsAndDashesUpToTheLimit) {
  EXPECT_TRUE(is_valid_id("a"));
  EXPECT_TRUE(is_valid_id("0-titanic-7"));
  EXPECT_TRUE(is_valid_id(std::string(kIdLengthMax, 'x')));
}

TEST(Id, RefusesWhatCouldChangeASubjectOrAPath) {
  for (const std::string id :
       {"", "-a", "A", "a.b", "a*", "a>", "a/b", "..", "a b", "a_b", "a\n"}) {
    EXPECT_FALSE(is_valid_id(id)) << id;
  }
  EXPECT_FALSE(is_valid_id(std::string(kIdLengthMax + 1, 'x')));
  EXPECT_FALSE(is_valid_id(std::string_view{"a\0b", 3}));
}

TEST(UuidV7, HoldsItsTimeVersionAndVariant) {
  const std::string id = new_uuid_v7(kTime);
  EXPECT_TRUE(is_uuid(id)) << id;
  EXPECT_TRUE(is_valid_id(id));
  const auto milliseconds = std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
  EXPECT_EQ(milliseconds, 1'763'800'000'123);
  EXPECT_EQ(id[14], '7');
  EXPECT_NE(std::string_view{"89ab"}.find(id[19]), std::string_view::npos);
}

TEST(UuidV7, SortsByTime) {
  EXPECT_LT(new_uuid_v7(kTime), new_uuid_v7(kTime + 1ms));
  EXPECT_LT(new_uuid_v7(kTime + 1ms), new_uuid_v7(kTime + 24h));
}

TEST(UuidV7, DiffersWithinOneMillisecond) {
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) ids.insert(new_uuid_v7(kTime));
  EXPECT_EQ(ids.size(), 1'000U);
}

TEST(UuidV8, IsTheSameForTheSameNameAndOnlyThen) {
  EXPECT_EQ(uuid_v8_of("default/key-1"), uuid_v8_of("default/key-1"));
  EXPECT_NE(uuid_v8_of("default/key-1"), uuid_v8_of("default/key-2"));
}

TEST(UuidV8, IsMadeOfTheHash) {
  // sha256("") begins e3b0c442 98fc1c14 9afbf4c8 996fb924.
  EXPECT_EQ(uuid_v8_of(""), "e3b0c442-98fc-8c14-9afb-f4c8996fb924");
}

TEST(Uuid, RefusesOtherForms) {
  EXPECT_FALSE(is_uuid(""));
  EXPECT_FALSE(is_uuid("E3B0C442-98FC-8C14-9AFB-F4C8996FB924"));
  EXPECT_FALSE(is_uuid("e3b0c44298fc8c149afbf4c8996fb924"));
  EXPECT_FALSE(is_uuid("e3b0c442-98fc-8c14-9afb-f4c8996fb92g"));
  EXPECT_FALSE(is_uuid("e3b0c442-98fc-8c14-9afb-f4c8996fb9240"));
}

TEST(Sha256, KnowsTheTestVectorsOfFips180) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, OfPiecesIsTheSameAsOfTheWhole) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");
  EXPECT_EQ(hash.finish(), sha256_hex("abc"));
}

}  // namespace
}  // namespace podium
