#include "libs/chassis/store/s3_options.hpp"

#include <algorithm>
#include <ranges>

namespace podium {
namespace {

constexpr std::string_view kScheme = "s3://";
constexpr std::size_t kBucketLengthMin = 3;
constexpr std::size_t kBucketLengthMax = 63;
/// An object's name has at most 1,024 bytes; the longest key of ours takes 270.
constexpr std::size_t kPrefixLengthMax = 512;

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_plain(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
}

// Amazon's "Bucket naming rules" for general purpose buckets.
bool is_bucket(std::string_view name) {
  return name.size() >= kBucketLengthMin && name.size() <= kBucketLengthMax &&
         is_lower_or_digit(name.front()) && is_lower_or_digit(name.back()) &&
         !name.contains("..") && std::ranges::all_of(name, [](char c) {
           return is_lower_or_digit(c) || c == '.' || c == '-';
         });
}

bool is_prefix(std::string_view prefix) {
  return prefix.size() <= kPrefixLengthMax &&
         std::ranges::all_of(prefix | std::views::split('/'), [](const auto& part) {
           const std::string_view name{part};
           return !name.empty() && name != "." && name != ".." &&
                  std::ranges::all_of(name, is_plain);
         });
}

bool by_path(const S3Options& options) {
  if (options.addressing != S3Addressing::automatic) {
    return options.addressing == S3Addressing::path;
  }
  return !options.endpoint.empty() || options.bucket.contains('.');
}

// Without the scheme's own port, which clients leave out of the header Host and so of signatures.
std::string endpoint_of(const S3Options& options) {
  std::string_view endpoint = options.endpoint;
  if (endpoint.empty()) return "https://s3." + options.signing.region + ".amazonaws.com";
  const std::string_view port = endpoint.starts_with("https") ? ":443" : ":80";
  if (endpoint.ends_with(port)) endpoint.remove_suffix(port.size());
  return std::string{endpoint};
}

}  // namespace

Result<void> read_s3_address(std::string_view address, S3Options& options) {
  if (!address.starts_with(kScheme)) return fail(errors::kInvalid, "must be s3://BUCKET/PREFIX");
  address.remove_prefix(kScheme.size());
  const auto slash = std::min(address.find('/'), address.size());
  const std::string_view bucket = address.substr(0, slash);
  std::string_view prefix = address.substr(std::min(slash + 1, address.size()));
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!is_bucket(bucket)) return fail(errors::kInvalid, "the bucket has no name that S3 allows");
  if (!prefix.empty() && !is_prefix(prefix)) {
    return fail(errors::kInvalid,
                "the prefix may hold letters, digits, dots, hyphens, underscores and slashes");
  }
  options.bucket = bucket;
  options.prefix = prefix.empty() ? std::string{} : std::string{prefix} + "/";
  return {};
}

Result<void> check_s3_endpoint(std::string_view endpoint) {
  std::string_view host = endpoint;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (endpoint.starts_with(scheme)) host.remove_prefix(scheme.size());
  }
  const auto is_host = [](char c) { return is_plain(c) || c == ':' || c == '[' || c == ']'; };
  if (host.size() == endpoint.size() || host.empty() || !std::ranges::all_of(host, is_host)) {
    return fail(errors::kInvalid, "must be http:// or https:// with a host and perhaps a port");
  }
  return {};
}

std::string s3_origin(const S3Options& options) {
  std::string origin = endpoint_of(options);
  if (!by_path(options)) origin.insert(origin.find("://") + 3, options.bucket + ".");
  return origin;
}

std::string s3_path(const S3Options& options, std::string_view object) {
  std::string path = "/";
  if (by_path(options)) path += options.bucket;
  if (object.empty()) return path;
  if (by_path(options)) path += "/";
  return path + options.prefix + std::string{object};
}

}  // namespace podium
