#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_store.hpp"

namespace podium {
namespace {

namespace fs = std::filesystem;

std::size_t files_in(const fs::path& folder) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  return files;
}

class DirectoryStore : public testing::Test {
 protected:
  void SetUp() override {
    std::string made = testing::TempDir() + "podium-store-XXXXXX";
    ASSERT_NE(mkdtemp(made.data()), nullptr);
    root = made;
    store = open_directory_store(root).value();
  }
  void TearDown() override { fs::remove_all(root); }

  fs::path root;
  std::unique_ptr<ArtifactStore> store;
};

TEST_F(DirectoryStore, GivesBackWhatWasPut) {
  const std::string bytes{"a,b\n1,\0\xff", 8};
  const auto ref = store->put_content(bytes).value();
  EXPECT_EQ(ref.key(), "sha256/" + sha256_hex(bytes));
  EXPECT_EQ(ref.sha256(), sha256_hex(bytes));
  EXPECT_EQ(ref.bytes(), 8U);
  EXPECT_EQ(store->get(ref.key(), 100).value(), bytes);
  EXPECT_EQ(store->size(ref.key()).value(), 8U);
}

TEST_F(DirectoryStore, KeepsEmptyContent) {
  const auto ref = store->put_content("").value();
  EXPECT_EQ(store->get(ref.key(), 0).value(), "");
}

TEST_F(DirectoryStore, ASecondPutOfTheSameContentChangesNothing) {
  const auto first = store->put_content("same").value();
  const auto files = files_in(root);
  const auto second = store->put_content("same").value();
  EXPECT_EQ(first.key(), second.key());
  EXPECT_EQ(files_in(root), files);
}

TEST_F(DirectoryStore, MendsContentThatHasBeenCutShort) {
  const auto ref = store->put_content("whole content").value();
  const std::string hash = ref.sha256();
  fs::resize_file(root / "sha256" / hash.substr(0, 2) / hash.substr(2), 3);
  store->put_content("whole content").value();
  EXPECT_EQ(store->get(ref.key(), 100).value(), "whole content");
}

TEST_F(DirectoryStore, StoresAFileByItsHashAndLeavesIt) {
  const fs::path file = root / "outside.bin";
  const std::string bytes(200'000, 'x');
  std::ofstream{file, std::ios::binary} << bytes;
  const auto ref = store->put_content_file(file).value();
  EXPECT_EQ(ref.sha256(), sha256_hex(bytes));
  EXPECT_EQ(store->get(ref.key(), 1'000'000).value(), bytes);
  EXPECT_TRUE(fs::exists(file));
  EXPECT_TRUE(fs::is_empty(root / "tmp"));
}

TEST_F(DirectoryStore, OfANamedFileTheLastWriterWins) {
  store->put_named("job-1", "c1", "code.py", "print(1)").value();
  const auto ref = store->put_named("job-1", "c1", "code.py", "print(2)").value();
  EXPECT_EQ(ref.key(), "job-1/c1/code.py");
  EXPECT_EQ(ref.sha256(), sha256_hex("print(2)"));
  EXPECT_EQ(store->get("job-1/c1/code.py", 100).value(), "print(2)");
  store->put_named("job-1", "", "submission.csv", "id").value();
  EXPECT_EQ(store->get("job-1/submission.csv", 100).value(), "id");
}

TEST_F(DirectoryStore, RefusesOddNames) {
  EXPECT_TRUE(store->put_named("..", "", "x", "").error().is(errors::kInvalid));
  EXPECT_TRUE(store->put_named("job", "C", "x", "").error().is(errors::kInvalid));
  EXPECT_TRUE(store->put_named("job", "", "../x", "").error().is(errors::kInvalid));
  EXPECT_TRUE(store->get("../tmp", 1).error().is(errors::kInvalid));
  EXPECT_TRUE(store->upload("abc", 1).error().is(errors::kInvalid));
}

TEST_F(DirectoryStore, TellsWhatIsNotThere) {
  EXPECT_TRUE(store->get("job/none.csv", 1).error().is(errors::kNotFound));
  EXPECT_TRUE(store->size("sha256/" + sha256_hex("no")).error().is(errors::kNotFound));
  store->put_named("job", "c1", "x.csv", "1").value();
  EXPECT_TRUE(store->get("job/c1", 1).error().is(errors::kNotFound));
  EXPECT_TRUE(store->get("job/c1/x.csv", 0).error().is(errors::kTooLarge));
}

TEST_F(DirectoryStore, DoesNotFollowASymbolicLink) {
  fs::create_directories(root / "jobs" / "job");
  fs::create_symlink("/etc/passwd", root / "jobs" / "job" / "link.txt");
  EXPECT_FALSE(store->get("job/link.txt", 1'000'000));
}

TEST_F(DirectoryStore, StreamsInPiecesUntilTheReceiverHasEnough) {
  const std::string bytes(150'000, 'y');
  const auto key = store->put_content(bytes).value().key();
  std::string read;
  std::size_t longest = 0;
  ASSERT_TRUE(store->read(key, [&](std::string_view piece) {
    longest = std::max(longest, piece.size());
    read += piece;
    return true;
  }));
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(longest, 64U * 1024U);
  int pieces = 0;
  const auto stopped = store->read(key, [&](std::string_view) { return ++pieces < 2; });
  EXPECT_TRUE(stopped.error().is(errors::kStopped));
  EXPECT_EQ(pieces, 2);
}

TEST_F(DirectoryStore, ReadsRanges) {
  std::string bytes;
  for (int i = 0; i < 30'000; ++i) bytes += std::to_string(i);
  const auto key = store->put_content(bytes).value().key();
  EXPECT_EQ(store->get_range(key, 3, 5).value(), bytes.substr(3, 5));
  EXPECT_EQ(store->get_range(key, 70'000, 10).value(), bytes.substr(70'000, 10));
  EXPECT_EQ(store->get_range(key, bytes.size() - 2, 10).value(), bytes.substr(bytes.size() - 2));
  EXPECT_EQ(store->get_range(key, bytes.size() + 5, 10).value(), "");
  EXPECT_EQ(store->ArtifactStore::get_range(key, 70'000, 10).value(), bytes.substr(70'000, 10));
  EXPECT_EQ(store->ArtifactStore::get_range(key, bytes.size() + 5, 10).value(), "");
}

TEST_F(DirectoryStore, AnUploadIsStoredWhenItsHashIsAsPromised) {
  auto upload = store->upload(sha256_hex("hello world"), 100).value();
  ASSERT_TRUE(upload->write("hello "));
  ASSERT_TRUE(upload->write("world"));
  const auto ref = upload->finish().value();
  EXPECT_EQ(store->get(ref.key(), 100).value(), "hello world");
}

TEST_F(DirectoryStore, AnUploadWithAnotherHashLeavesNothing) {
  {
    auto upload = store->upload(sha256_hex("hello"), 100).value();
    ASSERT_TRUE(upload->write("other"));
    EXPECT_TRUE(upload->finish().error().is(errors::kInvalid));
  }
  EXPECT_EQ(files_in(root), 0U);
}

TEST_F(DirectoryStore, AnUploadEndsAtItsLimit) {
  {
    auto upload = store->upload(sha256_hex("x"), 4).value();
    ASSERT_TRUE(upload->write("123"));
    EXPECT_TRUE(upload->write("45").error().is(errors::kTooLarge));
    EXPECT_TRUE(upload->write("4"));
  }
  EXPECT_EQ(files_in(root), 0U);
}

TEST_F(DirectoryStore, AnUploadThatIsGivenUpLeavesNothing) {
  ASSERT_TRUE(store->upload(sha256_hex("x"), 100).value()->write("x"));
  EXPECT_EQ(files_in(root), 0U);
}

TEST_F(DirectoryStore, SweepsWhatCrashedWritersLeftButNotWhatIsBeingWritten) {
  const fs::path old_file = root / "tmp" / "1-old";
  const fs::path new_file = root / "tmp" / "1-new";
  std::ofstream{old_file} << "x";
  std::ofstream{new_file} << "x";
  fs::last_write_time(old_file,
                      fs::file_time_type::clock::now() - kLeftoverAgeMax - std::chrono::minutes{1});
  ASSERT_TRUE(open_directory_store(root));
  EXPECT_FALSE(fs::exists(old_file));
  EXPECT_TRUE(fs::exists(new_file));
}

TEST_F(DirectoryStore, TellsWhenItCannotBeOpened) {
  std::ofstream{root / "file"} << "x";
  EXPECT_TRUE(open_directory_store(root / "file").error().is(errors::kUnavailable));
}

TEST_F(DirectoryStore, WritersInSeveralProcessesDoNotHarmOneAnother) {
  constexpr int kWriters = 4;
  std::vector<pid_t> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      bool good = true;
      for (int i = 0; i < 25; ++i) {
        good &= store->put_content("shared content " + std::to_string(i)).has_value();
        good &= store->put_named("job", "", "latest.txt", std::string(50'000, 'a')).has_value();
      }
      _exit(good ? 0 : 1);
    }
    writers.push_back(child);
  }
  for (const pid_t writer : writers) {
    int status = 0;
    ASSERT_EQ(waitpid(writer, &status, 0), writer);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(store->get("job/latest.txt", 100'000).value(), std::string(50'000, 'a'));
  for (int i = 0; i < 25; ++i) {
    const std::string content = "shared content " + std::to_string(i);
    EXPECT_EQ(store->get("sha256/" + sha256_hex(content), 100).value(), content);
  }
  EXPECT_TRUE(fs::is_empty(root / "tmp"));
}

}  // namespace
}  // namespace podium
