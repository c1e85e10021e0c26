#include "services/scraper/kaggle/kaggle_download.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "libs/chassis/digest.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_storage.hpp"
#include "services/scraper/kaggle/kaggle_testing.hpp"
#include "services/scraper/testing/file_size_limit.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;

constexpr std::uint64_t kCut = 65'536;

class KaggleDownloadTest : public testing::KaggleServers {
 protected:
  KaggleDownloadTest() {
    on_call = [this](const HttpRequest&) { return redirect(storage_url("/titanic.zip?sig=1")); };
    on_storage = [this](const HttpRequest&) { return data(); };
  }
  HttpResponse data() const {
    Md5 md5;
    md5.update(content_);
    return {.headers = {{"x-goog-hash", "crc32c=AAAAAA==,md5=" + md5.finish()}},
            .content_type = "application/zip",
            .body = content_};
  }
  /// Of as many bytes, others than the content's, which breaks off after kCut of them.
  HttpResponse cut_answer() const {
    HttpResponse answer;
    answer.headers = {{"ETag", "\"one\""}};
    answer.content_type = "application/zip";
    answer.content_bytes = content_.size();
    answer.content = [](std::uint64_t offset, std::uint64_t length) -> Result<std::string> {
      if (offset >= kCut) return fail(errors::kUnavailable, "the line is cut");
      return std::string(std::min(length, kCut - offset), 'x');
    };
    return answer;
  }
  Result<fs::path> download(std::uint64_t bytes_max = 1'000'000, const KagglePace& pace = {}) {
    auto kaggle = client();
    return download_data(kaggle,
                         {.slug = "titanic",
                          .folder = folder_.path(),
                          .bytes_max = bytes_max,
                          .storage_hosts = {storage_host()},
                          .pace = pace},
                         {});
  }
  static std::string read(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  podium::testing::TemporaryFolder folder_;
  std::string content_ = "PK\x03\x04" + std::string(100'000, 'z');
};

TEST_F(KaggleDownloadTest, TheBytesComeFromTheStorageWithoutAnyOfOurHeaders) {
  const auto file = download();
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->filename(), "titanic.zip");
  EXPECT_EQ(read(*file), content_);
  ASSERT_EQ(requests.size(), 2U);
  for (const auto* name : {"authorization", "content-type", "cookie"}) {
    EXPECT_EQ(requests[1].header(name), "") << name;
  }
}

TEST_F(KaggleDownloadTest, BytesThatComeAtOnceAreTakenToo) {
  on_call = [this](const HttpRequest&) { return data(); };
  const auto file = download();
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(read(*file), content_);
}

TEST_F(KaggleDownloadTest, ARefusalWithin200IsNoData) {
  on_call = [](const HttpRequest&) {
    return json_answer(200, R"({"code":403,"message":"You must accept this competition's rules"})");
  };
  EXPECT_TRUE(download().error().is(reasons::kKaggleRules));
}

TEST_F(KaggleDownloadTest, ARedirectWithoutAnAddressIsNoData) {
  on_call = [](const HttpRequest&) { return HttpResponse{.status = 302, .body = {}}; };
  EXPECT_TRUE(download().error().is(reasons::kScrapeFailed));
}

TEST_F(KaggleDownloadTest, AStorageThatIsAwayForAMomentIsAskedAgain) {
  on_storage = [this](const HttpRequest&) {
    return requests.size() < 4 ? HttpResponse{.status = 503, .body = "<Error/>"} : data();
  };
  const auto file = download();
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(read(*file), content_);
  EXPECT_EQ(waits.size(), 2U);
}

TEST_F(KaggleDownloadTest, ThePaceThatStorageAsksForIsKeptWithinABound) {
  const auto busy = [](const std::string& seconds) {
    HttpResponse answer;
    answer.status = 429;
    answer.headers = {{"Retry-After", seconds}};
    return answer;
  };
  on_storage = [&](const HttpRequest&) { return requests.size() < 3 ? busy("7") : data(); };
  ASSERT_TRUE(download());
  EXPECT_EQ(waits, (std::vector<std::chrono::milliseconds>{std::chrono::seconds{7}}));
  on_storage = [&](const HttpRequest&) { return busy("400"); };
  waits.clear();
  const auto refused = download();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kKaggleRateLimited));
  EXPECT_EQ(waits.size(), 1U) << "a second wait would be more than ten minutes";
}

TEST_F(KaggleDownloadTest, AnotherFileInItsPlaceIsFetchedWhole) {
  int asked = 0;
  on_storage = [&](const HttpRequest& request) {
    if (++asked == 2) {
      EXPECT_EQ(request.header("if-range"), "\"one\"");
      return data();
    }
    return cut_answer();
  };
  const auto file = download();
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(read(*file), content_);
}

TEST_F(KaggleDownloadTest, APartOfAnotherFileIsNotAppended) {
  int asked = 0;
  on_storage = [&](const HttpRequest&) {
    ++asked;
    if (asked == 2) {
      HttpResponse part;
      part.status = 206;
      part.headers = {{"Content-Range", "bytes 65536-70000/70001"}};
      part.content_type = "application/zip";
      part.body = "of another file";
      return part;
    }
    if (asked == 3) return data();
    return cut_answer();
  };
  const auto file = download();
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(read(*file), content_);
  EXPECT_EQ(requests.back().header("range"), "") << "it begins at the beginning";
}

TEST_F(KaggleDownloadTest, WhatCrawlsIsNotWaitedForForEver) {
  on_storage = [](const HttpRequest& request) {
    HttpResponse answer;
    answer.content_type = "application/zip";
    answer.stream = [stop = request.stop](const HttpSink& sink) {
      while (pause_for(std::chrono::milliseconds{5}, stop) && sink("z")) {
      }
    };
    return answer;
  };
  const auto refused = download(1'000'000, {.window = std::chrono::milliseconds{20},
                                            .bytes_least = 100'000,
                                            .stall_max = std::chrono::milliseconds{100}});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed));
  EXPECT_THAT(refused.error().detail, ::testing::HasSubstr("would have to wait longer"));
  EXPECT_EQ(requests.size(), 2U) << "one question, one crawl";
}

TEST_F(KaggleDownloadTest, AnAddressThatHasExpiredIsAskedForAnew) {
  on_storage = [this](const HttpRequest&) {
    return requests.size() < 4 ? HttpResponse{.status = 403, .body = "<Error/>"} : data();
  };
  ASSERT_TRUE(download());
  on_storage = [](const HttpRequest&) { return HttpResponse{.status = 403, .body = "<Error/>"}; };
  const auto refused = download();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed));
}

TEST_F(KaggleDownloadTest, WithANewAddressItGoesOnWhereItStopped) {
  int asked = 0;
  std::uint64_t second_part = 0;
  on_storage = [&](const HttpRequest& request) {
    if (++asked == 2) return HttpResponse{.status = 403, .body = "<Error/>"};
    if (asked == 3) EXPECT_EQ(request.header("range").substr(0, 6), "bytes=");
    HttpResponse answer;
    answer.content_type = "application/zip";
    answer.content_bytes = content_.size();
    answer.content = [&, is_cut = asked == 1](std::uint64_t offset,
                                              std::uint64_t length) -> Result<std::string> {
      if (is_cut && offset >= kCut) return fail(errors::kUnavailable, "the line is cut");
      const auto end = is_cut ? std::min(offset + length, kCut) : offset + length;
      if (!is_cut) second_part += end - offset;
      return content_.substr(offset, end - offset);
    };
    return answer;
  };
  const auto file = download();
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(read(*file), content_);
  EXPECT_EQ(asked, 3);
  EXPECT_LT(second_part, content_.size()) << "what came before the cut was not fetched again";
}

TEST_F(KaggleDownloadTest, DamageIsFound) {
  on_storage = [this](const HttpRequest&) {
    auto answer = data();
    answer.body.back() = 'y';
    return answer;
  };
  const auto refused = download();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, ::testing::HasSubstr("MD5"));
}

TEST_F(KaggleDownloadTest, APageInPlaceOfTheDataIsNotEntered) {
  on_storage = [](const HttpRequest&) {
    return HttpResponse{.content_type = "text/html", .body = "<!doctype html><html>Sign in</html>"};
  };
  EXPECT_TRUE(download().error().is(reasons::kKaggleNotEntered));
  on_storage = [](const HttpRequest&) {
    return HttpResponse{.content_type = "application/zip", .body = " <HTML>Sign in</HTML>"};
  };
  EXPECT_TRUE(download().error().is(reasons::kKaggleNotEntered));
}

TEST_F(KaggleDownloadTest, OnlyKagglesOwnStorageIsContacted) {
  on_call = [](const HttpRequest&) { return redirect("http://127.0.0.1:1/titanic.zip"); };
  const auto refused = download();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed));
  EXPECT_EQ(requests.size(), 1U);
}

TEST_F(KaggleDownloadTest, AFullDiskIsNoPassingTrouble) {
  const testing::FileSizeLimit full{50'000};
  const auto refused = download();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kDiskTooSmall)) << refused.error().text();
}

TEST_F(KaggleDownloadTest, MoreThanTheLimitIsNotTaken) {
  const auto refused = download(1'000);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(reasons::kDataTooLarge));
}

TEST_F(KaggleDownloadTest, RulesThatAreNotAcceptedAreTold) {
  on_call = [](const HttpRequest&) {
    return json_answer(403, R"({"code":403,"message":"You must accept this competition's rules"})");
  };
  EXPECT_TRUE(download().error().is(reasons::kKaggleRules));
}

TEST(KaggleStorage, IsGooglesOverHttpsOrNamed) {
  EXPECT_TRUE(is_storage_address("https://storage.googleapis.com/a/b.zip?X=1", {}));
  EXPECT_FALSE(is_storage_address("http://storage.googleapis.com/a", {}));
  EXPECT_FALSE(is_storage_address("https://storage.googleapis.com.example.org/a", {}));
  EXPECT_FALSE(is_storage_address("https://user@storage.googleapis.com/a", {}));
  EXPECT_FALSE(is_storage_address("https://example.org/storage.googleapis.com/", {}));
  EXPECT_FALSE(is_storage_address("https://example.org\\.googleapis.com/", {}));
  EXPECT_FALSE(is_storage_address("https://example.org%2f.googleapis.com/", {}));
  EXPECT_FALSE(is_storage_address("https://example.org:81%23.googleapis.com/", {}));
  EXPECT_FALSE(is_storage_address("https://storage.googleapis.com:8443/a", {}));
  EXPECT_FALSE(is_storage_address("file:///etc/passwd", {}));
  EXPECT_FALSE(is_storage_address("", {}));
  EXPECT_TRUE(is_storage_address("http://127.0.0.1:81/a", {"127.0.0.1:81"}));
  EXPECT_FALSE(is_storage_address("http://127.0.0.1:82/a", {"127.0.0.1:81"}));
  EXPECT_FALSE(is_storage_address("ftp://127.0.0.1:81/a", {"127.0.0.1:81"}));
}

TEST(KaggleStorage, NamesOfFilesArePlain) {
  EXPECT_EQ(file_name_of("https://s.googleapis.com/x/titanic.zip?sig=a/b.c"), "titanic.zip");
  EXPECT_EQ(file_name_of("https://s.googleapis.com/x/"), "");
  EXPECT_EQ(file_name_of("https://s.googleapis.com/.."), "");
  EXPECT_EQ(file_name_of("https://s.googleapis.com/a%2Fb"), "");
}

}  // namespace
}  // namespace podium::scraper
