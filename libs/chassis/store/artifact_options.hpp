// Which artifact store a service uses: the one place that knows them all. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/credential.hpp"
#include "libs/chassis/result.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "libs/chassis/store/s3_options.hpp"

namespace podium {

struct ArtifactOptions {
  /// Folder of the directory store.
  std::filesystem::path folder = "/var/lib/podium/artifacts";
  /// The bucket, when the artifacts are in one; the folder is then not used.
  std::optional<S3Options> s3{};

  /// `local` or `s3`, as people are told where a result is.
  std::string_view place() const { return s3 ? "s3" : "local"; }
};

/// PODIUM_ARTIFACTS: a folder, or `s3://BUCKET[/PREFIX]`; with the latter also AWS_REGION,
/// AWS_ENDPOINT_URL_S3, PODIUM_S3_ADDRESSING and the secrets AWS_ACCESS_KEY_ID,
/// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. What is wrong is told by environment.check().
ArtifactOptions read_artifact_options(Environment& environment);

/// Reads an object that does not exist from the bucket, once: whether the store takes the
/// credentials and knows the bucket. Nothing to check where the artifacts are in a folder.
CredentialFinding check_artifact_credentials(const ArtifactOptions& options,
                                             const std::stop_token& stop);

/// Opens the store; see open_directory_store() and open_s3_store().
Result<std::unique_ptr<ArtifactStore>> open_artifact_store(const ArtifactOptions& options);

}  // namespace podium
