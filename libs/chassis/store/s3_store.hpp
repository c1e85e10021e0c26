// The artifact store in a bucket of an S3-compatible object store, for services on many hosts.
// Objects are `<prefix>sha256/<hex>` and `<prefix>jobs/<job>/[<owner>/]<name>`. See
// artifact_store.hpp for what every store promises; thread-safe.
//
// What the credentials must be allowed, on the bucket: s3:ListBucket (without it a missing object
// is answered 403, not 404) and s3:ListBucketMultipartUploads; on its objects below the prefix:
// s3:GetObject, s3:PutObject, s3:AbortMultipartUpload. Nothing is ever deleted but the parts of
// uploads that were not completed.
#pragma once

#include <memory>

#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "libs/chassis/store/s3_options.hpp"

namespace podium {

/// Checks that the bucket is there, in this region, and can be written (object
/// `<prefix>tmp/opened`), and removes parts that crashed writers left. CONFIGURATION, PERMISSION or
/// UNAVAILABLE, each with what the server says. Afterwards a request that fails with 429, 5xx or a
/// broken connection is repeated, at most kS3AttemptsMax times; one that is refused is not.
Result<std::unique_ptr<ArtifactStore>> open_s3_store(const S3Options& options);

}  // namespace podium
