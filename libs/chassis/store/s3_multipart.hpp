// An object that goes up in parts. Nobody sees it before complete(); destroyed before that, all its
// parts are removed. One thread at a time. By "Uploading and copying objects using multipart
// upload", https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/s3_client.hpp"

namespace podium {

/// Most parts that S3 puts together.
inline constexpr std::uint64_t kS3PartsMax = 10'000;

class S3Multipart {
 public:
  /// `client` must outlive it.
  static Result<std::unique_ptr<S3Multipart>> begin(const S3Client& client, std::string object);
  ~S3Multipart();
  S3Multipart(const S3Multipart&) = delete;
  S3Multipart& operator=(const S3Multipart&) = delete;

  /// Sends the next part. All but the last have the same size, at least 5 MiB. A part that failed
  /// after all attempts leaves the upload as it was before.
  Result<void> add(std::string_view part);
  /// Puts the parts together; the object is there afterwards. Call once.
  Result<void> complete();

 private:
  S3Multipart(const S3Client& client, std::string object, std::string id)
      : client_{client}, object_{std::move(object)}, id_{std::move(id)} {}
  Result<void> find_completed() const;

  const S3Client& client_;
  std::string object_;
  std::string id_;
  std::vector<std::string> tags_;
  std::uint64_t bytes_ = 0;
  bool complete_ = false;
};

/// Size of the parts of an object of at most so many bytes: the client's, or what keeps their
/// number within kS3PartsMax.
std::uint64_t part_bytes_for(const S3Options& options, std::uint64_t bytes_max);

/// Removes the parts of an upload; success when there are none.
Result<void> abort_multipart(const S3Client& client, const std::string& object,
                             const std::string& id);

/// Removes the parts of uploads below the prefix that were begun more than kLeftoverAgeMax ago, for
/// their writers are gone. A bucket that does not let us look is only told in the log.
void abort_leftovers(const S3Client& client);

}  // namespace podium
