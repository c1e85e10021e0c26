#include "libs/chassis/store/artifact_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace podium {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Values = std::map<std::string, std::string, std::less<>>;

Environment environment_of(Values values) {
  return Environment{[values = std::move(values)](std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
  }};
}

Values bucket_with(Values more) {
  more.insert({{"PODIUM_ARTIFACTS", "s3://results/team"},
               {"AWS_ACCESS_KEY_ID", "access"},
               {"AWS_SECRET_ACCESS_KEY", "sesame"}});
  return more;
}

TEST(ArtifactOptions, AFolderIsTheDefault) {
  auto environment = environment_of({{"AWS_ACCESS_KEY_ID", "ignored"}});
  const auto options = read_artifact_options(environment);
  EXPECT_TRUE(environment.check());
  EXPECT_FALSE(options.s3);
  EXPECT_EQ(options.folder, "/var/lib/podium/artifacts");
  EXPECT_EQ(options.place(), "local");
}

TEST(ArtifactOptions, AnAddressOfABucketIsABucket) {
  auto environment = environment_of(bucket_with({{"AWS_REGION", "eu-central-1"},
                                                 {"AWS_SESSION_TOKEN", "token"},
                                                 {"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9/"},
                                                 {"PODIUM_S3_ADDRESSING", "virtual"}}));
  const auto options = read_artifact_options(environment);
  ASSERT_TRUE(environment.check());
  ASSERT_TRUE(options.s3);
  EXPECT_EQ(options.place(), "s3");
  EXPECT_EQ(options.s3->bucket, "results");
  EXPECT_EQ(options.s3->prefix, "team/");
  EXPECT_EQ(options.s3->endpoint, "http://127.0.0.1:9");
  EXPECT_EQ(options.s3->addressing, S3Addressing::virtual_host);
  EXPECT_EQ(options.s3->signing.region, "eu-central-1");
  EXPECT_EQ(options.s3->signing.access_key, "access");
  EXPECT_EQ(options.s3->signing.secret_key.reveal(), "sesame");
  EXPECT_EQ(options.s3->signing.session_token.reveal(), "token");
}

TEST(ArtifactOptions, WhatIsWrongIsToldTogetherAndWithoutSecrets) {
  auto environment = environment_of({{"PODIUM_ARTIFACTS", "s3://NO"},
                                     {"AWS_SECRET_ACCESS_KEY", "sesame"},
                                     {"AWS_REGION", "no/region"},
                                     {"AWS_ENDPOINT_URL_S3", "https://a:b@host"},
                                     {"PODIUM_S3_ADDRESSING", "dns"}});
  read_artifact_options(environment);
  const auto problems = environment.check().error();
  EXPECT_TRUE(problems.is(errors::kConfiguration));
  EXPECT_THAT(problems.detail,
              AllOf(HasSubstr("PODIUM_ARTIFACTS"), HasSubstr("AWS_REGION"),
                    HasSubstr("AWS_ENDPOINT_URL_S3"), HasSubstr("PODIUM_S3_ADDRESSING"),
                    HasSubstr("AWS_ACCESS_KEY_ID"), Not(HasSubstr("sesame"))));
}

TEST(ArtifactOptions, ABucketNeedsCredentials) {
  auto environment = environment_of({{"PODIUM_ARTIFACTS", "s3://results"}});
  read_artifact_options(environment);
  EXPECT_THAT(environment.check().error().detail, HasSubstr("AWS_SECRET_ACCESS_KEY are needed"));
}

TEST(ArtifactOptions, AnotherSchemeIsNoFolder) {
  auto environment = environment_of({{"PODIUM_ARTIFACTS", "https://results"}});
  read_artifact_options(environment);
  EXPECT_THAT(environment.check().error().detail, HasSubstr("PODIUM_ARTIFACTS"));
}

}  // namespace
}  // namespace podium
