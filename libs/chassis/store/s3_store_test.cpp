#include "libs/chassis/store/s3_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <format>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/http/test_sockets.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/s3_client.hpp"

namespace podium {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::TestListener;
using testing_support::TestSocket;

struct Seen {
  std::string method{};
  /// Path and query below the bucket.
  std::string target{};
  std::string head{};
  std::string body{};
};

std::string answer(int status, std::string_view body = "", std::string_view headers = "") {
  return std::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}", status,
                     body.size(), headers, body);
}

std::string error_answer(int status, std::string_view code) {
  return answer(status, std::format("<Error><Code>{}</Code></Error>", code));
}

constexpr std::string_view kNoUploads = "<ListMultipartUploadsResult/>";

// An object store that says what a test wants; it answers by itself what opening a store asks.
class FakeObjectStore {
 public:
  /// The bytes of the answer to the n-th request, counted from 1 after opening; empty cuts.
  using Script = std::function<std::string(const Seen& seen, int number)>;

  explicit FakeObjectStore(Script script, std::string leftovers = std::string{kNoUploads})
      : script_{std::move(script)},
        leftovers_{std::move(leftovers)},
        thread_{[this] { serve(); }} {}
  ~FakeObjectStore() {
    stopping_ = true;
    TestSocket::connect(listener_.port());
  }

  S3Options options() const {
    return {.bucket = "box",
            .prefix = "p/",
            .endpoint = std::format("http://127.0.0.1:{}", listener_.port()),
            .signing = {.region = "us-east-1",
                        .access_key = "access",
                        .secret_key = Secret{"sesame"},
                        .session_token = Secret{"token"}},
            .multipart_bytes_min = 10,
            .part_bytes = 8,
            .retry_delay_first = 1ms};
  }
  std::unique_ptr<ArtifactStore> open() {
    auto store = open_s3_store(options());
    if (!store) throw std::runtime_error{store.error().text()};
    opened_ = true;
    return *std::move(store);
  }
  /// Methods and targets, without those of opening.
  std::vector<std::string> requests() {
    const std::scoped_lock lock{mutex_};
    std::vector<std::string> lines;
    for (const Seen& each : seen_) lines.push_back(each.method + " " + each.target);
    return lines;
  }
  Seen seen(std::size_t index) {
    const std::scoped_lock lock{mutex_};
    return seen_.at(index);
  }

 private:
  void serve() {
    while (true) {
      TestSocket connection = listener_.accept();
      if (stopping_ || !connection.valid()) return;
      connection.send(reply(read(connection)));
      connection.finish_sending();
      connection.read_to_end();
    }
  }
  static Seen read(TestSocket& connection) {
    const std::string message = connection.read_http_message();
    const auto space = message.find(' ');
    const auto end = message.find("\r\n\r\n");
    Seen seen{.method = message.substr(0, space), .head = message.substr(0, end)};
    seen.target = message.substr(space + 1, message.find(' ', space + 1) - space - 1);
    if (seen.target.starts_with("/box")) seen.target.erase(0, 4);
    if (end != std::string::npos) seen.body = message.substr(end + 4);
    return seen;
  }
  std::string reply(const Seen& seen) {
    if (!opened_) {
      if (seen.target.contains("uploads")) return answer(200, leftovers_);
      if (seen.target.starts_with("?list-type=2") || seen.target == "/p/tmp/opened")
        return answer(200);
    }
    int number = 0;
    {
      const std::scoped_lock lock{mutex_};
      seen_.push_back(seen);
      number = static_cast<int>(seen_.size());
    }
    return script_(seen, number);
  }

  const Script script_;
  const std::string leftovers_;
  TestListener listener_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> opened_ = false;
  std::mutex mutex_;
  // Guarded by `mutex_`.
  std::vector<Seen> seen_;
  std::jthread thread_;
};

// A bucket that holds what multipart uploads put there; each test changes an answer.
std::string parts_answer(const Seen& seen) {
  if (seen.method == "POST" && seen.target.ends_with("?uploads=")) {
    return answer(200,
                  "<InitiateMultipartUploadResult><UploadId>u-1</UploadId>"
                  "</InitiateMultipartUploadResult>");
  }
  if (seen.method == "POST") {
    return answer(200,
                  "<CompleteMultipartUploadResult><ETag>t</ETag>"
                  "</CompleteMultipartUploadResult>");
  }
  if (seen.method == "HEAD") return answer(404);
  if (seen.method == "DELETE") return answer(204);
  const auto part = seen.target.substr(seen.target.find("partNumber=") + 11, 1);
  return answer(200, "", std::format("ETag: \"tag-{}\"\r\n", part));
}

constexpr std::string_view kTwentyBytes = "01234567890123456789";
const std::string kNamed = "/p/jobs/job/x.csv";

TEST(S3Store, SignsEachRequestWithTheHashOfItsBodyAndTheSessionToken) {
  FakeObjectStore fake{[](const Seen&, int) { return answer(200); }};
  ASSERT_TRUE(fake.open()->put_named("job", "", "x.csv", "id"));
  const auto put = fake.seen(0);
  EXPECT_EQ(put.method + " " + put.target, "PUT " + kNamed);
  EXPECT_EQ(put.body, "id");
  EXPECT_THAT(put.head, AllOf(HasSubstr("x-amz-content-sha256: " + sha256_hex("id")),
                              HasSubstr("Authorization: AWS4-HMAC-SHA256 Credential=access/"),
                              HasSubstr("/us-east-1/s3/aws4_request, SignedHeaders="),
                              HasSubstr("x-amz-security-token: token"),
                              HasSubstr("x-amz-content-sha256;x-amz-date;x-amz-security-token"),
                              Not(HasSubstr("sesame"))));
}

TEST(S3StoreFaults, AnAnswer503IsRepeatedUntilItSucceeds) {
  FakeObjectStore fake{[](const Seen&, int number) {
    if (number == 1) return error_answer(503, "SlowDown");
    if (number == 2) return error_answer(429, "TooManyRequests");
    if (number == 3) return std::string{};
    return answer(200);
  }};
  const auto store = fake.open();
  ASSERT_TRUE(store->put_named("job", "", "x.csv", "id"));
  EXPECT_EQ(fake.requests(), std::vector<std::string>(4, "PUT " + kNamed));
  EXPECT_EQ(fake.seen(3).body, "id");
}

TEST(S3StoreFaults, AServerThatStaysBusyIsAskedFiveTimes) {
  FakeObjectStore fake{[](const Seen&, int) { return error_answer(500, "InternalError"); }};
  const auto put = fake.open()->put_named("job", "", "x.csv", "id");
  EXPECT_TRUE(put.error().is(errors::kUnavailable));
  EXPECT_THAT(put.error().detail, HasSubstr("500 InternalError"));
  EXPECT_EQ(fake.requests().size(), 5U);
}

TEST(S3StoreFaults, ARefusalIsNotRepeatedAndTellsNothingSecret) {
  FakeObjectStore fake{[](const Seen& seen, int) {
    return answer(403,
                  "<Error><Code>SignatureDoesNotMatch</Code><Message>sesame token</Message>"
                  "<CanonicalRequest>" +
                      seen.head + "</CanonicalRequest></Error>");
  }};
  const auto put = fake.open()->put_named("job", "", "x.csv", "id");
  EXPECT_TRUE(put.error().is(errors::kPermission));
  EXPECT_THAT(put.error().text(), AllOf(HasSubstr("SignatureDoesNotMatch"), Not(HasSubstr("token")),
                                        Not(HasSubstr("sesame"))));
  EXPECT_EQ(fake.requests().size(), 1U);
}

TEST(S3StoreFaults, ABucketInAnotherRegionIsToldAndNotFollowed) {
  for (const int status : {301, 307}) {
    FakeObjectStore fake{[&](const Seen&, int) {
      return answer(status, "<Error><Code>PermanentRedirect</Code></Error>",
                    "x-amz-bucket-region: eu-west-1\r\nLocation: http://127.0.0.1:1/\r\n");
    }};
    const auto put = fake.open()->put_named("job", "", "x.csv", "id");
    EXPECT_TRUE(put.error().is(errors::kConfiguration));
    EXPECT_THAT(put.error().detail, HasSubstr("the bucket is in eu-west-1, set AWS_REGION"));
    EXPECT_EQ(fake.requests().size(), 1U);
  }
}

TEST(S3StoreFaults, ADownloadThatIsCutGoesOnWhereItWas) {
  FakeObjectStore fake{[](const Seen&, int number) {
    if (number == 1) {
      return std::string{"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 20\r\n\r\n0123456"};
    }
    if (number == 2) return error_answer(503, "SlowDown");
    return answer(206, kTwentyBytes.substr(7), "ETag: \"v1\"\r\nContent-Range: bytes 7-19/20\r\n");
  }};
  EXPECT_EQ(fake.open()->get("job/x.csv", 100).value(), kTwentyBytes);
  EXPECT_THAT(fake.seen(0).head, Not(HasSubstr("Range: ")));
  EXPECT_THAT(fake.seen(2).head,
              AllOf(HasSubstr("Range: bytes=7-\r\n"), HasSubstr("If-Match: \"v1\"\r\n")));
}

TEST(S3StoreFaults, ARangeThatIsCutGoesOnWhereItWas) {
  FakeObjectStore fake{[](const Seen&, int number) {
    if (number == 1) {
      return std::string{
          "HTTP/1.1 206 X\r\nContent-Range: bytes 4-11/20\r\n"
          "Content-Length: 8\r\n\r\n456"};
    }
    return answer(206, "78901", "Content-Range: bytes 7-11/20\r\n");
  }};
  EXPECT_EQ(fake.open()->get_range("job/x.csv", 4, 8).value(), "45678901");
  EXPECT_THAT(fake.seen(0).head, HasSubstr("Range: bytes=4-11\r\n"));
  EXPECT_THAT(fake.seen(1).head, HasSubstr("Range: bytes=7-11\r\n"));
}

TEST(S3StoreFaults, AFileThatIsReplacedWhileItIsCutIsAConflict) {
  FakeObjectStore fake{[](const Seen&, int number) {
    if (number == 1) {
      return std::string{"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 20\r\n\r\n0123456"};
    }
    return error_answer(412, "PreconditionFailed");
  }};
  EXPECT_TRUE(fake.open()->get("job/x.csv", 100).error().is(errors::kConflict));
}

TEST(S3StoreFaults, ADownloadThatNeverGetsFartherIsUnavailable) {
  FakeObjectStore fake{[](const Seen&, int) {
    return std::string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"};
  }};
  EXPECT_TRUE(fake.open()->get("job/x.csv", 100).error().is(errors::kUnavailable));
  EXPECT_EQ(fake.requests().size(), 5U);
}

TEST(S3StoreFaults, AWrongRangeOrLengthIsRefused) {
  for (const auto* headers : {"", "Content-Range: bytes 5-9/20\r\n", "Content-Range: x\r\n"}) {
    FakeObjectStore fake{[&](const Seen&, int) { return answer(206, "45678", headers); }};
    EXPECT_TRUE(fake.open()->get_range("job/x.csv", 4, 5).error().is(errors::kUnavailable));
  }
  FakeObjectStore whole{[](const Seen&, int) { return answer(200, kTwentyBytes); }};
  EXPECT_TRUE(whole.open()->get_range("job/x.csv", 4, 5).error().is(errors::kUnavailable));
  FakeObjectStore longer{
      [](const Seen&, int) { return answer(206, "456789", "Content-Range: bytes 4-9/20\r\n"); }};
  EXPECT_TRUE(longer.open()->get_range("job/x.csv", 4, 5).error().is(errors::kUnavailable));
}

TEST(S3StoreFaults, WhatIsTooLargeIsRefusedByItsHead) {
  FakeObjectStore fake{[](const Seen&, int) {
    return std::string{"HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\nx"};
  }};
  EXPECT_TRUE(fake.open()->get("job/x.csv", 100).error().is(errors::kTooLarge));
  EXPECT_EQ(fake.requests().size(), 1U);
}

TEST(S3StoreFaults, APartThatFailsIsSentAgain) {
  FakeObjectStore fake{[](const Seen& seen, int number) {
    if (number == 3) return error_answer(500, "InternalError");
    if (number == 4) return std::string{};
    return parts_answer(seen);
  }};
  ASSERT_TRUE(fake.open()->put_named("job", "", "x.csv", kTwentyBytes));
  const std::string part = "PUT " + kNamed + "?partNumber=";
  const std::string upload = "&uploadId=u-1";
  EXPECT_EQ(fake.requests(),
            (std::vector<std::string>{"POST " + kNamed + "?uploads=", part + "1" + upload,
                                      part + "2" + upload, part + "2" + upload, part + "2" + upload,
                                      part + "3" + upload, "POST " + kNamed + "?uploadId=u-1"}));
  EXPECT_EQ(fake.seen(1).body + fake.seen(4).body + fake.seen(5).body, kTwentyBytes);
  EXPECT_THAT(fake.seen(6).body, HasSubstr("<PartNumber>3</PartNumber><ETag>&quot;tag-3&quot;"));
}

TEST(S3StoreFaults, APartThatFailsForGoodLeavesNoParts) {
  FakeObjectStore fake{[](const Seen& seen, int number) {
    return number == 3 ? error_answer(403, "AccessDenied") : parts_answer(seen);
  }};
  EXPECT_TRUE(
      fake.open()->put_named("job", "", "x.csv", kTwentyBytes).error().is(errors::kPermission));
  EXPECT_EQ(fake.requests().size(), 4U);
  EXPECT_EQ(fake.requests().back(), "DELETE " + kNamed + "?uploadId=u-1");
}

TEST(S3StoreFaults, AnErrorInsideA200IsAnError) {
  FakeObjectStore passing{[](const Seen& seen, int number) {
    return number == 5 ? error_answer(200, "InternalError") : parts_answer(seen);
  }};
  ASSERT_TRUE(passing.open()->put_named("job", "", "x.csv", kTwentyBytes));
  EXPECT_EQ(passing.requests().size(), 6U);
  EXPECT_EQ(passing.requests().back(), "POST " + kNamed + "?uploadId=u-1");

  FakeObjectStore lasting{[](const Seen& seen, int number) {
    return number == 5 ? error_answer(200, "AccessDenied") : parts_answer(seen);
  }};
  const auto put = lasting.open()->put_named("job", "", "x.csv", kTwentyBytes);
  EXPECT_TRUE(put.error().is(errors::kPermission));
  EXPECT_EQ(lasting.requests().back(), "DELETE " + kNamed + "?uploadId=u-1");
}

TEST(S3StoreFaults, ACompletionWhoseAnswerWasLostIsFound) {
  FakeObjectStore fake{[](const Seen& seen, int number) {
    if (number == 5) return std::string{};
    if (number == 6) return error_answer(404, "NoSuchUpload");
    if (number == 7) return std::string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"};
    return parts_answer(seen);
  }};
  ASSERT_TRUE(fake.open()->put_named("job", "", "x.csv", kTwentyBytes));
  EXPECT_EQ(fake.requests().back(), "HEAD " + kNamed);
}

TEST(S3StoreFaults, AnUploadThatTheServerForgetsIsNotTakenForStored) {
  FakeObjectStore fake{[](const Seen& seen, int number) {
    return number == 5 ? error_answer(404, "NoSuchUpload") : parts_answer(seen);
  }};
  EXPECT_FALSE(fake.open()->put_named("job", "", "x.csv", kTwentyBytes));
}

TEST(S3Store, ContentThatIsThereIsNotSentAgain) {
  FakeObjectStore fake{[](const Seen&, int) {
    return std::string{"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"};
  }};
  ASSERT_TRUE(fake.open()->put_content("same"));
  EXPECT_EQ(fake.requests(), std::vector<std::string>{"HEAD /p/sha256/" + sha256_hex("same")});
}

TEST(S3Store, AnUploadInPartsAppearsOnlyWhenItsHashIsRight) {
  const std::string object = "/p/sha256/" + sha256_hex(kTwentyBytes);
  FakeObjectStore good{[](const Seen& seen, int) { return parts_answer(seen); }};
  {
    const auto store = good.open();
    auto upload = store->upload(sha256_hex(kTwentyBytes), 100).value();
    for (const char c : kTwentyBytes) ASSERT_TRUE(upload->write({&c, 1}));
    EXPECT_EQ(upload->finish().value().bytes(), 20U);
  }
  EXPECT_EQ(good.requests().size(), 5U);
  EXPECT_EQ(good.requests().back(), "POST " + object + "?uploadId=u-1");

  FakeObjectStore bad{[](const Seen& seen, int) { return parts_answer(seen); }};
  {
    const auto store = bad.open();
    auto upload = store->upload(sha256_hex(kTwentyBytes), 100).value();
    ASSERT_TRUE(upload->write("something else of more than one part"));
    EXPECT_TRUE(upload->finish().error().is(errors::kInvalid));
  }
  EXPECT_EQ(bad.requests().back(), "DELETE " + object + "?uploadId=u-1");
}

TEST(S3Store, OpeningSweepsTheLeftoversOfWritersThatAreGone) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto upload = [](std::string_view object, std::string_view id, auto time) {
    return std::format(
        "<Upload><Key>{}</Key><UploadId>{}</UploadId><Initiated>{:%FT%T}.000Z</Initiated></Upload>",
        object, id, time);
  };
  FakeObjectStore fake{
      [](const Seen&, int) { return answer(204); },
      "<ListMultipartUploadsResult>" + upload("p/sha256/a", "old", now - kLeftoverAgeMax - 1min) +
          upload("p/sha256/b", "new", now) +
          upload("other/c", "old", now - kLeftoverAgeMax - 1min) + "</ListMultipartUploadsResult>"};
  fake.open();
  EXPECT_EQ(fake.requests(), std::vector<std::string>{"DELETE /p/sha256/a?uploadId=old"});
}

TEST(S3Store, OpeningTellsWhatIsWrongWithTheBucket) {
  const auto opened = [](int status, std::string_view code) {
    TestListener listener;
    S3Options options{.bucket = "box",
                      .endpoint = std::format("http://127.0.0.1:{}", listener.port()),
                      .signing = {.region = "us-east-1", .access_key = "a"}};
    const std::jthread server{[&] {
      TestSocket connection = listener.accept();
      connection.read_http_message();
      connection.send(error_answer(status, code));
    }};
    return open_s3_store(options).error();
  };
  const auto none = opened(404, "NoSuchBucket");
  EXPECT_TRUE(none.is(errors::kConfiguration));
  EXPECT_THAT(none.detail, HasSubstr("GET s3://box: the object store answers 404 NoSuchBucket"));
  EXPECT_TRUE(opened(403, "AccessDenied").is(errors::kPermission));
  EXPECT_TRUE(opened(301, "PermanentRedirect").is(errors::kConfiguration));
}

TEST(S3Store, AServerThatIsAwayIsUnavailable) {
  int port = 0;
  {
    const TestListener closed;
    port = closed.port();
  }
  S3Options options{.bucket = "box",
                    .endpoint = std::format("http://127.0.0.1:{}", port),
                    .signing = {.region = "us-east-1", .access_key = "a"},
                    .retry_delay_first = 1ms};
  EXPECT_TRUE(open_s3_store(options).error().is(errors::kUnavailable));
}

TEST(S3StoreFaults, AServerThatSaysNothingIsATimeout) {
  const TestListener silent;
  S3Options options{.bucket = "box",
                    .endpoint = std::format("http://127.0.0.1:{}", silent.port()),
                    .signing = {.region = "us-east-1", .access_key = "a"},
                    .retry_delay_first = 1ms,
                    .idle_timeout = 20ms};
  EXPECT_TRUE(open_s3_store(options).error().is(errors::kTimeout));
}

TEST(S3StoreFaults, TheWaitsGrow) {
  FakeObjectStore fake{[](const Seen&, int) { return error_answer(503, "SlowDown"); }};
  auto options = fake.options();
  options.retry_delay_first = 20ms;
  fake.open();
  const S3Client client{options};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(client.send({.object = "x"}).error().is(errors::kUnavailable));
  // 20 + 40 + 80 + 160 ms, each less up to a quarter.
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 225ms);
}

TEST(S3Store, ALinkNamesTheFileAndTheTimeItLives) {
  FakeObjectStore fake{[](const Seen&, int) { return answer(200); }};
  const auto link = fake.open()->temporary_link("job/x.csv", 90min, "submission.csv").value();
  ASSERT_TRUE(link);
  EXPECT_TRUE(link->starts_with(fake.options().endpoint + "/box" + kNamed + "?X-Amz-Algorithm="));
  EXPECT_THAT(*link, AllOf(HasSubstr("&X-Amz-Expires=5400&"),
                           HasSubstr("filename%3D%22submission.csv%22"), Not(HasSubstr("sesame"))));
  EXPECT_TRUE(fake.requests().empty());
}

}  // namespace
}  // namespace podium
