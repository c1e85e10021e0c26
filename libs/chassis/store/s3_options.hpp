// Which bucket the artifacts are in and how it is addressed. Values and pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// How the bucket stands in the address: `https://host/bucket/...` or `https://bucket.host/...`.
/// Automatic is the path where an endpoint is given or the bucket's name has a dot, which no
/// certificate covers, and else the host.
enum class S3Addressing { automatic, path, virtual_host };

struct S3Options {
  std::string bucket{};
  /// Empty, or with a slash at its end: all objects are below it.
  std::string prefix{};
  /// Scheme, host and port; empty is Amazon's own of the region.
  std::string endpoint{};
  S3Addressing addressing = S3Addressing::automatic;
  /// Region and credentials.
  AwsSigning signing{.region = "us-east-1"};
  /// Larger content goes up in parts. Less costs more requests, more makes a repeat dearer.
  std::uint64_t multipart_bytes_min = 64ULL * 1024 * 1024;
  /// Bytes of a part, which each upload under way holds in memory. S3 takes no less than 5 MiB.
  std::uint64_t part_bytes = 8ULL * 1024 * 1024;
  /// Wait before the second attempt; it doubles with each further one.
  std::chrono::milliseconds retry_delay_first{200};
  /// A request is given up when no byte of it moves for so long.
  std::chrono::milliseconds idle_timeout{60'000};
};

/// Takes `s3://BUCKET[/PREFIX]` apart into bucket and prefix. INVALID when it is none, the bucket's
/// name breaks Amazon's rules, or the prefix is not of plain names (letters, digits, `.`, `_`,
/// `-`).
Result<void> read_s3_address(std::string_view address, S3Options& options);

/// INVALID unless it is `http://` or `https://` with a host and perhaps a port, and nothing else.
Result<void> check_s3_endpoint(std::string_view endpoint);

/// Scheme, host and port of the bucket.
std::string s3_origin(const S3Options& options);

/// Path of an object below the prefix; of the bucket itself when `object` is empty.
std::string s3_path(const S3Options& options, std::string_view object);

}  // namespace podium
