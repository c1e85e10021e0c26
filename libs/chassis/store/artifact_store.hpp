// Where bytes live that are too large for events. Content is stored by its sha256 and never
// changes, or under `<job>/<owner>/<name>`, where the last writer wins. Adapters: a directory that
// all services of one host share (here), a bucket of an S3-compatible object store for many hosts
// (s3_store.hpp). Thread-safe, and safe between processes and hosts.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "podium/v1/job.pb.h"

namespace podium {

/// A temporary file that nobody has written to for so long belongs to a writer that is gone.
inline constexpr std::chrono::hours kLeftoverAgeMax{24};

/// Longest life of a temporary link: what AWS Signature Version 4 allows.
inline constexpr std::chrono::hours kLinkLifetimeMax{7 * 24};

class ArtifactStore {
 public:
  virtual ~ArtifactStore() = default;
  /// Stores under `sha256/<hex>`; a second put of the same content changes nothing.
  virtual Result<v1::ArtifactRef> put_content(std::string_view bytes) = 0;
  /// The same for a file, streamed; the file stays.
  virtual Result<v1::ArtifactRef> put_content_file(const std::filesystem::path& file) = 0;
  /// Stores under `<job>/<owner>/<name>` (owner may be empty: `<job>/<name>`). Written as a
  /// temporary file, synced, renamed. INVALID when a part is not an id or a plain file name.
  virtual Result<v1::ArtifactRef> put_named(std::string_view job, std::string_view owner,
                                            std::string_view name, std::string_view bytes) = 0;
  /// The whole content; TOO_LARGE above `bytes_max`, NOT_FOUND when there is none.
  virtual Result<std::string> get(std::string_view key, std::uint64_t bytes_max) = 0;
  /// Streams the content in pieces of at most 64 KiB; the sink returns false to stop (STOPPED). A
  /// file that is replaced meanwhile is read to the end as it was.
  virtual Result<void> read(std::string_view key,
                            const std::function<bool(std::string_view piece)>& sink) = 0;
  /// `length` bytes from `offset` on, fewer at the end, for answers that are read in pieces.
  /// NOT_FOUND when there is none.
  virtual Result<std::string> get_range(std::string_view key, std::uint64_t offset,
                                        std::uint64_t length);
  /// Size in bytes; NOT_FOUND when there is none.
  virtual Result<std::uint64_t> size(std::string_view key) = 0;
  /// Removes content, for who knows that nobody needs it any more; success also when there is none.
  /// INVALID when `sha256` is none.
  virtual Result<void> remove_content(std::string_view sha256) = 0;
  /// A sink that stores what it is given as content: for uploads whose hash is known beforehand.
  /// Destroyed without finish() it stores nothing. One thread at a time.
  class Upload {
   public:
    virtual ~Upload() = default;
    /// TOO_LARGE when it would be more than the limit.
    virtual Result<void> write(std::string_view piece) = 0;
    /// Success only if the bytes hash to the promised sha256; otherwise INVALID and nothing is
    /// stored. Call once.
    virtual Result<v1::ArtifactRef> finish() = 0;
  };
  /// INVALID when `sha256` is none.
  virtual Result<std::unique_ptr<Upload>> upload(std::string_view sha256,
                                                 std::uint64_t bytes_max) = 0;
  /// An address by which whoever has it may GET the content, without credentials, until `lifetime`
  /// (1 s to kLinkLifetimeMax, else INVALID) is over; a browser saves it as `file_name`. Nothing
  /// from a store that no browser can reach, such as a directory. Whether there is content is not
  /// looked at. Keep it as secret as the content, out of logs too.
  virtual Result<std::optional<std::string>> temporary_link(std::string_view key,
                                                            std::chrono::seconds lifetime,
                                                            std::string_view file_name);
};

/// Opens (and makes) a directory store: `sha256/ab/cdef...`, `jobs/<job>/[<owner>/]<name>` and
/// `tmp/`, where what crashed writers left is swept after kLeftoverAgeMax. UNAVAILABLE when it
/// cannot be written.
Result<std::unique_ptr<ArtifactStore>> open_directory_store(const std::filesystem::path& folder);

}  // namespace podium
