#include "services/scraper/adapters/child_foreign_reader.hpp"

#include <unistd.h>

#include <format>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"
#include "services/scraper/testing/archives.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kSecret = "a-token-of-the-test";

class ChildForeignReaderTest : public ::testing::Test {
 protected:
  ChildForeignReaderTest() {
    fs::create_directories(packed());
    fetched_.told.slug = "mine";
  }
  fs::path packed() const { return folder_.path() / "packed"; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream{packed() / name, std::ios::binary} << text;
  }
  void write_competition() const {
    write("sample_submission.csv", "id,y\n3,0\n4,0\n");
    testing::write_archive(packed() / "tables.zip",
                           {{.path = "train.csv", .content = "id,x,y\n1,a,0\n2,b,1\n"},
                            {.path = "test.csv", .content = "id,x\n3,a\n4,b\n"}});
  }
  Result<ReadData> read(const FetchControl& control = {}) {
    return reader_.read_data(folder_.path(), fetched_, control);
  }
  /// What a child that runs this script comes to.
  Error overcome(const std::string& script, std::chrono::milliseconds time_least = 20s) const {
    const auto program = folder_.path() / "program.sh";
    std::ofstream{program} << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
    ChildForeignReader reader{{.program = program, .time_least = time_least}};
    const auto read = reader.read_data(folder_.path(), fetched_, {});
    EXPECT_FALSE(read);
    return read ? Error{} : read.error();
  }

  podium::testing::TemporaryFolder folder_;
  ChildForeignReader reader_{{.program = PODIUM_UNPACK_PROGRAM}};
  FetchedCompetition fetched_;
};

TEST_F(ChildForeignReaderTest, UnpacksProfilesAndPacks) {
  write_competition();
  fetched_.told.metric_name = "Categorization Accuracy";
  fetched_.told.warnings = {"told before"};
  fetched_.door = v1::COMPETITION_DOOR_KAGGLE;
  const auto read = this->read();
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->facts.slug(), "mine");
  EXPECT_EQ(read->facts.door(), v1::COMPETITION_DOOR_KAGGLE);
  EXPECT_EQ(read->facts.metric().key(), "accuracy");
  EXPECT_EQ(read->facts.warnings(0), "told before");
  EXPECT_EQ(read->facts.task().train_path(), "tables/train.csv");
  EXPECT_EQ(read->facts.files(0).sha256().size(), 64U);
  EXPECT_EQ(read->tar.files.size(), 3U);
  EXPECT_EQ(read->tar.files.at("tables/test.csv").bytes, 13U);
  EXPECT_TRUE(fs::is_regular_file(folder_.path() / "data.tar"));
}

TEST_F(ChildForeignReaderTest, NamesInOldEncodingsAreRead) {
  write_competition();
  write("Z\xC3\xBCrich.csv", "a\n1\n");
  testing::write_archive(packed() / "more.zip",
                         {{.path = "\u6771\u4EAC.csv", .content = "a\n1\n"}});
  const auto read = this->read();
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_TRUE(read->tar.files.contains("\u6771\u4EAC.csv"));
}

TEST_F(ChildForeignReaderTest, WhatIsWrongWithTheFilesIsToldByItsReason) {
  write("train.zip", "this is no zip");
  const auto broken = read();
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().is(reasons::kDataUnreadable));
  EXPECT_THAT(broken.error().detail, HasSubstr("train.zip"));
  fs::remove(packed() / "train.zip");
  testing::write_archive(packed() / "evil.tar", {{.path = "../evil.csv", .content = "x"}});
  EXPECT_TRUE(read().error().is(reasons::kArchiveUnsafe));
}

TEST_F(ChildForeignReaderTest, ABombIsRefusedWithinSeconds) {
  std::string zeros;
  zeros.resize(300'000'000);
  testing::write_compressed(packed() / "bomb.csv.gz", zeros);
  const auto begun = std::chrono::steady_clock::now();
  const auto read = this->read();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().is(reasons::kArchiveUnsafe));
  EXPECT_THAT(read.error().detail, HasSubstr("bomb.csv.gz"));
}

TEST_F(ChildForeignReaderTest, AFolderThatWasSentIsMeasuredByItsTar) {
  testing::write_archive(folder_.path() / "zeros.zip",
                         {{.path = "zeros.csv", .content = std::string(kRatioFloorBytes, '\0')}});
  const auto zeros = testing::text_of(folder_.path() / "zeros.zip");
  testing::write_archive(
      folder_.path() / "sent.tar.gz",
      {{.path = "data/0.zip", .content = zeros}, {.path = "data/1.zip", .content = zeros}});
  fs::rename(folder_.path() / "sent.tar.gz", folder_.path() / "sent.tar");
  const auto sent = reader_.open_sent(folder_.path(), {});
  ASSERT_TRUE(sent) << sent.error().text();
  const auto read = this->read();
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().is(reasons::kArchiveUnsafe)) << read.error().text();
  EXPECT_THAT(
      read.error().detail,
      HasSubstr(std::format("came as {} bytes", fs::file_size(folder_.path() / "sent.tar"))));
}

/// What /proc tells of the child that works for this process.
struct ChildAtWork {
  std::string environment;
  std::string descriptors;
  std::string status;
};

std::string all_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

ChildAtWork look_at_child() {
  int child = 0;
  std::ifstream{std::format("/proc/self/task/{}/children", gettid())} >> child;
  const fs::path process{std::format("/proc/{}", child)};
  ChildAtWork seen;
  seen.environment = all_of(process / "environ");
  seen.status = all_of(process / "status");
  std::error_code ended;
  for (const auto& entry : fs::directory_iterator{process / "fd", ended}) {
    seen.descriptors += entry.path().filename().string() + " -> " +
                        fs::read_symlink(entry.path(), ended).string() + "\n";
  }
  return seen;
}

TEST_F(ChildForeignReaderTest, TheChildHasNoTokenNoSocketAndNoRights) {
  write_competition();
  // Enough to be looked at while it is read.
  std::mt19937 numbers{7};
  std::string rows = "id,x,y\n";
  for (int row = 0; row < 300'000; ++row) rows += std::format("{},{},1\n", row, numbers());
  testing::write_compressed(packed() / "large.csv.gz", rows);
  const auto secret_file = folder_.path().parent_path() / "scraper-reader-test-secret";
  std::ofstream{secret_file} << kSecret;
  std::ifstream held{secret_file};
  setenv("KAGGLE_API_TOKEN", kSecret, 1);
  std::vector<ChildAtWork> seen;
  FetchControl control;
  control.on_progress = [&](std::string_view, std::uint64_t, std::uint64_t) {
    seen.push_back(look_at_child());
  };
  EXPECT_TRUE(read(control));
  unsetenv("KAGGLE_API_TOKEN");
  fs::remove(secret_file);
  ASSERT_FALSE(seen.empty());
  const auto& child = seen.front();
  EXPECT_EQ(child.environment, "");
  EXPECT_THAT(child.descriptors, Not(HasSubstr("secret")));
  EXPECT_THAT(child.descriptors, Not(HasSubstr("socket:")));
  EXPECT_THAT(child.status, HasSubstr("Seccomp:\t2\n"));
  EXPECT_THAT(child.status, HasSubstr("NoNewPrivs:\t1\n"));
  EXPECT_THAT(child.status, HasSubstr("CapEff:\t0000000000000000\n"));
}

TEST_F(ChildForeignReaderTest, AChildThatIsOvercomeIsTheFilesFaultAndTheNextOneReads) {
  write_competition();
  const auto words = [](const std::string& then) {
    return "printf 'unpacking\\t1\\tevil.zip\\n' >&5; " + then;
  };
  for (const auto& end : {"kill -SEGV $$", "kill -KILL $$", "echo garbage >&4", "exit 0"}) {
    const auto error = overcome(words(end));
    EXPECT_TRUE(error.is(reasons::kDataUnreadable)) << end << ": " << error.text();
    if (std::string_view{end} != "exit 0") EXPECT_THAT(error.detail, HasSubstr("evil.zip")) << end;
  }
  const auto hangs = overcome(words("while :; do :; done"), 300ms);
  EXPECT_TRUE(hangs.is(reasons::kDataUnreadable));
  EXPECT_THAT(hangs.detail, HasSubstr("evil.zip"));
  EXPECT_TRUE(read()) << "the scraper lives on";
}

TEST_F(ChildForeignReaderTest, WhatAChildSaysMayBeAnything) {
  write_competition();
  EXPECT_TRUE(
      overcome("head -c 1000000 /dev/zero >&5; printf '\\t\\t\\n\\n\\tx\\tunpacking\\n' >&5; "
               "kill -SEGV $$")
          .is(reasons::kDataUnreadable));
}

TEST_F(ChildForeignReaderTest, AProgramThatCannotWorkIsTriedAgainLater) {
  write_competition();
  EXPECT_TRUE(overcome("echo no walls >&2; exit 3").is(errors::kUnavailable));
  ChildForeignReader missing{{.program = "/nonexistent/podium-unpack"}};
  EXPECT_TRUE(missing.read_data(folder_.path(), fetched_, {}).error().is(errors::kUnavailable));
}

TEST_F(ChildForeignReaderTest, AStopEndsIt) {
  write_competition();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(read({.stop = stop.get_token()}).error().is(errors::kStopped));
}

TEST_F(ChildForeignReaderTest, PagesInHtmlBecomeText) {
  std::vector<v1::ForeignPage> pages(3);
  pages[0].set_name("Evaluation");
  pages[0].set_content("<p>RMSE, <b>log</b></p>");
  pages[1].set_name("rules");
  pages[1].set_content("# Be <p>fair</p>");
  pages[1].set_media_type("text/markdown");
  pages[2].set_name("empty");
  pages[2].set_content(" ");
  const auto read = reader_.read_pages(pages, folder_.path(), {});
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].text(), "RMSE, log");
  EXPECT_EQ((*read)[1].text(), "# Be <p>fair</p>");
}

}  // namespace
}  // namespace podium::scraper
