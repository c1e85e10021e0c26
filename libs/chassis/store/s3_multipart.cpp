#include "libs/chassis/store/s3_multipart.hpp"

#include <algorithm>
#include <utility>

#include "libs/chassis/log.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "libs/chassis/store/s3_answers.hpp"

namespace podium {

Result<std::unique_ptr<S3Multipart>> S3Multipart::begin(const S3Client& client,
                                                        std::string object) {
  const auto answer =
      PODIUM_TRY(client.send({.method = "POST", .object = object, .query = {{"uploads", ""}}}));
  std::string id = xml_text(answer.body, "UploadId");
  if (id.empty()) {
    return fail(errors::kUnavailable, "POST " + object + ": the object store names no upload");
  }
  return std::unique_ptr<S3Multipart>{new S3Multipart{client, std::move(object), std::move(id)}};
}

S3Multipart::~S3Multipart() {
  if (complete_) return;
  if (const auto aborted = abort_multipart(client_, object_, id_); !aborted) {
    log_warning("parts of an upload are left until they are swept",
                {{"object", object_}, {"error", aborted.error().text()}});
  }
}

Result<void> S3Multipart::add(std::string_view part) {
  if (tags_.size() == kS3PartsMax) {
    return fail(errors::kTooLarge, "an object has at most 10000 parts");
  }
  auto answer = PODIUM_TRY(client_.send({
      .method = "PUT",
      .object = object_,
      .query = {{"partNumber", std::to_string(tags_.size() + 1)}, {"uploadId", id_}},
      .body = body_of(part),
  }));
  std::string& tag = answer.headers["etag"];
  if (tag.empty()) {
    return fail(errors::kUnavailable, "PUT " + object_ + ": the object store names no part");
  }
  tags_.push_back(std::move(tag));
  bytes_ += part.size();
  return {};
}

Result<void> S3Multipart::complete() {
  const std::string body = complete_body(tags_);
  const auto answer = PODIUM_TRY(client_.send({.method = "POST",
                                               .object = object_,
                                               .query = {{"uploadId", id_}},
                                               .body = body_of(body),
                                               .also_answers = {kNotFoundStatus}}));
  if (answer.status == kNotFoundStatus) PODIUM_TRY(find_completed());
  complete_ = true;
  return {};
}

// An upload that is no longer known was completed by an attempt whose answer was lost, if the
// object is there; nobody else knows the upload's id.
Result<void> S3Multipart::find_completed() const {
  const auto answer = PODIUM_TRY(client_.send({.method = "HEAD", .object = object_}));
  const auto length = answer.headers.find("content-length");
  if (length != answer.headers.end() && length->second == std::to_string(bytes_)) return {};
  return fail(errors::kUnavailable, "POST " + object_ + ": the object store has lost the upload");
}

std::uint64_t part_bytes_for(const S3Options& options, std::uint64_t bytes_max) {
  return std::max(options.part_bytes, bytes_max / kS3PartsMax + 1);
}

Result<void> abort_multipart(const S3Client& client, const std::string& object,
                             const std::string& id) {
  PODIUM_TRY(client.send({.method = "DELETE",
                          .object = object,
                          .query = {{"uploadId", id}},
                          .also_answers = {kNotFoundStatus}}));
  return {};
}

void abort_leftovers(const S3Client& client) {
  const std::string& prefix = client.options().prefix;
  const auto answer = client.send({.query = {{"prefix", prefix}, {"uploads", ""}}});
  if (!answer) {
    log_warning("leftovers of uploads cannot be looked for; give the bucket a lifecycle rule",
                {{"error", answer.error().text()}});
    return;
  }
  const auto oldest = std::chrono::system_clock::now() - kLeftoverAgeMax;
  for (const OpenUpload& upload : open_uploads(answer->body)) {
    if (upload.begun >= oldest || !upload.object.starts_with(prefix)) continue;
    const auto aborted = abort_multipart(client, upload.object.substr(prefix.size()), upload.id);
    log_info("parts of a writer that is gone are removed",
             {{"object", upload.object}, {"removed", aborted.has_value()}});
  }
}

}  // namespace podium
