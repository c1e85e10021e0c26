#include "libs/chassis/store/store_contract_testing.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "libs/chassis/ids.hpp"

namespace podium::testing_support {

namespace fs = std::filesystem;

ArtifactStoreContract::ArtifactStoreContract() : home{GetParam()()}, store{&home->store()} {
  std::string made = ::testing::TempDir() + "podium-contract-XXXXXX";
  if (mkdtemp(made.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  folder = made;
}

ArtifactStoreContract::~ArtifactStoreContract() {
  fs::remove_all(folder);
}

TEST_P(ArtifactStoreContract, GivesBackWhatWasPut) {
  const std::string bytes{"a,b\n1,\0\xff", 8};
  const auto ref = store->put_content(bytes).value();
  EXPECT_EQ(ref.key(), "sha256/" + sha256_hex(bytes));
  EXPECT_EQ(ref.sha256(), sha256_hex(bytes));
  EXPECT_EQ(ref.bytes(), 8U);
  EXPECT_EQ(store->get(ref.key(), 100).value(), bytes);
  EXPECT_EQ(store->size(ref.key()).value(), 8U);
}

TEST_P(ArtifactStoreContract, KeepsEmptyContent) {
  const auto ref = store->put_content("").value();
  EXPECT_EQ(store->get(ref.key(), 0).value(), "");
  EXPECT_EQ(store->size(ref.key()).value(), 0U);
  EXPECT_EQ(store->get_range(ref.key(), 0, 10).value(), "");
}

TEST_P(ArtifactStoreContract, ASecondPutOfTheSameContentChangesNothing) {
  const auto first = store->put_content("same").value();
  const auto files = home->files();
  const auto second = store->put_content("same").value();
  EXPECT_EQ(first.key(), second.key());
  EXPECT_EQ(home->files(), files);
}

TEST_P(ArtifactStoreContract, RemovedContentIsGoneAndMayComeAgain) {
  const auto stored = store->put_content("content").value();
  ASSERT_TRUE(store->remove_content(stored.sha256()));
  EXPECT_TRUE(store->size(stored.key()).error().is(errors::kNotFound));
  EXPECT_TRUE(store->remove_content(stored.sha256())) << "safe to repeat";
  EXPECT_TRUE(store->remove_content("../evil").error().is(errors::kInvalid));
  EXPECT_TRUE(store->put_content("content"));
  EXPECT_TRUE(store->size(stored.key()));
}

TEST_P(ArtifactStoreContract, MendsContentThatHasBeenCutShort) {
  const auto ref = store->put_content("whole content").value();
  home->cut_short(ref.sha256());
  ASSERT_EQ(store->get(ref.key(), 100).value(), "who");
  store->put_content("whole content").value();
  EXPECT_EQ(store->get(ref.key(), 100).value(), "whole content");
}

TEST_P(ArtifactStoreContract, StoresAFileByItsHashAndLeavesIt) {
  const fs::path file = folder / "outside.bin";
  const std::string bytes(200'000, 'x');
  std::ofstream{file, std::ios::binary} << bytes;
  const auto ref = store->put_content_file(file).value();
  EXPECT_EQ(ref.sha256(), sha256_hex(bytes));
  EXPECT_EQ(ref.bytes(), bytes.size());
  EXPECT_EQ(store->get(ref.key(), 1'000'000).value(), bytes);
  EXPECT_TRUE(fs::exists(file));
  EXPECT_EQ(home->files(), 1U);
}

TEST_P(ArtifactStoreContract, TellsThatAFileCannotBeRead) {
  EXPECT_TRUE(store->put_content_file(folder / "none").error().is(errors::kUnavailable));
  EXPECT_TRUE(store->put_content_file(folder).error().is(errors::kUnavailable));
  EXPECT_EQ(home->files(), 0U);
}

TEST_P(ArtifactStoreContract, OfANamedFileTheLastWriterWins) {
  store->put_named("job-1", "c1", "code.py", "print(1)").value();
  const auto ref = store->put_named("job-1", "c1", "code.py", "print(2)").value();
  EXPECT_EQ(ref.key(), "job-1/c1/code.py");
  EXPECT_EQ(ref.sha256(), sha256_hex("print(2)"));
  EXPECT_EQ(store->get("job-1/c1/code.py", 100).value(), "print(2)");
  store->put_named("job-1", "", "submission.csv", "id").value();
  EXPECT_EQ(store->get("job-1/submission.csv", 100).value(), "id");
}

TEST_P(ArtifactStoreContract, RefusesOddNames) {
  EXPECT_TRUE(store->put_named("..", "", "x", "").error().is(errors::kInvalid));
  EXPECT_TRUE(store->put_named("job", "C", "x", "").error().is(errors::kInvalid));
  EXPECT_TRUE(store->put_named("job", "", "../x", "").error().is(errors::kInvalid));
  EXPECT_TRUE(store->get("../tmp", 1).error().is(errors::kInvalid));
  EXPECT_TRUE(store->get("job/a?b", 1).error().is(errors::kInvalid));
  EXPECT_TRUE(store->size("job").error().is(errors::kInvalid));
  EXPECT_TRUE(store->get_range("job//x", 0, 1).error().is(errors::kInvalid));
  EXPECT_TRUE(store->upload("abc", 1).error().is(errors::kInvalid));
  const auto sink = [](std::string_view) { return true; };
  EXPECT_TRUE(store->read("sha256/abc", sink).error().is(errors::kInvalid));
  EXPECT_EQ(home->files(), 0U);
}

TEST_P(ArtifactStoreContract, TellsWhatIsNotThere) {
  EXPECT_TRUE(store->get("job/none.csv", 1).error().is(errors::kNotFound));
  EXPECT_TRUE(store->size("sha256/" + sha256_hex("no")).error().is(errors::kNotFound));
  EXPECT_TRUE(store->get_range("job/none.csv", 0, 5).error().is(errors::kNotFound));
  EXPECT_TRUE(store->get_range("job/none.csv", 0, 0).error().is(errors::kNotFound));
  const auto sink = [](std::string_view) { return true; };
  EXPECT_TRUE(store->read("job/none.csv", sink).error().is(errors::kNotFound));
  store->put_named("job", "c1", "x.csv", "1").value();
  EXPECT_TRUE(store->get("job/c1", 1).error().is(errors::kNotFound));
}

TEST_P(ArtifactStoreContract, GivesNothingOfWhatIsTooLarge) {
  store->put_named("job", "c1", "x.csv", "12345").value();
  EXPECT_TRUE(store->get("job/c1/x.csv", 0).error().is(errors::kTooLarge));
  EXPECT_TRUE(store->get("job/c1/x.csv", 4).error().is(errors::kTooLarge));
  EXPECT_EQ(store->get("job/c1/x.csv", 5).value(), "12345");
}

TEST_P(ArtifactStoreContract, StreamsInPiecesUntilTheReceiverHasEnough) {
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
  EXPECT_LE(longest, 64U * 1024U);
  int pieces = 0;
  const auto stopped = store->read(key, [&](std::string_view) { return ++pieces < 2; });
  EXPECT_TRUE(stopped.error().is(errors::kStopped));
  EXPECT_EQ(pieces, 2);
}

TEST_P(ArtifactStoreContract, ReadsRanges) {
  std::string bytes;
  for (int i = 0; i < 30'000; ++i) bytes += std::to_string(i);
  const auto key = store->put_content(bytes).value().key();
  EXPECT_EQ(store->get_range(key, 3, 5).value(), bytes.substr(3, 5));
  EXPECT_EQ(store->get_range(key, 70'000, 10).value(), bytes.substr(70'000, 10));
  EXPECT_EQ(store->get_range(key, bytes.size() - 2, 10).value(), bytes.substr(bytes.size() - 2));
  EXPECT_EQ(store->get_range(key, bytes.size(), 10).value(), "");
  EXPECT_EQ(store->get_range(key, bytes.size() + 5, 10).value(), "");
  EXPECT_EQ(store->get_range(key, 3, 0).value(), "");
  EXPECT_EQ(store->get_range(key, bytes.size() - 1, ~0ULL).value(), bytes.substr(bytes.size() - 1));
  EXPECT_EQ(store->ArtifactStore::get_range(key, 70'000, 10).value(), bytes.substr(70'000, 10));
  EXPECT_EQ(store->ArtifactStore::get_range(key, bytes.size() + 5, 10).value(), "");
}

TEST_P(ArtifactStoreContract, AnUploadIsStoredWhenItsHashIsAsPromised) {
  auto upload = store->upload(sha256_hex("hello world"), 100).value();
  ASSERT_TRUE(upload->write("hello "));
  ASSERT_TRUE(upload->write("world"));
  const auto ref = upload->finish().value();
  EXPECT_EQ(ref.bytes(), 11U);
  EXPECT_EQ(store->get(ref.key(), 100).value(), "hello world");
}

TEST_P(ArtifactStoreContract, AnUploadWithAnotherHashLeavesNothing) {
  {
    auto upload = store->upload(sha256_hex("hello"), 100).value();
    ASSERT_TRUE(upload->write("other"));
    EXPECT_TRUE(upload->finish().error().is(errors::kInvalid));
  }
  EXPECT_EQ(home->files(), 0U);
}

TEST_P(ArtifactStoreContract, AnUploadEndsAtItsLimit) {
  {
    auto upload = store->upload(sha256_hex("x"), 4).value();
    ASSERT_TRUE(upload->write("123"));
    EXPECT_TRUE(upload->write("45").error().is(errors::kTooLarge));
    EXPECT_TRUE(upload->write("4"));
  }
  EXPECT_EQ(home->files(), 0U);
}

TEST_P(ArtifactStoreContract, AnUploadThatIsGivenUpLeavesNothing) {
  ASSERT_TRUE(store->upload(sha256_hex("x"), 100).value()->write("x"));
  EXPECT_EQ(home->files(), 0U);
}

TEST_P(ArtifactStoreContract, WritersOnSeveralThreadsDoNotHarmOneAnother) {
  constexpr int kWriters = 4;
  constexpr int kContents = 8;
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([this] {
        for (int i = 0; i < kContents; ++i) {
          EXPECT_TRUE(store->put_content("shared content " + std::to_string(i)));
          EXPECT_TRUE(store->put_named("job", "", "latest.txt", std::string(50'000, 'a')));
        }
      });
    }
  }
  EXPECT_EQ(store->get("job/latest.txt", 100'000).value(), std::string(50'000, 'a'));
  for (int i = 0; i < kContents; ++i) {
    const std::string content = "shared content " + std::to_string(i);
    EXPECT_EQ(store->get("sha256/" + sha256_hex(content), 100).value(), content);
  }
  EXPECT_EQ(home->files(), kContents + 1U);
}

TEST_P(ArtifactStoreContract, ALinkHasALifeAndAPlainName) {
  using namespace std::chrono_literals;
  store->put_named("job", "", "submission.csv", "id").value();
  const auto link = [&](std::string_view key, std::chrono::seconds life, std::string_view name) {
    return store->temporary_link(key, life, name);
  };
  EXPECT_TRUE(link("job/submission.csv", 1h, "submission.csv"));
  EXPECT_TRUE(link("job/submission.csv", 0s, "x.csv").error().is(errors::kInvalid));
  EXPECT_TRUE(link("job/submission.csv", 168h + 1s, "x.csv").error().is(errors::kInvalid));
  EXPECT_TRUE(link("job/submission.csv", 1h, "a\"b").error().is(errors::kInvalid));
  EXPECT_TRUE(link("../x", 1h, "x.csv").error().is(errors::kInvalid));
}

}  // namespace podium::testing_support
