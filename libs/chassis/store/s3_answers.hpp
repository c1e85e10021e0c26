// What an object store's answers mean: errors, worth repeating or not, and the few fields of XML
// that are needed. Pure. By the Amazon S3 API Reference, "Error responses" and the pages of the
// actions, https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium {

/// The status of an object, a bucket or an upload that is not there.
inline constexpr int kNotFoundStatus = 404;

/// An answer that says no.
struct S3Refusal {
  int status = 0;
  /// Such as `SlowDown`; empty when the answer holds none.
  std::string code{};
  /// Region or endpoint that the answer names instead of ours.
  std::string elsewhere{};
};

/// Text of the first element of that name, with the five entities resolved; empty when there is
/// none.
std::string xml_text(std::string_view xml, std::string_view name);

/// True for an error in the body of an answer whose status says otherwise.
bool is_error_body(std::string_view body);

/// `body` may be empty, as it is after HEAD; `region` is the header `x-amz-bucket-region`.
S3Refusal refusal_of(int status, std::string_view body, std::string_view region);

/// True for what the server itself calls passing: 408, 429, 5xx but for 501, codes such as
/// RequestTimeout, and an error inside a 200 unless its code is one that comes of the request.
bool is_passing(const S3Refusal& refusal);

/// NOT_FOUND, PERMISSION, CONFIGURATION (another region, no such bucket), CONFLICT, TOO_LARGE,
/// UNAVAILABLE or INTERNAL. Of the answer's text only the code is told, with what to do about it:
/// servers repeat keys, tokens and what was to be signed in it.
Error error_of(std::string_view action, const S3Refusal& refusal);

/// A multipart upload that is open.
struct OpenUpload {
  std::string object;
  std::string id;
  std::chrono::sys_seconds begun;
};

/// Answer of ListMultipartUploads; entries without a readable time are left out.
std::vector<OpenUpload> open_uploads(std::string_view xml);

/// Body of CompleteMultipartUpload: the parts' tags in their order.
std::string complete_body(const std::vector<std::string>& tags);

}  // namespace podium
