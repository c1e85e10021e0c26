#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "libs/chassis/store/store_contract_testing.hpp"

namespace podium {
namespace {

namespace fs = std::filesystem;
using testing_support::ArtifactStoreContract;

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

// The same for the contract that all adapters keep.
class DirectoryHome final : public testing_support::StoreHome {
 public:
  DirectoryHome() {
    std::string made = testing::TempDir() + "podium-store-XXXXXX";
    if (mkdtemp(made.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    root_ = made;
    store_ = open_directory_store(root_).value();
  }
  ~DirectoryHome() override { fs::remove_all(root_); }

  ArtifactStore& store() override { return *store_; }
  std::size_t files() override { return files_in(root_); }
  void cut_short(const std::string& sha256) override {
    fs::resize_file(root_ / "sha256" / sha256.substr(0, 2) / sha256.substr(2), 3);
  }

 private:
  fs::path root_;
  std::unique_ptr<ArtifactStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Directory, ArtifactStoreContract,
                         testing::Values([] { return std::make_unique<DirectoryHome>(); }));

TEST_F(DirectoryStore, HasNoLinks) {
  store->put_named("job", "", "x.csv", "1").value();
  EXPECT_EQ(store->temporary_link("job/x.csv", std::chrono::hours{1}, "x.csv").value(),
            std::nullopt);
}

TEST_F(DirectoryStore, LeavesNoTemporaryFile) {
  store->put_content("content").value();
  store->put_named("job", "", "x.csv", "1").value();
  EXPECT_TRUE(fs::is_empty(root / "tmp"));
}

TEST_F(DirectoryStore, DoesNotFollowASymbolicLink) {
  fs::create_directories(root / "jobs" / "job");
  fs::create_symlink("/etc/passwd", root / "jobs" / "job" / "link.txt");
  EXPECT_FALSE(store->get("job/link.txt", 1'000'000));
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
