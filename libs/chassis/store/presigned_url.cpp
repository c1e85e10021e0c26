#include "libs/chassis/store/presigned_url.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <format>
#include <stdexcept>

#include "libs/chassis/ids.hpp"

namespace podium {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t kDigestBytes = 32;

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, kDigestBytes> digest{};
  unsigned bytes = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &bytes) == nullptr ||
      bytes != kDigestBytes) {
    throw std::runtime_error{"OpenSSL offers no HMAC with SHA-256"};
  }
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hex_of(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += std::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

// Sorted by name, as a map is; names and values encoded.
std::string query_text(const std::map<std::string, std::string>& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text += percent_encode(name) + "=" + percent_encode(value);
  }
  return text;
}

}  // namespace

std::string aws_signing_key(const AwsSigning& signing, std::string_view date) {
  const std::string of_date = hmac_sha256("AWS4" + signing.secret_key.reveal(), date);
  const std::string of_region = hmac_sha256(of_date, signing.region);
  return hmac_sha256(hmac_sha256(of_region, signing.service), "aws4_request");
}

std::string presigned_url(const PresignedGet& get, const AwsSigning& signing) {
  const std::string date = std::format("{:%Y%m%d}", get.time);
  const std::string time = std::format("{:%Y%m%dT%H%M%SZ}", get.time);
  const std::string scope = date + "/" + signing.region + "/" + signing.service + "/aws4_request";
  auto query = get.query;
  query["X-Amz-Algorithm"] = kAlgorithm;
  query["X-Amz-Credential"] = signing.access_key + "/" + scope;
  query["X-Amz-Date"] = time;
  query["X-Amz-Expires"] = std::to_string(get.lifetime.count());
  query["X-Amz-SignedHeaders"] = "host";
  if (!signing.session_token.empty()) {
    query["X-Amz-Security-Token"] = signing.session_token.reveal();
  }
  const std::string parameters = query_text(query);
  const std::string host = get.origin.substr(get.origin.find("://") + 3);
  const std::string canonical_request =
      "GET\n" + get.path + "\n" + parameters + "\nhost:" + host + "\n\nhost\nUNSIGNED-PAYLOAD";
  const std::string to_sign =
      std::string{kAlgorithm} + "\n" + time + "\n" + scope + "\n" + sha256_hex(canonical_request);
  const std::string signature = hex_of(hmac_sha256(aws_signing_key(signing, date), to_sign));
  return get.origin + get.path + "?" + parameters + "&X-Amz-Signature=" + signature;
}

}  // namespace podium
