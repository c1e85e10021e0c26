#include "libs/chassis/store/artifact_options.hpp"

#include <algorithm>
#include <string>

#include "libs/chassis/store/s3_client.hpp"
#include "libs/chassis/store/s3_store.hpp"

namespace podium {
namespace {

constexpr std::size_t kRegionLengthMax = 32;

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= kRegionLengthMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

S3Addressing read_addressing(Environment& environment) {
  constexpr std::string_view kName = "PODIUM_S3_ADDRESSING";
  const std::string text = environment.text(kName, "auto");
  if (text == "path") return S3Addressing::path;
  if (text == "virtual") return S3Addressing::virtual_host;
  if (text != "auto") environment.problem(kName, "must be auto, path or virtual");
  return S3Addressing::automatic;
}

S3Options read_s3_options(Environment& environment, const std::string& address) {
  S3Options options;
  if (const auto read = read_s3_address(address, options); !read) {
    environment.problem("PODIUM_ARTIFACTS", read.error().detail);
  }
  options.endpoint = environment.text("AWS_ENDPOINT_URL_S3", "");
  if (options.endpoint.ends_with('/')) options.endpoint.pop_back();
  if (!options.endpoint.empty()) {
    if (const auto good = check_s3_endpoint(options.endpoint); !good) {
      environment.problem("AWS_ENDPOINT_URL_S3", good.error().detail);
    }
  }
  options.addressing = read_addressing(environment);
  options.signing.region = environment.text("AWS_REGION", options.signing.region);
  if (!is_region(options.signing.region)) {
    environment.problem("AWS_REGION", "must be a region such as eu-central-1");
  }
  options.signing.access_key = environment.secret("AWS_ACCESS_KEY_ID").reveal();
  options.signing.secret_key = environment.secret("AWS_SECRET_ACCESS_KEY");
  options.signing.session_token = environment.secret("AWS_SESSION_TOKEN");
  if (options.signing.access_key.empty() || options.signing.secret_key.empty()) {
    environment.problem("AWS_ACCESS_KEY_ID",
                        "and AWS_SECRET_ACCESS_KEY are needed for artifacts in a bucket");
  }
  return options;
}

}  // namespace

ArtifactOptions read_artifact_options(Environment& environment) {
  ArtifactOptions options;
  const std::string place = environment.text("PODIUM_ARTIFACTS", options.folder.string());
  if (place.contains("://")) {
    options.s3 = read_s3_options(environment, place);
  } else {
    options.folder = place;
  }
  return options;
}

CredentialFinding check_artifact_credentials(const ArtifactOptions& options,
                                             const std::stop_token& stop) {
  if (!options.s3) {
    return {.state = CredentialState::not_configured,
            .detail = "artifacts are in a folder",
            .next_step = "PODIUM_ARTIFACTS=s3://BUCKET keeps them in a bucket"};
  }
  const S3Options& once = *options.s3;
  const auto answer = S3Client{once}.attempt(
      {.object = "credentials/no-such-object", .total_timeout = kCredentialCheckMax, .stop = stop});
  // The store's own words are left out of its errors; see s3_answers.hpp.
  const std::string host = s3_origin(once);
  if (answer || answer.error().error.is(errors::kNotFound)) {
    return {.state = CredentialState::accepted, .detail = host + " knows the bucket and the keys"};
  }
  const Error& error = answer.error().error;
  const bool refused = error.is(errors::kPermission) || error.is(errors::kConfiguration);
  return {.state = refused ? CredentialState::refused : CredentialState::unreachable,
          .detail = host + ": " + error.text(),
          .next_step = refused ? "correct AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the bucket "
                                 "in .env, then ./podium up"
                               : "check AWS_ENDPOINT_URL_S3 and this machine's network"};
}

Result<std::unique_ptr<ArtifactStore>> open_artifact_store(const ArtifactOptions& options) {
  if (options.s3) return open_s3_store(*options.s3);
  return open_directory_store(options.folder);
}

}  // namespace podium
