#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "libs/chassis/http/public_address.hpp"
#include "libs/chassis/http/url.hpp"
#include "services/scraper/kaggle/kaggle_storage.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void fuzz_addresses(std::string_view bytes) {
  const auto parts = parse_url(bytes);
  if (parts) demand(!parts->host.empty(), "an address has a host");
  demand(!is_http_url(bytes) || parts, "an http address can be taken apart");

  // Whatever may be asked for data is, to libcurl, a host of Google's, by TLS, without a user.
  if (scraper::is_storage_address(bytes, {}) && parts) {
    demand(parts->scheme == "https", "storage is asked by TLS");
    demand(parts->host.ends_with(".googleapis.com"), "storage is Google's");
    demand(!parts->has_user, "storage is asked as nobody");
  }
  const auto name = scraper::file_name_of(bytes);
  demand(name != ".." && name.find('/') == std::string::npos, "a file's name is no way out");

  sockaddr_storage address{};
  std::memcpy(&address, bytes.data(), std::min(bytes.size(), sizeof address));
  is_public_address(reinterpret_cast<const sockaddr*>(&address),
                    std::min(bytes.size(), sizeof address));
}

}  // namespace podium::fuzz
