#include "libs/chassis/store/s3_options.hpp"

#include <gtest/gtest.h>

namespace podium {
namespace {

S3Options options_of(std::string_view address) {
  S3Options options;
  EXPECT_TRUE(read_s3_address(address, options)) << address;
  return options;
}

TEST(S3Address, IsABucketAndAPrefix) {
  EXPECT_EQ(options_of("s3://results").bucket, "results");
  EXPECT_EQ(options_of("s3://results").prefix, "");
  EXPECT_EQ(options_of("s3://results/").prefix, "");
  EXPECT_EQ(options_of("s3://results/team/Podium_2").prefix, "team/Podium_2/");
  EXPECT_EQ(options_of("s3://results/team/").prefix, "team/");
}

TEST(S3Address, RefusesWhatS3Refuses) {
  S3Options options;
  for (const auto* address :
       {"results", "s3:/results", "s3://", "s3://ab", "s3://Results", "s3://-results", "s3://a..b",
        "s3://results//x", "s3://results/../x", "s3://results/a b", "s3://a?b/c",
        "s3://results/%2e", "s3://user@host"}) {
    EXPECT_FALSE(read_s3_address(address, options)) << address;
  }
  EXPECT_EQ(options.bucket, "");
}

TEST(S3Endpoint, IsSchemeHostAndPort) {
  for (const auto* good :
       {"http://127.0.0.1:9000", "https://objects.example.org", "http://[::1]:9"}) {
    EXPECT_TRUE(check_s3_endpoint(good)) << good;
  }
  for (const auto* bad : {"objects.example.org", "https://", "ftp://host", "https://host/path",
                          "https://key:secret@host", "https://host?x=1", "http://a b"}) {
    EXPECT_FALSE(check_s3_endpoint(bad)) << bad;
  }
}

TEST(S3Addressing, AmazonsOwnIsTheBucketAsAHost) {
  auto options = options_of("s3://results/team");
  options.signing.region = "eu-central-1";
  EXPECT_EQ(s3_origin(options), "https://results.s3.eu-central-1.amazonaws.com");
  EXPECT_EQ(s3_path(options, "jobs/j1/x.csv"), "/team/jobs/j1/x.csv");
  EXPECT_EQ(s3_path(options, ""), "/");
}

TEST(S3Addressing, AnotherEndpointHasTheBucketInThePathUnlessAskedOtherwise) {
  auto options = options_of("s3://results/team");
  options.endpoint = "http://localhost:9000";
  EXPECT_EQ(s3_origin(options), "http://localhost:9000");
  EXPECT_EQ(s3_path(options, "sha256/ab"), "/results/team/sha256/ab");
  EXPECT_EQ(s3_path(options, ""), "/results");
  options.addressing = S3Addressing::virtual_host;
  EXPECT_EQ(s3_origin(options), "http://results.localhost:9000");
  EXPECT_EQ(s3_path(options, "sha256/ab"), "/team/sha256/ab");
}

TEST(S3Addressing, TheSchemesOwnPortIsLeftOut) {
  auto options = options_of("s3://results");
  options.endpoint = "https://objects.example.org:443";
  EXPECT_EQ(s3_origin(options), "https://objects.example.org");
  options.endpoint = "http://objects.example.org:443";
  EXPECT_EQ(s3_origin(options), "http://objects.example.org:443");
}

TEST(S3Addressing, ABucketWithADotIsInThePathBecauseNoCertificateCoversIt) {
  const auto options = options_of("s3://my.results");
  EXPECT_EQ(s3_origin(options), "https://s3.us-east-1.amazonaws.com");
  EXPECT_EQ(s3_path(options, "sha256/ab"), "/my.results/sha256/ab");
}

}  // namespace
}  // namespace podium
