// The artifact store in a bucket of an S3-compatible server that checks every signature, with boto3
// as the independent reader and writer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <format>
#include <fstream>
#include <functional>
#include <memory>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_options.hpp"
#include "libs/chassis/store/presigned_url.hpp"
#include "libs/chassis/store/s3_client.hpp"
#include "libs/chassis/store/s3_multipart.hpp"
#include "libs/chassis/store/s3_store.hpp"
#include "libs/chassis/store/store_contract_testing.hpp"
#include "tests/pipeline/object_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::ArtifactStoreContract;
using testing_support::StoreHome;

constexpr auto kBucket = "artifacts";
constexpr std::uint64_t kMebi = 1024ULL * 1024;

/// One server for all tests of this file, each of which has a prefix of its own.
std::unique_ptr<ObjectServer> server;

class ServerOfAllTests final : public ::testing::Environment {
 public:
  void SetUp() override {
    server = std::make_unique<ObjectServer>();
    server->make_bucket(kBucket);
  }
  void TearDown() override { server.reset(); }
};
const auto* const kServerOfAllTests =
    ::testing::AddGlobalTestEnvironment(std::make_unique<ServerOfAllTests>().release());

std::string next_prefix() {
  static int number = 0;
  return std::format("team/t{}/", ++number);
}

/// Names below a prefix, without the object that opening writes.
std::vector<std::string> names_below(const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : server->objects(kBucket)) {
    if (name.starts_with(prefix) && name != prefix + "tmp/opened") {
      names.push_back(name.substr(prefix.size()));
    }
  }
  return names;
}

std::vector<std::string> open_parts_below(const std::string& prefix) {
  auto names = server->uploads(kBucket);
  std::erase_if(names, [&](const auto& name) { return !name.starts_with(prefix); });
  return names;
}

class BucketHome : public StoreHome {
 public:
  explicit BucketHome(S3Addressing addressing) {
    auto options = server->options(kBucket, prefix_);
    options.addressing = addressing;
    if (addressing == S3Addressing::virtual_host) {
      // Names below localhost lead to this machine; the server knows them as buckets.
      options.endpoint.replace(options.endpoint.find("127.0.0.1"), 9, "localhost");
    }
    auto opened = open_s3_store(options);
    if (!opened) throw std::runtime_error{opened.error().text()};
    store_ = *std::move(opened);
  }

  ArtifactStore& store() override { return *store_; }
  std::size_t files() override {
    return names_below(prefix_).size() + open_parts_below(prefix_).size();
  }
  void cut_short(const std::string& sha256) override {
    const auto object = prefix_ + "sha256/" + sha256;
    server->put(kBucket, object, server->get(kBucket, object).substr(0, 3));
  }

 private:
  std::string prefix_ = next_prefix();
  std::unique_ptr<ArtifactStore> store_;
};

INSTANTIATE_TEST_SUITE_P(S3ByPath, ArtifactStoreContract, ::testing::Values([] {
                           return std::make_unique<BucketHome>(S3Addressing::path);
                         }));
INSTANTIATE_TEST_SUITE_P(S3ByHost, ArtifactStoreContract, ::testing::Values([] {
                           return std::make_unique<BucketHome>(S3Addressing::virtual_host);
                         }));

class S3Bucket : public ::testing::Test {
 protected:
  S3Bucket() : store{must_open(options)} {}

  static std::unique_ptr<ArtifactStore> must_open(const S3Options& options) {
    auto opened = open_s3_store(options);
    if (!opened) throw std::runtime_error{opened.error().text()};
    return *std::move(opened);
  }
  std::string read_by_boto(const std::string& name) { return server->get(kBucket, prefix + name); }

  std::string prefix = next_prefix();
  S3Options options = server->options(kBucket, prefix);
  std::unique_ptr<ArtifactStore> store;
  TemporaryFolder folder;
};

/// Bytes that tell their place, so that parts in a wrong order are seen.
std::string numbered(std::uint64_t bytes) {
  constexpr std::size_t kStampBytes = 4 * 1024;
  std::string text(bytes, '.');
  for (std::size_t at = 0; at < bytes; at += kStampBytes) {
    const std::string stamp = std::to_string(at * 2'654'435'761);
    text.replace(at, std::min<std::size_t>(stamp.size(), bytes - at), stamp, 0, bytes - at);
  }
  return text;
}

TEST_F(S3Bucket, BotoReadsByteForByteWhatIsStored) {
  const auto bytes = numbered(300'000) + std::string{"\0\xff\r\n", 4};
  const auto ref = store->put_content(bytes).value();
  EXPECT_EQ(read_by_boto("sha256/" + ref.sha256()), bytes);
  EXPECT_EQ(sha256_hex(read_by_boto("sha256/" + ref.sha256())), ref.sha256());
  store->put_named("job-1", "c1", "code.py", "print(1)").value();
  EXPECT_EQ(read_by_boto("jobs/job-1/c1/code.py"), "print(1)");
  EXPECT_THAT(names_below(prefix), ElementsAre("jobs/job-1/c1/code.py", "sha256/" + ref.sha256()));
}

TEST_F(S3Bucket, ReadsWhatBotoHasWritten) {
  const auto bytes = numbered(200'000);
  server->put(kBucket, prefix + "sha256/" + sha256_hex(bytes), bytes);
  const auto key = "sha256/" + sha256_hex(bytes);
  EXPECT_EQ(store->get(key, 1'000'000).value(), bytes);
  EXPECT_EQ(store->size(key).value(), bytes.size());
  EXPECT_EQ(store->get_range(key, 100'000, 50).value(), bytes.substr(100'000, 50));
  server->put(kBucket, prefix + "jobs/job/x.csv", "id\n");
  EXPECT_EQ(store->get("job/x.csv", 10).value(), "id\n");
}

TEST_F(S3Bucket, AFileBeyondTheLimitGoesUpInPartsAndComesBackWhole) {
  const auto file = folder.path() / "data.tar";
  const auto bytes = numbered(70 * kMebi + 5);
  std::ofstream{file, std::ios::binary} << bytes;
  const auto ref = store->put_content_file(file).value();
  EXPECT_EQ(ref.bytes(), bytes.size());
  EXPECT_TRUE(read_by_boto("sha256/" + ref.sha256()) == bytes);
  Sha256 hash;
  ASSERT_TRUE(store->read(ref.key(), [&](std::string_view piece) {
    hash.update(piece);
    return true;
  }));
  EXPECT_EQ(hash.finish(), ref.sha256());
  EXPECT_THAT(open_parts_below(prefix), IsEmpty());
}

TEST_F(S3Bucket, AnUploadOfSeveralPartsIsSeenOnlyWhenItIsRight) {
  const auto bytes = numbered(20 * kMebi);
  const auto pieces_of = [&](ArtifactStore::Upload& upload) {
    for (std::size_t at = 0; at < bytes.size(); at += 1'000'000) {
      ASSERT_TRUE(upload.write(std::string_view{bytes}.substr(at, 1'000'000)));
    }
  };
  {
    auto wrong = store->upload(sha256_hex("something else"), bytes.size()).value();
    pieces_of(*wrong);
    EXPECT_THAT(open_parts_below(prefix),
                ElementsAre(prefix + "sha256/" + sha256_hex("something else")));
    EXPECT_TRUE(wrong->finish().error().is(errors::kInvalid));
  }
  EXPECT_THAT(names_below(prefix), IsEmpty());
  EXPECT_THAT(open_parts_below(prefix), IsEmpty());

  auto right = store->upload(sha256_hex(bytes), bytes.size()).value();
  pieces_of(*right);
  EXPECT_THAT(names_below(prefix), IsEmpty());
  const auto ref = right->finish().value();
  EXPECT_TRUE(read_by_boto("sha256/" + ref.sha256()) == bytes);
}

/// A line of /proc/self/status.
long kibibytes_held(const std::string& name) {
  std::ifstream status{"/proc/self/status"};
  std::string word;
  long kibibytes = 0;
  while (status >> word && word != name + ":") {
  }
  status >> kibibytes;
  return kibibytes;
}

TEST_F(S3Bucket, MemoryStaysFlatHoweverLargeTheFileIs) {
  options.multipart_bytes_min = 16 * kMebi;
  store = must_open(options);
  const auto file = folder.path() / "data.tar";
  const std::string mebi = numbered(kMebi);
  {
    std::ofstream out{file, std::ios::binary};
    for (int i = 0; i < 64; ++i) out << mebi;
  }
  // A first pass makes room for a part, a second one would show what grows.
  const auto small = folder.path() / "small.tar";
  std::ofstream{small, std::ios::binary} << numbered(1);
  std::filesystem::resize_file(small, 20 * kMebi);
  const auto small_key = store->put_content_file(small).value().key();
  ASSERT_TRUE(store->read(small_key, [](std::string_view) { return true; }));
  const auto before = kibibytes_held("VmRSS");
  // Begins the peak anew (proc(5), clear_refs).
  ASSERT_TRUE(std::ofstream{"/proc/self/clear_refs"} << "5" << std::flush);
  const auto key = store->put_content_file(file).value().key();
  ASSERT_TRUE(store->read(key, [](std::string_view) { return true; }));
  EXPECT_LT(kibibytes_held("VmHWM"), before + 32 * 1024);
}

TEST_F(S3Bucket, ALinkIsFetchedWithoutCredentialsUnderItsName) {
  const auto ref = store->put_content("id,y\n1,0\n").value();
  const auto link = store->temporary_link(ref.key(), 1h, "submission.csv").value();
  ASSERT_TRUE(link);
  const auto answer = server->fetch(*link);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "id,y\n1,0\n");
  EXPECT_EQ(answer.headers.at("content-disposition"), "attachment; filename=\"submission.csv\"");
}

TEST_F(S3Bucket, ALinkThatIsOverOrChangedIsRefused) {
  store->put_named("job", "", "x.csv", "1").value();
  store->put_named("job", "", "y.csv", "2").value();
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  PresignedGet get{.origin = s3_origin(options),
                   .path = s3_path(options, "jobs/job/x.csv"),
                   .time = now - 1h,
                   .lifetime = 2h};
  EXPECT_EQ(server->fetch(presigned_url(get, options.signing)).status, 200);
  get.lifetime = 30min;
  EXPECT_EQ(server->fetch(presigned_url(get, options.signing)).status, 403);
  get.lifetime = 2h;
  auto other = presigned_url(get, options.signing);
  other.replace(other.find("x.csv"), 5, "y.csv");
  EXPECT_EQ(server->fetch(other).status, 403);
  EXPECT_EQ(server->fetch(get.origin + get.path).status, 403);
}

TEST_F(S3Bucket, BadSettingsAreToldAtTheStart) {
  const auto refused = [&](const std::function<void(S3Options&)>& change) {
    auto wrong = options;
    wrong.retry_delay_first = 1ms;
    change(wrong);
    const auto opened = open_s3_store(wrong);
    return opened ? std::string{"opened"} : opened.error().text();
  };
  EXPECT_THAT(refused([](auto& wrong) { wrong.signing.secret_key = Secret{"another"}; }),
              AllOf(HasSubstr("PERMISSION"), HasSubstr("AWS_SECRET_ACCESS_KEY")));
  EXPECT_THAT(refused([](auto& wrong) { wrong.signing.access_key = "AKIAANOTHER"; }),
              AllOf(HasSubstr("PERMISSION"), HasSubstr("AWS_ACCESS_KEY_ID")));
  EXPECT_THAT(refused([](auto& wrong) { wrong.signing.region = "us-west-2"; }),
              AllOf(HasSubstr("CONFIGURATION"), HasSubstr("the bucket is in eu-central-1")));
  EXPECT_THAT(refused([](auto& wrong) { wrong.bucket = "no-such-bucket"; }),
              AllOf(HasSubstr("CONFIGURATION"), HasSubstr("make the bucket")));
  const auto closed = std::format("http://127.0.0.1:{}", free_port());
  EXPECT_THAT(refused([&](auto& wrong) { wrong.endpoint = closed; }),
              AllOf(HasSubstr("UNAVAILABLE"), HasSubstr(closed)));
  server->tell({{"clock_ahead", 3600}});
  EXPECT_THAT(refused([](auto&) {}), AllOf(HasSubstr("PERMISSION"), HasSubstr("set the clock")));
  server->tell({{"clock_ahead", 600}});
  EXPECT_EQ(refused([](auto&) {}), "opened");
  server->tell({{"clock_ahead", 0}});
}

TEST_F(S3Bucket, DoctorIsToldWhetherTheKeysAreTaken) {
  const auto check = [](const S3Options& options) {
    return check_artifact_credentials({.s3 = options}, {});
  };
  const auto good = server->options(kBucket, next_prefix());
  EXPECT_EQ(check(good).state, CredentialState::accepted);
  auto wrong_secret = good;
  wrong_secret.signing.secret_key = Secret{"wrong-canary"};
  auto wrong_key = good;
  wrong_key.signing.access_key = "WRONGKEYCANARY";
  auto wrong_bucket = good;
  wrong_bucket.bucket = "nobodys";
  for (const auto& options : {wrong_secret, wrong_key, wrong_bucket}) {
    const auto finding = check(options);
    EXPECT_EQ(finding.state, CredentialState::refused) << finding.detail;
    EXPECT_THAT(finding.next_step, HasSubstr("AWS_ACCESS_KEY_ID"));
    EXPECT_THAT(finding.detail, ::testing::Not(HasSubstr("canary")));
    EXPECT_THAT(finding.detail, ::testing::Not(HasSubstr("CANARY")));
  }
  auto away = good;
  away.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(check(away).state, CredentialState::unreachable);
  EXPECT_EQ(check_artifact_credentials({}, {}).state, CredentialState::not_configured);
}

TEST_F(S3Bucket, TheServerRefusesBytesThatAreNotThoseThatWereSigned) {
  const S3Client client{options};
  S3Body body = body_of("what is sent");
  body.sha256 = sha256_hex("what was meant");
  EXPECT_TRUE(client.send({.method = "PUT", .object = "jobs/job/x.csv", .body = body})
                  .error()
                  .is(errors::kUnavailable));
  EXPECT_THAT(names_below(prefix), IsEmpty());
}

class S3BucketFaults : public S3Bucket {
 protected:
  S3BucketFaults() {
    options.retry_delay_first = 1ms;
    store = must_open(options);
  }
  ~S3BucketFaults() override { server->tell({{"faults", json::array()}, {"busy_every", 0}}); }

  /// What the next requests are answered: a status and a code, or null for a cut connection.
  static void next_answers(const json& faults) { server->tell({{"faults", faults}}); }
};

TEST_F(S3BucketFaults, ABusyServerAndCutConnectionsCostOnlyTime) {
  const auto bytes = numbered(20 * kMebi);
  server->tell({{"busy_every", 3}});
  next_answers({nullptr, {503, "SlowDown"}, {500, "InternalError"}});
  auto upload = store->upload(sha256_hex(bytes), bytes.size()).value();
  ASSERT_TRUE(upload->write(bytes));
  const auto ref = upload->finish().value();
  store->put_named("job", "c1", "code.py", "print(1)").value();
  EXPECT_TRUE(store->get(ref.key(), bytes.size()).value() == bytes);
  EXPECT_EQ(store->get("job/c1/code.py", 100).value(), "print(1)");
  server->tell({{"busy_every", 0}});
  EXPECT_TRUE(read_by_boto("sha256/" + ref.sha256()) == bytes);
  EXPECT_THAT(open_parts_below(prefix), IsEmpty());
}

TEST_F(S3BucketFaults, AServerThatStaysBusyIsGivenUpAndUsedAgainLater) {
  next_answers(json::array({{503, "SlowDown"}, nullptr, {503, "SlowDown"}, nullptr, {503, "X"}}));
  EXPECT_TRUE(store->put_named("job", "", "x.csv", "1").error().is(errors::kUnavailable));
  EXPECT_THAT(names_below(prefix), IsEmpty());
  EXPECT_TRUE(store->put_named("job", "", "x.csv", "1"));
  EXPECT_EQ(read_by_boto("jobs/job/x.csv"), "1");
}

TEST_F(S3BucketFaults, APartThatIsRefusedLeavesNothing) {
  const auto part = numbered(9 * kMebi);
  auto upload = store->upload(sha256_hex("never whole"), 100 * kMebi).value();
  ASSERT_TRUE(upload->write(part));
  EXPECT_THAT(open_parts_below(prefix), SizeIs(1));
  next_answers(json::array({{403, "AccessDenied"}}));
  EXPECT_TRUE(upload->write(part).error().is(errors::kPermission));
  upload.reset();
  EXPECT_THAT(open_parts_below(prefix), IsEmpty());
  EXPECT_THAT(names_below(prefix), IsEmpty());
}

TEST_F(S3BucketFaults, AWriterThatIsKilledLeavesNothingToSee) {
  const auto part = numbered(9 * kMebi);
  const auto sha256 = sha256_hex(part + part);
  const auto write_and_die = [&] {
    const auto own = must_open(options);
    auto upload = own->upload(sha256, part.size() * 2).value();
    if (!upload->write(part)) return;
    std::raise(SIGKILL);
  };
  EXPECT_EXIT(write_and_die(), ::testing::KilledBySignal(SIGKILL), "");
  EXPECT_THAT(names_below(prefix), IsEmpty());
  EXPECT_TRUE(store->size("sha256/" + sha256).error().is(errors::kNotFound));
  EXPECT_THAT(open_parts_below(prefix), SizeIs(1));
  // The next one begins anew and is not disturbed by what was left.
  EXPECT_EQ(store->put_content(part + part).value().sha256(), sha256);
  EXPECT_TRUE(read_by_boto("sha256/" + sha256) == part + part);
  // What was left goes when it has become old and a service starts.
  server->tell({{"uploads_age", std::chrono::seconds{kLeftoverAgeMax}.count() + 60}});
  must_open(options);
  server->tell({{"uploads_age", 0}});
  EXPECT_THAT(open_parts_below(prefix), IsEmpty());
  EXPECT_THAT(names_below(prefix), SizeIs(1));
}

TEST_F(S3Bucket, FreshPartsOfAnotherWriterAreLeftAlone) {
  const auto object = prefix + "sha256/" + sha256_hex("in the making");
  server->leave_upload(kBucket, object);
  must_open(options);
  EXPECT_THAT(open_parts_below(prefix), ElementsAre(object));
}

}  // namespace
}  // namespace podium::testing
