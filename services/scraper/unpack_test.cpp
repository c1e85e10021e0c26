#include "services/scraper/unpack.hpp"

#include <format>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/testing/archives.hpp"
#include "services/scraper/testing/file_size_limit.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

using testing::ArchiveMember;
using ::testing::ElementsAre;
using testing::files_below;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::write_archive;
using testing::write_compressed;
using Kind = ArchiveMember::Kind;
namespace reasons = competition::reasons;

constexpr std::uint64_t kMany = 1ULL << 32;

class Unpack : public ::testing::Test {
 protected:
  std::filesystem::path packed(const std::string& name) const {
    std::filesystem::create_directories((folder_.path() / "packed" / name).parent_path());
    return folder_.path() / "packed" / name;
  }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream{packed(name), std::ios::binary} << text;
  }
  std::filesystem::path target() const { return folder_.path() / "data"; }
  Result<void> unpack(std::uint64_t bytes_max = kMany, const FetchControl& control = {}) const {
    const auto from = folder_.path() / "packed";
    UnpackAccount account{{.bytes_max = bytes_max, .packed_bytes = bytes_below(from)}, control};
    return unpack_folder(from, target(), account);
  }
  /// The code that unpacking an archive of these members is refused with.
  std::string_view refusal(const std::vector<ArchiveMember>& members,
                           const std::string& name = "evil.tar") const {
    write_archive(packed(name), members);
    const auto done = unpack();
    return done ? "" : done.error().code->name;
  }

  /// Keeps how much is unpacked.
  static auto tells(std::uint64_t& bytes) {
    return [&bytes](std::string_view, std::uint64_t done, std::uint64_t) { bytes = done; };
  }

  podium::testing::TemporaryFolder folder_;
};

TEST_F(Unpack, FilesAndFoldersComeAsTheyAre) {
  write("train.csv", "a\n");
  write("more/notes.txt", "b");
  ASSERT_TRUE(unpack());
  EXPECT_THAT(files_below(target()),
              ElementsAre(Pair("more/notes.txt", "b"), Pair("train.csv", "a\n")));
}

TEST_F(Unpack, GzAndZipOfOneTableBecomeTheTable) {
  write_compressed(packed("train.csv.gz"), "a\n");
  write_archive(packed("test.csv.zip"), {{.path = "test.csv", .content = "b\n"}});
  write_archive(packed("other.zip"), {{.path = "inside.csv", .content = "c\n"}});
  ASSERT_TRUE(unpack());
  EXPECT_THAT(files_below(target()), ElementsAre(Pair("inside.csv", "c\n"), Pair("test.csv", "b\n"),
                                                 Pair("train.csv", "a\n")));
}

TEST_F(Unpack, EveryCompressionIsUndone) {
  for (const auto* ending : {".gz", ".bz2", ".xz", ".zst"}) {
    const std::string name = std::string{ending}.substr(1);
    write_archive(packed(name + ".tar" + ending), {{.path = name + ".csv", .content = name}});
    write_compressed(packed(name + "_one.csv" + ending), name);
  }
  ASSERT_TRUE(unpack());
  const auto files = files_below(target());
  EXPECT_EQ(files.size(), 8U);
  for (const auto* name : {"gz", "bz2", "xz", "zst"}) {
    EXPECT_EQ(files.at(std::string{name} + "_one.csv"), name);
  }
}

TEST_F(Unpack, AnArchiveThatWasCutIntoFilesIsOne) {
  std::string rows = "a\n";
  for (int i = 0; i < 2000; ++i) rows += std::to_string(i * i) + "\n";
  for (const auto* name : {"train.zip", "test.tar.gz"}) {
    write_archive(packed(name), {{.path = "deep/rows.csv", .content = rows}});
    const std::string whole = testing::text_of(packed(name));
    std::filesystem::remove(packed(name));
    const std::size_t third = whole.size() / 3;
    write(std::string{name} + ".001", whole.substr(0, third));
    write(std::string{name} + ".002", whole.substr(third, third));
    write(std::string{name} + ".003", whole.substr(2 * third));
  }
  write("more.csv.001", "a\n1\n");
  write("more.csv.002", "2\n");
  write("scan.001", "what it is");
  write("x.zip.000", "what it is");
  ASSERT_TRUE(unpack());
  EXPECT_THAT(files_below(target()),
              ElementsAre(Pair("more.csv", "a\n1\n2\n"), Pair("scan.001", "what it is"),
                          Pair("test/deep/rows.csv", rows), Pair("train/deep/rows.csv", rows),
                          Pair("x.zip.000", "what it is")));
}

TEST_F(Unpack, AMissingPartIsNamed) {
  write("train.zip.001", "x");
  write("train.zip.003", "x");
  const auto done = unpack();
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(reasons::kDataUnreadable));
  EXPECT_THAT(done.error().detail, HasSubstr("train.zip.002 is missing"));
}

TEST_F(Unpack, AZipInVolumesIsRefusedWithWhatToDo) {
  write("train.z01", "x");
  write("train.zip", "x");
  const auto done = unpack();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().detail, AllOf(HasSubstr("train.zip"), HasSubstr("zip -s 0")));
}

TEST_F(Unpack, AnArchiveOfManyBecomesAFolderOfItsName) {
  write_archive(packed("images.zip"),
                {{.path = "1.png", .content = "x"}, {.path = "2.png", .content = "y"}});
  write_archive(packed("train_images.tar.gz"), {{.path = "train_images/1.png", .content = "z"}});
  ASSERT_TRUE(unpack());
  EXPECT_THAT(files_below(target()),
              ElementsAre(Pair("images/1.png", "x"), Pair("images/2.png", "y"),
                          Pair("train_images/1.png", "z")));
}

TEST_F(Unpack, ArchivesInsideArchivesAreOpenedUpToADepth) {
  auto inner = packed("deep/0.zip");
  write_archive(inner, {{.path = "core.csv", .content = "a\n"}});
  for (int level = 1; level <= kNestingMax; ++level) {
    const auto outer = packed("deep/" + std::to_string(level) + ".zip");
    write_archive(outer, {{.path = inner.filename(), .content = testing::text_of(inner)}});
    std::filesystem::remove(inner);
    inner = outer;
  }
  ASSERT_TRUE(unpack());
  const auto files = files_below(target());
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files.begin()->first, "deep/0.zip");
}

TEST_F(Unpack, ClutterIsPassedOver) {
  write(".DS_Store", "x");
  write_archive(packed("train.csv.zip"), {{.path = "train.csv", .content = "a\n"},
                                          {.path = "__MACOSX/._train.csv", .content = "x"}});
  ASSERT_TRUE(unpack());
  EXPECT_THAT(files_below(target()), ElementsAre(Pair("train.csv", "a\n")));
}

TEST_F(Unpack, NamesOutsideAsciiSurvive) {
  write_archive(packed("a.zip"), {{.path = "Zürich.csv", .content = "a\n"}});
  write_archive(packed("b.tar"), {{.path = "東京.csv", .content = "b\n"}});
  ASSERT_TRUE(unpack());
  EXPECT_THAT(files_below(target()),
              ElementsAre(Pair("Zürich.csv", "a\n"), Pair("東京.csv", "b\n")));
}

TEST_F(Unpack, PathsThatLeaveTheFolderAreRefused) {
  for (const char* path : {"../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "a\\..\\evil.csv"}) {
    EXPECT_EQ(refusal({{.path = path, .content = "x"}}), "ARCHIVE_UNSAFE") << path;
    EXPECT_EQ(refusal({{.path = path, .content = "x"}}, "evil.zip"), "ARCHIVE_UNSAFE") << path;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "evil.csv"));
}

TEST_F(Unpack, LinksAndDevicesAreRefused) {
  EXPECT_EQ(refusal({{.path = "a", .content = "/etc/passwd", .kind = Kind::symbolic_link}}),
            "ARCHIVE_UNSAFE");
  EXPECT_EQ(refusal({{.path = "a", .content = "x"},
                     {.path = "b", .content = "a", .kind = Kind::hard_link}}),
            "ARCHIVE_UNSAFE");
  EXPECT_EQ(refusal({{.path = "null", .content = "", .kind = Kind::device}}), "ARCHIVE_UNSAFE");
  EXPECT_EQ(refusal({{.path = "d", .content = "/tmp", .kind = Kind::symbolic_link},
                     {.path = "d/evil", .content = "x"}}),
            "ARCHIVE_UNSAFE");
}

TEST_F(Unpack, LinksBesideTheArchivesAreRefused) {
  std::filesystem::create_symlink("/etc/passwd", packed("train.csv"));
  const auto done = unpack();
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(reasons::kArchiveUnsafe));
}

TEST_F(Unpack, PathsThatNoDiskTakesAreRefusedNotTriedAgain) {
  EXPECT_EQ(refusal({{.path = std::string(kPathPartBytesMax + 1, 'a'), .content = "x"}}),
            "ARCHIVE_UNSAFE");
  std::string deep;
  for (int i = 0; i <= kPathDepthMax; ++i) deep += "d/";
  EXPECT_EQ(refusal({{.path = deep + "x", .content = "x"}}), "ARCHIVE_UNSAFE");
  EXPECT_EQ(refusal({{.path = "a", .content = "x"}, {.path = "a/b", .content = "x"}}),
            "ARCHIVE_UNSAFE");
}

TEST_F(Unpack, TwoFilesOfOnePlaceMustBeTheSame) {
  EXPECT_EQ(refusal({{.path = "a", .content = "x"}, {.path = "a", .content = "y"}}),
            "ARCHIVE_UNSAFE");
  std::filesystem::remove_all(folder_.path() / "packed");
  std::filesystem::remove_all(target());
  write("train.csv", "a\n");
  write_compressed(packed("train.csv.gz"), "a\n");
  EXPECT_TRUE(unpack());
  std::filesystem::remove_all(target());
  write_compressed(packed("train.csv.gz"), "b\n");
  const auto differ = unpack();
  ASSERT_FALSE(differ);
  EXPECT_THAT(differ.error().detail, HasSubstr("train.csv"));
}

TEST_F(Unpack, BytesAreCountedAsTheyAreWritten) {
  write_compressed(packed("train.csv.gz"), std::string(5000, 'a'));
  const auto done = unpack(4999);
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(reasons::kDataTooLarge));
  EXPECT_THAT(done.error().detail, HasSubstr("PODIUM_DATA_BYTES_MAX"));
  std::filesystem::remove_all(target());
  EXPECT_TRUE(unpack(5000));
}

TEST_F(Unpack, PartsAreCountedOnce) {
  write("train.csv.001", std::string(3000, 'a'));
  write("train.csv.002", std::string(2000, 'b'));
  EXPECT_TRUE(unpack(5000));
  std::filesystem::remove_all(target());
  EXPECT_TRUE(unpack(4999).error().is(reasons::kDataTooLarge));
}

TEST_F(Unpack, ABombIsStoppedByItsRatio) {
  write_compressed(packed("bomb.csv.gz"), std::string(kRatioFloorBytes + (1U << 22), '\0'));
  const auto done = unpack();
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(reasons::kArchiveUnsafe));
  EXPECT_THAT(done.error().detail, HasSubstr("times its size"));
}

TEST_F(Unpack, ABombOfManyArchivesIsStoppedByWhatAllCameAs) {
  write_archive(packed("0.zip"),
                {{.path = "zeros.csv", .content = std::string(kRatioFloorBytes, '\0')}});
  const std::string inner = testing::text_of(packed("0.zip"));
  std::filesystem::remove(packed("0.zip"));
  std::vector<ArchiveMember> members;
  for (int i = 0; i < 20; ++i) {
    members.push_back({.path = std::format("{}.zip", i), .content = inner});
  }
  // Packed once more, and as they are.
  for (const auto* name : {"bomb.zip", "bomb.tar"}) {
    write_archive(packed(name), members);
    std::uint64_t unpacked = 0;
    const auto done = unpack(kMany, {.stop = {}, .on_progress = tells(unpacked)});
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().is(reasons::kArchiveUnsafe)) << done.error().text();
    EXPECT_LE(unpacked, 2 * kRatioFloorBytes + 20 * inner.size()) << "not all of them";
    std::filesystem::remove(packed(name));
    std::filesystem::remove_all(target());
  }
}

TEST_F(Unpack, MasksThatAreAllButEmptyAreNoBombAmongPictures) {
  std::mt19937 numbers{7};
  std::string picture(4'000'000, '0');
  for (char& pixel : picture) pixel = static_cast<char>(numbers());
  std::vector<ArchiveMember> members{{.path = "pictures.bin", .content = picture}};
  for (int i = 0; i < 3; ++i) {
    const auto mask = packed(std::format("mask{}.zip", i));
    write_archive(mask, {{.path = std::format("{}.bin", i),
                          .content = std::string(kRatioFloorBytes / 2, '\0')}});
    members.push_back({.path = mask.filename(), .content = testing::text_of(mask)});
    std::filesystem::remove(mask);
  }
  write_archive(packed("data.zip"), members);
  const auto done = unpack();
  EXPECT_TRUE(done) << done.error().text();
}

TEST_F(Unpack, ArchivesInArchivesMayHoldMuch) {
  std::mt19937 numbers{7};
  std::vector<ArchiveMember> members;
  for (int i = 0; i < 4; ++i) {
    // Every hundredth byte cannot be foretold.
    std::string rows(kRatioFloorBytes / 3, '0');
    for (std::size_t at = 0; at < rows.size(); at += 100) {
      rows[at] = static_cast<char>('0' + numbers() % 10);
    }
    const auto inner = packed(std::to_string(i) + ".zip");
    write_archive(inner, {{.path = std::to_string(i) + ".csv", .content = rows}});
    members.push_back({.path = inner.filename(), .content = testing::text_of(inner)});
    std::filesystem::remove(inner);
  }
  write_archive(packed("data.zip"), members);
  const auto done = unpack();
  EXPECT_TRUE(done) << done.error().text();
}

TEST_F(Unpack, AFullDiskEndsAtOnceAndIsNotTriedAgain) {
  constexpr std::uint64_t kRoom = 1ULL << 20;
  write_compressed(packed("train.csv.gz"), std::string(32 * kRoom, 'a'));
  std::uint64_t unpacked = 0;
  const testing::FileSizeLimit full{kRoom};
  const auto done = unpack(kMany, {.stop = {}, .on_progress = tells(unpacked)});
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(reasons::kDiskTooSmall)) << done.error().text();
  EXPECT_THAT(done.error().detail, AllOf(HasSubstr("train.csv"), HasSubstr(std::to_string(kRoom))));
  EXPECT_LE(unpacked, kRoom + kBlockBytes);
}

TEST_F(Unpack, PartsForWhoseWholeTheDiskIsTooSmallAreNotTriedAgain) {
  write("train.csv.001", std::string(3000, 'a'));
  write("train.csv.002", std::string(2000, 'b'));
  const testing::FileSizeLimit full{4000};
  EXPECT_TRUE(unpack().error().is(reasons::kDiskTooSmall));
}

TEST_F(Unpack, BrokenAndEncryptedArchivesAreUnreadable) {
  write("train.zip", "this is no zip");
  const auto broken = unpack();
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().is(reasons::kDataUnreadable));
  EXPECT_THAT(broken.error().detail, HasSubstr("train.zip"));
  std::filesystem::remove_all(folder_.path() / "packed");
  write_compressed(packed("train.csv.gz"), std::string(100'000, 'a'));
  std::filesystem::resize_file(packed("train.csv.gz"), 60);
  EXPECT_TRUE(unpack().error().is(reasons::kDataUnreadable));
}

TEST_F(Unpack, StopsWhenAskedAndTellsItsProgress) {
  write("train.csv", "abc");
  std::stop_source stop;
  std::vector<std::uint64_t> told;
  FetchControl control{
      .stop = stop.get_token(),
      .on_progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t) {
        EXPECT_EQ(phase, "unpacking");
        told.push_back(done);
      }};
  ASSERT_TRUE(unpack(kMany, control));
  EXPECT_THAT(told, ElementsAre(3));
  stop.request_stop();
  std::filesystem::remove_all(target());
  EXPECT_TRUE(unpack(kMany, control).error().is(errors::kStopped));
}

}  // namespace
}  // namespace podium::scraper
