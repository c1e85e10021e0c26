#include "libs/chassis/store/s3_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <format>
#include <limits>
#include <system_error>
#include <utility>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/store/artifact_keys.hpp"
#include "libs/chassis/store/presigned_url.hpp"
#include "libs/chassis/store/s3_answers.hpp"
#include "libs/chassis/store/s3_client.hpp"
#include "libs/chassis/store/s3_download.hpp"
#include "libs/chassis/store/s3_multipart.hpp"
#include "libs/chassis/store/store_metrics.hpp"

namespace podium {
namespace {

namespace fs = std::filesystem;

/// Written at each start, so that missing rights are known before a job needs them.
constexpr std::string_view kOpenedObject = "tmp/opened";
constexpr std::size_t kReadBytes = 256 * 1024;

v1::ArtifactRef reference(std::string key, std::string sha256, std::uint64_t bytes) {
  v1::ArtifactRef made;
  made.set_key(std::move(key));
  made.set_sha256(std::move(sha256));
  made.set_bytes(bytes);
  return made;
}

std::unexpected<Error> no_artifact(std::string_view key) {
  return fail(errors::kNotFound, "there is no artifact '" + std::string{key} + "'");
}

// An open file to read from; closes itself.
class SourceFile {
 public:
  explicit SourceFile(const fs::path& path)
      : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
  ~SourceFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  SourceFile(const SourceFile&) = delete;
  SourceFile& operator=(const SourceFile&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  /// Bytes read, fewer than `room` only at the end; nothing when it cannot be read.
  std::optional<std::size_t> read_at(std::uint64_t offset, char* into, std::size_t room) const {
    std::size_t have = 0;
    while (have < room) {
      const ssize_t got =
          pread(descriptor_, into + have, room - have, static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::nullopt;
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    return have;
  }

 private:
  int descriptor_;
};

class S3Store final : public ArtifactStore {
 public:
  explicit S3Store(S3Options options) : client_{std::move(options)} {}

  Result<void> open() const;

  Result<v1::ArtifactRef> put_content(std::string_view bytes) override;
  Result<v1::ArtifactRef> put_content_file(const fs::path& file) override;
  Result<v1::ArtifactRef> put_named(std::string_view job, std::string_view owner,
                                    std::string_view name, std::string_view bytes) override;
  Result<std::string> get(std::string_view key, std::uint64_t bytes_max) override;
  Result<void> read(std::string_view key,
                    const std::function<bool(std::string_view piece)>& sink) override;
  Result<std::string> get_range(std::string_view key, std::uint64_t offset,
                                std::uint64_t length) override;
  Result<std::uint64_t> size(std::string_view key) override;
  Result<void> remove_content(std::string_view sha256) override;
  Result<std::unique_ptr<Upload>> upload(std::string_view sha256, std::uint64_t bytes_max) override;
  Result<std::optional<std::string>> temporary_link(std::string_view key,
                                                    std::chrono::seconds lifetime,
                                                    std::string_view file_name) override;

  const S3Client& client() const { return client_; }

 private:
  /// Size of an object, nothing when there is none.
  Result<std::optional<std::uint64_t>> find(const std::string& object) const;
  Result<void> put_object(const std::string& object, S3Body body) const;
  Result<void> put_parts(const std::string& object, const S3Body& body) const;

  S3Client client_;
};

// Gathers parts; what fits into one is only stored when its hash is known to be right.
class S3Upload final : public ArtifactStore::Upload {
 public:
  S3Upload(S3Store& store, std::string sha256, std::uint64_t bytes_max)
      : store_{store},
        sha256_{std::move(sha256)},
        bytes_max_{bytes_max},
        part_bytes_{static_cast<std::size_t>(part_bytes_for(store.client().options(), bytes_max))} {
  }

  Result<void> write(std::string_view piece) override {
    if (piece.size() > bytes_max_ - bytes_) {
      return fail(errors::kTooLarge,
                  "the upload is longer than " + std::to_string(bytes_max_) + " bytes");
    }
    bytes_ += piece.size();
    hash_.update(piece);
    while (!piece.empty()) {
      if (part_.size() == part_bytes_) PODIUM_TRY(send_part());
      const auto taken = piece.substr(0, part_bytes_ - part_.size());
      part_ += taken;
      piece.remove_prefix(taken.size());
    }
    return {};
  }

  Result<v1::ArtifactRef> finish() override {
    const std::string found = hash_.finish();
    if (found != sha256_) {
      return fail(errors::kInvalid, "the bytes hash to " + found + ", not to " + sha256_);
    }
    if (!parts_) return store_.put_content(part_);
    std::string key = PODIUM_TRY(content_key(sha256_));
    PODIUM_TRY(send_part());
    PODIUM_TRY(parts_->complete());
    count(metrics::kBytesStored, {}, static_cast<double>(bytes_));
    return reference(std::move(key), sha256_, bytes_);
  }

 private:
  Result<void> send_part() {
    if (!parts_) {
      const std::string key = PODIUM_TRY(content_key(sha256_));
      std::string object = PODIUM_TRY(object_of_key(key));
      parts_ = PODIUM_TRY(S3Multipart::begin(store_.client(), std::move(object)));
    }
    PODIUM_TRY(parts_->add(part_));
    part_.clear();
    return {};
  }

  S3Store& store_;
  std::string sha256_;
  std::uint64_t bytes_max_;
  std::size_t part_bytes_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
  std::string part_;
  std::unique_ptr<S3Multipart> parts_;
};

Result<void> S3Store::open() const {
  // Not HEAD, whose refusal has no body to say why.
  PODIUM_TRY(client_.send(
      {.query = {{"list-type", "2"}, {"max-keys", "1"}, {"prefix", client_.options().prefix}}}));
  PODIUM_TRY(put_object(std::string{kOpenedObject}, body_of({})));
  abort_leftovers(client_);
  return {};
}

Result<std::optional<std::uint64_t>> S3Store::find(const std::string& object) const {
  const auto answer = PODIUM_TRY(
      client_.send({.method = "HEAD", .object = object, .also_answers = {kNotFoundStatus}}));
  if (answer.status == kNotFoundStatus) return std::nullopt;
  const auto length = answer.headers.find("content-length");
  std::uint64_t bytes = 0;
  if (length == answer.headers.end() ||
      std::from_chars(length->second.data(), length->second.data() + length->second.size(), bytes)
              .ec != std::errc{}) {
    return fail(errors::kUnavailable, "HEAD " + object + ": the length is not told");
  }
  return bytes;
}

Result<void> S3Store::put_object(const std::string& object, S3Body body) const {
  const auto bytes = body.bytes;
  if (bytes > client_.options().multipart_bytes_min) {
    PODIUM_TRY(put_parts(object, body));
  } else {
    PODIUM_TRY(client_.send({.method = "PUT", .object = object, .body = std::move(body)}));
  }
  count(metrics::kBytesStored, {}, static_cast<double>(bytes));
  return {};
}

// The parts' bytes are hashed as they are sent: what changed since the hash was made is not stored.
Result<void> S3Store::put_parts(const std::string& object, const S3Body& body) const {
  const auto parts = PODIUM_TRY(S3Multipart::begin(client_, object));
  const auto part_bytes = part_bytes_for(client_.options(), body.bytes);
  Sha256 hash;
  std::string part;
  for (std::uint64_t offset = 0; offset < body.bytes; offset += part.size()) {
    part.resize(static_cast<std::size_t>(std::min(part_bytes, body.bytes - offset)));
    if (body.read_at(offset, part.data(), part.size()) != part.size()) {
      return fail(errors::kUnavailable, "PUT " + object + ": the bytes to store cannot be read");
    }
    hash.update(part);
    PODIUM_TRY(parts->add(part));
  }
  if (hash.finish() != body.sha256) {
    return fail(errors::kUnavailable, "PUT " + object + ": the bytes changed while being stored");
  }
  return parts->complete();
}

Result<v1::ArtifactRef> S3Store::put_content(std::string_view bytes) {
  S3Body body = body_of(bytes);
  const std::string sha256 = body.sha256;
  std::string key = PODIUM_TRY(content_key(sha256));
  const std::string object = PODIUM_TRY(object_of_key(key));
  if (PODIUM_TRY(find(object)) != bytes.size()) PODIUM_TRY(put_object(object, std::move(body)));
  return reference(std::move(key), sha256, bytes.size());
}

Result<v1::ArtifactRef> S3Store::put_content_file(const fs::path& path) {
  const SourceFile file{path};
  const auto broken = [&](std::string_view act) {
    return fail(errors::kUnavailable, std::string{act} + " " + path.string() + ": " +
                                          std::system_category().message(errno));
  };
  if (!file.is_open()) return broken("cannot open");
  Sha256 hash;
  std::uint64_t bytes = 0;
  std::string piece(kReadBytes, '\0');
  for (;;) {
    const auto got = file.read_at(bytes, piece.data(), piece.size());
    if (!got) return broken("cannot read");
    if (*got == 0) break;
    bytes += *got;
    hash.update(std::string_view{piece}.substr(0, *got));
  }
  const std::string sha256 = hash.finish();
  std::string key = PODIUM_TRY(content_key(sha256));
  const std::string object = PODIUM_TRY(object_of_key(key));
  if (PODIUM_TRY(find(object)) != bytes) {
    const auto read_at = [&file](std::uint64_t offset, char* into, std::size_t room) {
      return file.read_at(offset, into, room).value_or(0);
    };
    PODIUM_TRY(put_object(object, {.bytes = bytes, .sha256 = sha256, .read_at = read_at}));
  }
  return reference(std::move(key), sha256, bytes);
}

Result<v1::ArtifactRef> S3Store::put_named(std::string_view job, std::string_view owner,
                                           std::string_view name, std::string_view bytes) {
  std::string key = PODIUM_TRY(named_key(job, owner, name));
  const std::string object = PODIUM_TRY(object_of_key(key));
  S3Body body = body_of(bytes);
  std::string sha256 = body.sha256;
  PODIUM_TRY(put_object(object, std::move(body)));
  return reference(std::move(key), std::move(sha256), bytes.size());
}

Result<std::string> S3Store::get(std::string_view key, std::uint64_t bytes_max) {
  std::string object = PODIUM_TRY(object_of_key(key));
  std::string bytes;
  PODIUM_TRY(download(client_, {.object = std::move(object), .bytes_max = bytes_max},
                      [&](std::string_view piece) {
                        bytes += piece;
                        return true;
                      }));
  return bytes;
}

Result<void> S3Store::read(std::string_view key,
                           const std::function<bool(std::string_view piece)>& sink) {
  std::string object = PODIUM_TRY(object_of_key(key));
  return download(client_, {.object = std::move(object)}, sink);
}

Result<std::string> S3Store::get_range(std::string_view key, std::uint64_t offset,
                                       std::uint64_t length) {
  const std::string object = PODIUM_TRY(object_of_key(key));
  std::string bytes;
  if (length == 0) {
    if (!PODIUM_TRY(find(object))) return no_artifact(key);
    return bytes;
  }
  // S3 counts bytes in 63 bits.
  constexpr std::uint64_t kEndMax = std::numeric_limits<std::int64_t>::max();
  offset = std::min(offset, kEndMax - 1);
  length = std::min(length, kEndMax - offset);
  PODIUM_TRY(download(client_, {.object = object, .offset = offset, .length = length},
                      [&](std::string_view piece) {
                        bytes += piece;
                        return true;
                      }));
  return bytes;
}

Result<std::uint64_t> S3Store::size(std::string_view key) {
  const std::string object = PODIUM_TRY(object_of_key(key));
  const auto bytes = PODIUM_TRY(find(object));
  if (!bytes) return no_artifact(key);
  return *bytes;
}

Result<void> S3Store::remove_content(std::string_view sha256) {
  std::string key = PODIUM_TRY(content_key(sha256));
  PODIUM_TRY(client_.send(
      {.method = "DELETE", .object = std::move(key), .also_answers = {kNotFoundStatus}}));
  return {};
}

Result<std::unique_ptr<ArtifactStore::Upload>> S3Store::upload(std::string_view sha256,
                                                               std::uint64_t bytes_max) {
  PODIUM_TRY(content_key(sha256));
  return std::make_unique<S3Upload>(*this, std::string{sha256}, bytes_max);
}

Result<std::optional<std::string>> S3Store::temporary_link(std::string_view key,
                                                           std::chrono::seconds lifetime,
                                                           std::string_view file_name) {
  const std::string object = PODIUM_TRY(object_of_key(key));
  PODIUM_TRY(check_link(lifetime, file_name));
  const auto now = std::chrono::system_clock::now();
  const PresignedGet get{.origin = s3_origin(client_.options()),
                         .path = s3_path(client_.options(), object),
                         .query = {{"response-content-disposition",
                                    std::format("attachment; filename=\"{}\"", file_name)}},
                         .time = std::chrono::floor<std::chrono::seconds>(now),
                         .lifetime = lifetime};
  return presigned_url(get, client_.options().signing);
}

}  // namespace

Result<std::unique_ptr<ArtifactStore>> open_s3_store(const S3Options& options) {
  auto store = std::make_unique<S3Store>(options);
  PODIUM_TRY(store->open());
  return store;
}

}  // namespace podium
