#include "services/scraper/kaggle/kaggle_storage.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <format>
#include <optional>

#include "libs/competition/text.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

struct AddressParts {
  std::string_view scheme;
  /// With the port.
  std::string_view host;
  std::string_view path;
};

std::optional<AddressParts> parts_of(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const auto rest = url.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  const auto host = rest.substr(0, end);
  const bool plain = !host.empty() && host.find_first_of("@\\ \t\r\n") == std::string_view::npos;
  if (!plain) return std::nullopt;
  const auto path = rest.substr(end, rest.find_first_of("?#", end) - end);
  return AddressParts{url.substr(0, colon), host, path};
}

}  // namespace

bool is_storage_address(std::string_view url, const std::vector<std::string>& further_hosts) {
  const auto parts = parts_of(url);
  if (!parts) return false;
  if (std::ranges::find(further_hosts, parts->host) != further_hosts.end()) {
    return parts->scheme == "https" || parts->scheme == "http";
  }
  const auto host = competition::lower(parts->host);
  // Nothing that somebody else could read as another host: no port, no percent signs.
  const bool plain = std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  return parts->scheme == "https" && plain && host.ends_with(".googleapis.com");
}

Result<void> check_storage_address(std::string_view url,
                                   const std::vector<std::string>& further_hosts,
                                   const ErrorCode& reason) {
  if (is_storage_address(url, further_hosts)) return {};
  return fail(reason, std::format("Kaggle names a place that is not its own: {}",
                                  competition::clean_text(url.substr(0, url.find('?')),
                                                          kKaggleMessageBytesMax)));
}

std::string file_name_of(std::string_view url) {
  const auto parts = parts_of(url);
  if (!parts) return {};
  const auto name = std::filesystem::path{parts->path}.filename().string();
  const bool plain = !name.empty() && name != "." && name != ".." &&
                     std::ranges::all_of(name, [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
                     });
  return plain ? name : "";
}

HttpCall storage_call(std::string_view method, const std::string& url,
                      const std::stop_token& stop) {
  HttpCall call;
  call.method = method;
  call.url = url;
  call.connect_timeout = kKaggleConnectMax;
  call.total_timeout = std::chrono::milliseconds{0};
  call.idle_timeout = kKaggleIdleMax;
  call.response_bytes_max = kKaggleAnswerBytesMax;
  call.stop = stop;
  call.proxy_from_environment = true;
  return call;
}

}  // namespace podium::scraper
