#include "libs/chassis/store/s3_answers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <utility>

namespace podium {
namespace {

/// A code is a word; whatever is longer or has other characters is none.
constexpr std::size_t kCodeLengthMax = 64;
constexpr int kRequestTimeout = 408;
constexpr int kTooManyRequests = 429;
constexpr int kNotImplemented = 501;

constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};

std::string unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto* const entity = std::ranges::find_if(
        kEntities, [&](const auto& each) { return text.starts_with(each.first); });
    plain += entity == kEntities.end() ? text.front() : entity->second;
    text.remove_prefix(entity == kEntities.end() ? 1 : entity->first.size());
  }
  return plain;
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    const auto* const entity =
        std::ranges::find_if(kEntities, [&](const auto& each) { return each.second == c; });
    safe += entity == kEntities.end() ? std::string{c} : std::string{entity->first};
  }
  return safe;
}

// What stands inside the first element of that name, with or without attributes.
std::optional<std::string_view> element(std::string_view xml, std::string_view name) {
  const std::string open = "<" + std::string{name};
  for (auto at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    const std::string_view rest = xml.substr(at + open.size());
    if (!rest.starts_with('>') && !rest.starts_with(' ')) continue;
    const auto begin = rest.find('>');
    const auto end = rest.find("</" + std::string{name} + ">");
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) break;
    return rest.substr(begin + 1, end - begin - 1);
  }
  return std::nullopt;
}

// Only what is safe to show: a word of letters, digits, dots, hyphens, or an address of such words.
std::string word(std::string text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
  };
  if (text.size() > kCodeLengthMax || !std::ranges::all_of(text, is_plain)) return {};
  return text;
}

std::optional<std::chrono::sys_seconds> time_of(const std::string& text) {
  std::chrono::sys_time<std::chrono::milliseconds> time;
  std::istringstream stream{text};
  stream >> std::chrono::parse("%FT%T", time);
  if (stream.fail()) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(time);
}

// Codes that come of the request or of the rights, whatever the status they come with.
const ErrorCode* meant_by(std::string_view code) {
  if (code == "NoSuchBucket" || code == "PermanentRedirect" || code == "TemporaryRedirect" ||
      code == "AuthorizationHeaderMalformed" || code == "IllegalLocationConstraintException") {
    return &errors::kConfiguration;
  }
  if (code == "AccessDenied" || code == "InvalidAccessKeyId" || code == "SignatureDoesNotMatch" ||
      code == "ExpiredToken" || code == "InvalidToken" || code == "RequestTimeTooSkewed" ||
      code == "AllAccessDisabled" || code == "InvalidObjectState") {
    return &errors::kPermission;
  }
  if (code == "EntityTooLarge") return &errors::kTooLarge;
  if (code == "NoSuchKey" || code == "NoSuchUpload") return &errors::kNotFound;
  // The bytes did not arrive as they were sent, or another request was in the way.
  if (code == "BadDigest" || code == "XAmzContentSHA256Mismatch" || code == "RequestTimeout" ||
      code == "IncompleteBody" || code == "InvalidPart" || code == "OperationAborted") {
    return &errors::kUnavailable;
  }
  return nullptr;
}

const ErrorCode& meant_by(int status) {
  if (status >= 300 && status < 400) return errors::kConfiguration;
  if (status == 401 || status == 403) return errors::kPermission;
  if (status == kNotFoundStatus) return errors::kNotFound;
  if (status == 409 || status == 412) return errors::kConflict;
  if (status == 413) return errors::kTooLarge;
  if (status == kRequestTimeout || status == kTooManyRequests || status >= 500 || status < 300) {
    return errors::kUnavailable;
  }
  return errors::kInternal;
}

// What a person does about a code.
std::string_view advice_on(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAdvice{{
      {"NoSuchBucket", "make the bucket, or correct PODIUM_ARTIFACTS"},
      {"InvalidAccessKeyId", "AWS_ACCESS_KEY_ID is not known there"},
      {"SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY is not that of the access key"},
      {"RequestTimeTooSkewed", "this machine's clock and the store's differ, set the clock"},
      {"ExpiredToken", "AWS_SESSION_TOKEN has expired, get new credentials and start again"},
      {"InvalidToken", "AWS_SESSION_TOKEN is not that of the access key"},
      {"AccessDenied", "the access key lacks a right, see docs/runbook.md"},
  }};
  const auto* const found =
      std::ranges::find(kAdvice, code, [](const auto& each) { return each.first; });
  return found == kAdvice.end() ? std::string_view{} : found->second;
}

}  // namespace

std::string xml_text(std::string_view xml, std::string_view name) {
  return unescaped(element(xml, name).value_or(""));
}

bool is_error_body(std::string_view body) {
  return element(body, "Error").has_value();
}

S3Refusal refusal_of(int status, std::string_view body, std::string_view region) {
  const std::string_view error = element(body, "Error").value_or("");
  S3Refusal refusal{.status = status, .code = word(xml_text(error, "Code"))};
  refusal.elsewhere = word(std::string{region});
  for (const char* name : {"Region", "Endpoint"}) {
    if (refusal.elsewhere.empty()) refusal.elsewhere = word(xml_text(error, name));
  }
  return refusal;
}

bool is_passing(const S3Refusal& refusal) {
  const int status = refusal.status;
  if (status == kTooManyRequests || status >= 500) return status != kNotImplemented;
  // Codes that come with 400 and 409: the bytes came too slowly or not whole, or another request
  // to the same object was under way.
  for (const char* code : {"RequestTimeout", "IncompleteBody", "OperationAborted"}) {
    if (refusal.code == code) return true;
  }
  if (status == kRequestTimeout) return true;
  return status < 300 && meant_by(refusal.code) == nullptr;
}

Error error_of(std::string_view action, const S3Refusal& refusal) {
  const ErrorCode* code = meant_by(refusal.code);
  if (code == nullptr) code = &meant_by(refusal.status);
  std::string detail{action};
  detail += ": the object store answers " + std::to_string(refusal.status);
  if (!refusal.code.empty()) detail += " " + refusal.code;
  if (code == &errors::kConfiguration && !refusal.elsewhere.empty()) {
    detail += "; the bucket is in " + refusal.elsewhere + ", set AWS_REGION or the endpoint";
  } else if (refusal.status >= 300 && refusal.status < 400) {
    detail += "; the bucket is elsewhere, set AWS_REGION or the endpoint";
  } else if (const auto advice = advice_on(refusal.code); !advice.empty()) {
    detail += "; " + std::string{advice};
  }
  return {code, std::move(detail)};
}

std::vector<OpenUpload> open_uploads(std::string_view xml) {
  std::vector<OpenUpload> uploads;
  constexpr std::string_view kEnd = "</Upload>";
  while (const auto upload = element(xml, "Upload")) {
    xml.remove_prefix(xml.find(kEnd) + kEnd.size());
    if (const auto begun = time_of(xml_text(*upload, "Initiated"))) {
      uploads.push_back({.object = xml_text(*upload, "Key"),
                         .id = xml_text(*upload, "UploadId"),
                         .begun = *begun});
    }
  }
  return uploads;
}

std::string complete_body(const std::vector<std::string>& tags) {
  std::string body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (std::size_t i = 0; i < tags.size(); ++i) {
    body += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" +
            escaped(tags[i]) + "</ETag></Part>";
  }
  return body + "</CompleteMultipartUpload>";
}

}  // namespace podium
