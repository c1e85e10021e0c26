// Addresses that carry their own signature, so that whoever has one may GET an object for a while:
// AWS Signature Version 4 with the signature in the query, which libcurl does not make. Pure, but
// for OpenSSL; thread-safe. By the specification "Authenticating Requests: Using Query Parameters
// (AWS Signature Version 4)" of the Amazon S3 API Reference,
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "libs/chassis/http/client.hpp"

namespace podium {

struct PresignedGet {
  /// Scheme, host and port: `https://examplebucket.s3.amazonaws.com`. The port of the scheme
  /// itself (80, 443) is left out, as clients leave it out of the header Host.
  std::string origin{};
  /// From the slash on, percent-encoded but for slashes: `/test.txt`.
  std::string path{};
  /// Further parameters, not encoded, such as `response-content-disposition`.
  std::map<std::string, std::string> query{};
  /// When the time of validity begins.
  std::chrono::sys_seconds time{};
  /// 1 s to 7 days; longer is refused by the server.
  std::chrono::seconds lifetime{};
};

/// The whole address. It holds the access key and the session token, as the specification wants,
/// and never the secret key. Throws std::runtime_error when OpenSSL itself fails.
std::string presigned_url(const PresignedGet& get, const AwsSigning& signing);

/// The key that signs a day's requests, 32 bytes; `date` is `20130524`. "Calculate signature" in
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
std::string aws_signing_key(const AwsSigning& signing, std::string_view date);

}  // namespace podium
