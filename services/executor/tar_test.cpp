#include "services/executor/tar.hpp"

#include <gtest/gtest.h>

#include <format>

namespace podium::executor {
namespace {

/// An entry of any type, with a right checksum.
std::string entry(char type, std::string_view content = {}) {
  auto block = tar_of_file("name", content).substr(0, kTarBlockBytes);
  unsigned sum = 0;
  block[156] = type;
  block.replace(148, 8, "        ");
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  block.replace(148, 8, std::format("{:06o}", sum) + std::string{"\0 ", 2});
  block += content;
  block.append((kTarBlockBytes - content.size() % kTarBlockBytes) % kTarBlockBytes, '\0');
  return block;
}

const std::string kEnd(2 * kTarBlockBytes, '\0');

Result<TarMember> find_in(const std::string& archive) {
  return find_only_file(
      [&archive](std::uint64_t offset, std::uint64_t bytes) -> Result<std::string> {
        return archive.substr(offset, bytes);
      },
      archive.size());
}

Result<void> guard_in_pieces(const std::string& archive, std::size_t piece_bytes) {
  TarGuard guard;
  for (std::size_t at = 0; at < archive.size(); at += piece_bytes) {
    PODIUM_TRY(guard.feed(std::string_view{archive}.substr(at, piece_bytes)));
  }
  return guard.finish();
}

TEST(Tar, OurOwnArchiveIsReadBack) {
  const auto archive = tar_of_file("solution.py", "print(1)\n");
  EXPECT_EQ(archive.size() % kTarBlockBytes, 0U);
  const auto member = find_in(archive);
  ASSERT_TRUE(member.has_value());
  EXPECT_EQ(archive.substr(member->offset, member->bytes), "print(1)\n");
}

TEST(Tar, ContentOfWholeBlocksNeedsNoPadding) {
  const auto archive = tar_of_file("x", std::string(1024, 'x'));
  EXPECT_EQ(archive.size(), 512U + 1024 + 1024);
  EXPECT_EQ(find_in(archive).value().bytes, 1024U);
}

TEST(Tar, TwoFilesAreNotOne) {
  const auto found = find_in(entry('0', "a") + entry('0', "b") + kEnd);
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().is(errors::kInvalid));
}

TEST(Tar, AFileBehindAnExtendedHeaderIsFound) {
  EXPECT_EQ(find_in(entry('x', "20 path=submission\n") + entry('0', "abc") + kEnd).value().bytes,
            3U);
}

TEST(Tar, LinksPipesDevicesAndFoldersAreNoFile) {
  for (const char type : {'1', '2', '3', '4', '5', '6', 'S'}) {
    EXPECT_FALSE(find_in(entry(type) + kEnd).has_value()) << type;
  }
}

TEST(Tar, AnArchiveWithoutAFileIsRefused) {
  EXPECT_FALSE(find_in(kEnd).has_value());
  EXPECT_FALSE(find_in("").has_value());
}

TEST(Tar, ASizeBeyondTheArchiveIsRefused) {
  const auto archive = entry('0', std::string(5000, 'x'));
  EXPECT_FALSE(find_in(archive.substr(0, 2048)).has_value());
}

TEST(Tar, ABrokenChecksumIsRefused) {
  auto archive = tar_of_file("a", "b");
  archive[3] = 'z';
  EXPECT_FALSE(find_in(archive).has_value());
}

TEST(Tar, AHugeBinarySizeIsRefused) {
  auto block = entry('0').substr(0, kTarBlockBytes);
  block.replace(124, 12, std::string(12, '\xff'));
  unsigned sum = 0;
  block.replace(148, 8, "        ");
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  block.replace(148, 8, std::format("{:06o}", sum) + std::string{"\0 ", 2});
  EXPECT_FALSE(parse_tar_header(block).has_value());
}

TEST(TarGuard, PlainFilesAndFoldersPassInAnyPieces) {
  const auto archive =
      entry('5') + entry('0', std::string(1000, 'a')) + entry('0', "b") + entry('0') + kEnd;
  for (const std::size_t bytes : {1UL, 7UL, 512UL, 513UL, 65536UL}) {
    EXPECT_TRUE(guard_in_pieces(archive, bytes).has_value()) << bytes;
  }
}

TEST(TarGuard, AHiddenLinkIsRefused) {
  for (const char type : {'1', '2', '3', '4', '6'}) {
    const auto archive = entry('0', "good") + entry(type) + kEnd;
    EXPECT_FALSE(guard_in_pieces(archive, 100).has_value()) << type;
  }
}

TEST(TarGuard, CompressedBytesAreRefused) {
  EXPECT_FALSE(guard_in_pieces("\x1f\x8b" + std::string(1022, 'z'), 1024).has_value());
}

TEST(TarGuard, AnArchiveCutShortIsRefused) {
  EXPECT_FALSE(guard_in_pieces(entry('0', std::string(5000, 'x')).substr(0, 1000), 64).has_value());
}

}  // namespace
}  // namespace podium::executor
