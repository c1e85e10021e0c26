#include "libs/chassis/http/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace podium {
namespace {

struct CloseUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CloseUrl>;

struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};
using CurlText = std::unique_ptr<char, FreeText>;

// Empty when there is no such part.
std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  const CurlText owner{text};
  std::string copy{text};
  std::ranges::transform(copy, copy.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return copy;
}

}  // namespace

std::optional<UrlParts> parse_url(std::string_view text) {
  const bool is_visible_ascii =
      std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
  const CurlUrl url{curl_url()};
  if (!is_visible_ascii || url == nullptr) return std::nullopt;
  const std::string terminated{text};
  const auto code =
      curl_url_set(url.get(), CURLUPART_URL, terminated.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return std::nullopt;
  UrlParts parts{.scheme = part_of(url.get(), CURLUPART_SCHEME),
                 .host = part_of(url.get(), CURLUPART_HOST),
                 .has_user = !part_of(url.get(), CURLUPART_USER).empty() ||
                             !part_of(url.get(), CURLUPART_PASSWORD).empty()};
  if (parts.host.empty()) return std::nullopt;
  return parts;
}

bool is_http_url(std::string_view text) {
  const auto url = parse_url(text);
  return url && (url->scheme == "http" || url->scheme == "https");
}

}  // namespace podium
