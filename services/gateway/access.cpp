#include "services/gateway/access.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <fstream>
#include <iterator>

#include "libs/chassis/digest.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/signed_link.hpp"
#include "services/gateway/errors.hpp"

namespace podium::gateway {
namespace {

constexpr std::size_t kApiKeyBytesMin = 16;
constexpr std::array<std::string_view, 3> kLoopbackHosts{"localhost", "127.0.0.1", "[::1]"};
constexpr std::array<std::string_view, 6> kOpenPaths{"/health",  "/livez",        "/readyz",
                                                     "/metrics", "/openapi.yaml", "/asyncapi.yaml"};

std::string lower(std::string_view text) {
  std::string lowered{text};
  std::ranges::transform(lowered, lowered.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

/// "localhost:8080" -> "localhost", "[::1]:8080" -> "[::1]".
std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return host;
  return host.substr(0, colon);
}

/// A request by a signed link, whole or not: nothing else has these in its query. Only results have
/// such links.
bool is_by_link(const HttpRequest& request) {
  return request.path.starts_with("/result/") &&
         (request.query.contains("signature") || request.query.contains("expires"));
}

/// A page of this gateway names it as its origin: scheme, and the host that the request is for.
bool is_own_origin(std::string_view origin, std::string_view host) {
  return origin == std::format("http://{}", host) || origin == std::format("https://{}", host);
}

bool is_cross_site(const HttpRequest& request, const std::string& host) {
  const std::string origin = lower(request.header("origin"));
  if (!origin.empty()) return !is_own_origin(origin, host);
  return lower(request.header("sec-fetch-site")) == "cross-site";
}

Result<ApiKey> parse_api_key(std::string_view line) {
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  const auto key = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (!is_valid_id(name)) {
    return fail(podium::errors::kConfiguration,
                "PODIUM_API_KEYS_FILE: a line must be name:key, the name of [a-z0-9-]");
  }
  if (key.size() < kApiKeyBytesMin) {
    return fail(podium::errors::kConfiguration,
                std::format("PODIUM_API_KEYS_FILE: the key of {} is shorter than {} characters",
                            name, kApiKeyBytesMin));
  }
  return ApiKey{.name = std::string{name}, .sha256 = sha256_hex(key)};
}

}  // namespace

Result<std::vector<ApiKey>> read_api_keys(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) {
    return fail(podium::errors::kConfiguration,
                "PODIUM_API_KEYS_FILE: cannot read " + file.string());
  }
  return parse_api_keys(std::string{std::istreambuf_iterator<char>{stream}, {}});
}

Result<std::vector<ApiKey>> parse_api_keys(std::string_view text) {
  std::vector<ApiKey> keys;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) {
      line.remove_suffix(1);
    }
    if (line.empty() || line.starts_with('#')) continue;
    ApiKey key = PODIUM_TRY(parse_api_key(line));
    if (std::ranges::contains(keys, key.name, &ApiKey::name)) {
      return fail(podium::errors::kConfiguration,
                  "PODIUM_API_KEYS_FILE: two keys have the name " + key.name);
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

Access::Access(AccessOptions options) : options_{std::move(options)} {}

std::optional<HttpResponse> Access::refuse(const HttpRequest& request, TimePoint now) const {
  const std::string host = lower(request.header("host"));
  if (!is_own_host(without_port(host))) {
    return problem(Error{&errors::kHostRefused, "the Host header names none of this gateway's"});
  }
  // Before the check of the site: people open links from the page of their mail.
  if (is_by_link(request)) return refuse_link(request, now);
  if (is_cross_site(request, host)) {
    return problem(Error{&errors::kCrossSite, "the request comes from a page of another site"});
  }
  if (options_.keys.empty() || std::ranges::contains(kOpenPaths, request.path)) return std::nullopt;
  if (key_of(request) != nullptr) return std::nullopt;
  HttpResponse response =
      problem(Error{&errors::kApiKeyRefused, "the request shows no key that is known"});
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

std::optional<HttpResponse> Access::refuse_link(const HttpRequest& request, TimePoint now) const {
  const auto state =
      check_link(request.path, request.query_value("expires").value_or(""),
                 request.query_value("signature").value_or(""), now, options_.link_key);
  if (state == LinkState::valid) return std::nullopt;
  return problem(Error{&errors::kLinkRefused, state == LinkState::expired
                                                  ? "the link has expired"
                                                  : "the link is not as it was made"});
}

Caller Access::caller_of(const HttpRequest& request) const {
  const ApiKey* key = key_of(request);
  if (key == nullptr) return {.tenant = std::string{kDefaultTenant}, .sees = {}};
  return {.tenant = key->name, .sees = key->name};
}

// Looks at every key, whether or not one has matched.
const ApiKey* Access::key_of(const HttpRequest& request) const {
  constexpr std::string_view kScheme = "bearer ";
  const std::string header = request.header("authorization");
  if (!lower(header.substr(0, kScheme.size())).starts_with(kScheme)) return nullptr;
  const std::string shown = sha256_hex(std::string_view{header}.substr(kScheme.size()));
  const ApiKey* found = nullptr;
  for (const ApiKey& key : options_.keys) {
    if (equal_in_constant_time(key.sha256, shown)) found = &key;
  }
  return found;
}

bool Access::is_own_host(std::string_view host) const {
  return std::ranges::contains(kLoopbackHosts, host) ||
         std::ranges::contains(options_.hosts, host) || std::ranges::contains(options_.hosts, "*");
}

}  // namespace podium::gateway
