#include "libs/chassis/store/presigned_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>
#include <set>
#include <sstream>
#include <string>

namespace podium {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

// The credentials of the examples in Amazon's own documentation; they open nothing.
AwsSigning documented() {
  return {.region = "us-east-1",
          .access_key = "AKIAIOSFODNN7EXAMPLE",
          .secret_key = Secret{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}};
}

std::string hex_of(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) text += std::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

PresignedGet example() {
  return {.origin = "https://examplebucket.s3.amazonaws.com",
          .path = "/test.txt",
          .time = std::chrono::sys_days{std::chrono::year{2013} / 5 / 24},
          .lifetime = 24h};
}

// "An Example" of sigv4-query-string-auth.html.
TEST(PresignedUrl, IsThatOfAmazonsExample) {
  EXPECT_EQ(presigned_url(example(), documented()),
            "https://examplebucket.s3.amazonaws.com/test.txt"
            "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature="
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

// Published with "Examples of how to derive a signing key for Signature Version 4".
TEST(AwsSigningKey, IsThatOfAmazonsExample) {
  auto signing = documented();
  signing.service = "iam";
  signing.secret_key = Secret{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
  EXPECT_EQ(hex_of(aws_signing_key(signing, "20120215")),
            "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
  EXPECT_EQ(hex_of(aws_signing_key(signing, "20150830")),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

/// The parameters of an address, in any order.
std::set<std::string> parameters_of(const std::string& url) {
  std::set<std::string> parameters;
  std::istringstream query{url.substr(url.find('?') + 1)};
  for (std::string each; std::getline(query, each, '&');) parameters.insert(each);
  return parameters;
}

// Made by botocore 1.44.5 (botocore.auth.S3SigV4QueryAuth) for the same time and credentials.
TEST(PresignedUrl, IsThatOfBotocore) {
  const auto time = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 9h + 8min + 7s;
  const std::string file = "attachment; filename=\"submission.csv\"";
  const std::string file_encoded =
      "?response-content-disposition=attachment%3B%20filename%3D%22submission.csv%22&";
  auto signing = documented();
  signing.region = "eu-central-1";
  const std::string signed_by =
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261122%2F";
  const std::string of_region =
      "eu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20261122T090807Z&X-Amz-Expires=3600&";

  const PresignedGet by_path{.origin = "http://127.0.0.1:9000",
                             .path = "/box/team/jobs/j-1/c1/x.csv",
                             .query = {{"response-content-disposition", file}},
                             .time = time,
                             .lifetime = 1h};
  EXPECT_EQ(parameters_of(presigned_url(by_path, signing)),
            parameters_of(file_encoded + signed_by + of_region +
                          "X-Amz-SignedHeaders=host&X-Amz-Signature="
                          "a5ba76f9bc3eda8e6a9cd7926710229fe794f9746cd9920c009941edd961a4f5"));

  auto by_host = by_path;
  by_host.origin = "https://box.s3.eu-central-1.amazonaws.com";
  by_host.path = "/sha256/abc";
  signing.session_token = Secret{"tok/en+="};
  EXPECT_EQ(parameters_of(presigned_url(by_host, signing)),
            parameters_of(file_encoded + signed_by + of_region +
                          "X-Amz-SignedHeaders=host&X-Amz-Security-Token=tok%2Fen%2B%3D"
                          "&X-Amz-Signature="
                          "6fc356b92ab70d52bd7ac5cd0e6ef6b6b745e23c0b8fc32f6c59cae063e0e710"));

  const PresignedGet week{.origin = "http://box.localhost:9000",
                          .path = "/jobs/j-1/x.csv",
                          .time = time,
                          .lifetime = std::chrono::days{7}};
  EXPECT_EQ(parameters_of(presigned_url(week, documented())),
            parameters_of("?" + signed_by +
                          "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261122T090807Z"
                          "&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature="
                          "57f1e972140ac0dab9b78e1c172c04e74aff7303ed5eb3438ce90fd9ba3cc336"));
}

TEST(PresignedUrl, ParametersAreSortedAndEncoded) {
  auto get = example();
  get.query["response-content-disposition"] = "attachment; filename=\"a b.csv\"";
  EXPECT_THAT(presigned_url(get, documented()),
              HasSubstr("&X-Amz-SignedHeaders=host&response-content-disposition="
                        "attachment%3B%20filename%3D%22a%20b.csv%22&X-Amz-Signature="));
}

TEST(PresignedUrl, CarriesTheSessionTokenAndNeverTheSecretKey) {
  auto signing = documented();
  EXPECT_THAT(presigned_url(example(), signing), Not(HasSubstr("Security-Token")));
  signing.session_token = Secret{"tok/en+="};
  const auto url = presigned_url(example(), signing);
  EXPECT_THAT(url, HasSubstr("&X-Amz-Security-Token=tok%2Fen%2B%3D&X-Amz-SignedHeaders=host"));
  EXPECT_THAT(url, Not(HasSubstr("wJalr")));
}

}  // namespace
}  // namespace podium
