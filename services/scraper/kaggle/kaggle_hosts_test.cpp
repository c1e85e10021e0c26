// Whatever an answer names: for a competition nobody but Kaggle and its storage is contacted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <format>
#include <nlohmann/json.hpp>

#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_download.hpp"
#include "services/scraper/kaggle/kaggle_testing.hpp"
#include "services/scraper/kaggle/kaggle_upload.hpp"
#include "services/scraper/testing/counting_listener.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

namespace reasons = competition::reasons;
using ::testing::HasSubstr;

class KaggleHosts : public testing::KaggleServers {
 protected:
  /// Ways to write the listener's address, most of them so that it looks like another one.
  std::vector<std::string> disguises() const {
    const auto port = listener_.port();
    std::vector<std::string> addresses;
    for (const auto* host :
         {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001",
          "0177.0.0.1", "127.1", "0", "127.0.0.1.", "storage.googleapis.com@127.0.0.1",
          "user:storage.googleapis.com@127.0.0.1", "storage.googleapis.com%40127.0.0.1",
          "storage.googleapis.com\\@127.0.0.1", "storage.googleapis.com %40127.0.0.1"}) {
      addresses.push_back(std::format("http://{}:{}/a.zip", host, port));
      addresses.push_back(std::format("https://{}:{}/a.zip", host, port));
    }
    addresses.push_back(std::format("http://{}@127.0.0.1:{}/a.zip", storage_host(), port));
    for (const auto* end : {"/.googleapis.com", "#.googleapis.com", "?.googleapis.com",
                            "\\.googleapis.com", "%2f.googleapis.com", "%23.googleapis.com",
                            "%00.googleapis.com", "@.googleapis.com", ";.googleapis.com"}) {
      addresses.push_back(std::format("https://127.0.0.1:{}{}", port, end));
    }
    for (const auto* scheme : {"ftp", "ftps", "gopher", "dict", "ldap", "tftp", "telnet", "smb",
                               "ws", "HTTP", "httpS", "view-source:http"}) {
      addresses.push_back(std::format("{}://127.0.0.1:{}/a.zip", scheme, port));
    }
    addresses.push_back(std::format("//127.0.0.1:{}/a.zip", port));
    addresses.push_back(std::format("127.0.0.1:{}/a.zip", port));
    addresses.push_back(std::format("http:127.0.0.1:{}/a.zip", port));
    addresses.push_back(std::format("http:///127.0.0.1:{}/a.zip", port));
    addresses.push_back(std::format("unix://127.0.0.1:{}/a.zip", port));
    return addresses;
  }
  Result<std::filesystem::path> download() {
    auto kaggle = client();
    return download_data(kaggle,
                         {.slug = "titanic",
                          .folder = folder_.path(),
                          .bytes_max = 1'000'000,
                          .storage_hosts = {storage_host()}},
                         {});
  }
  Result<std::string> upload() {
    auto kaggle = client();
    return upload_file(kaggle, {.slug = "titanic", .storage_hosts = {storage_host()}},
                       {.name = "submission.csv",
                        .bytes = 4,
                        .read = [](std::uint64_t, std::uint64_t) { return std::string{"id,y"}; }},
                       {});
  }

  testing::CountingListener listener_;
  podium::testing::TemporaryFolder folder_;
};

TEST_F(KaggleHosts, TheListenerCountsWhoComes) {
  for (const auto* host : {"127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"}) {
    HttpCall call;
    call.url = std::format("http://{}:{}/", host, listener_.port());
    call.idle_timeout = std::chrono::milliseconds{1};
    const auto before = listener_.count();
    EXPECT_FALSE(send_http(call));
    EXPECT_GT(listener_.count(), before) << host;
  }
}

TEST_F(KaggleHosts, ADownloadIsNotFetchedFromAnotherPlace) {
  for (const auto& address : disguises()) {
    on_call = [&](const HttpRequest&) { return redirect(address); };
    const auto refused = download();
    ASSERT_FALSE(refused) << address;
    EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed)) << address;
    EXPECT_THAT(refused.error().detail, HasSubstr("not its own")) << address;
    EXPECT_EQ(listener_.count(), 0) << address;
  }
}

TEST_F(KaggleHosts, AStorageThatSendsUsOnIsNotFollowed) {
  on_call = [this](const HttpRequest&) { return redirect(storage_url("/a.zip")); };
  for (const int status : {301, 302, 303, 307, 308}) {
    on_storage = [&](const HttpRequest&) {
      auto answer = redirect(std::format("http://127.0.0.1:{}/a.zip", listener_.port()));
      answer.status = status;
      return answer;
    };
    const auto refused = download();
    ASSERT_FALSE(refused) << status;
    EXPECT_TRUE(refused.error().is(reasons::kScrapeFailed)) << status;
    EXPECT_EQ(listener_.count(), 0) << status;
  }
}

TEST_F(KaggleHosts, AnApiThatSendsUsOnIsNotFollowed) {
  on_call = [this](const HttpRequest&) {
    return redirect(std::format("http://127.0.0.1:{}/v1/", listener_.port()));
  };
  auto kaggle = client();
  const auto refused = kaggle.ask("GetCompetition", "titanic", nlohmann::json::object(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code->disposition, Disposition::reject);
  EXPECT_EQ(listener_.count(), 0);
}

TEST_F(KaggleHosts, ASubmissionIsNotSentToAnotherPlace) {
  for (const auto& address : disguises()) {
    on_call = [&](const HttpRequest&) {
      return json_answer(200, nlohmann::json{{"token", "t"}, {"createUrl", address}}.dump());
    };
    EXPECT_FALSE(upload()) << address;
    EXPECT_EQ(listener_.count(), 0) << address;
  }
}

}  // namespace
}  // namespace podium::scraper
