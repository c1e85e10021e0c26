// Who may ask. Without API keys the gateway answers whoever reaches it under one of its own names,
// but no page of another site; with keys, whoever shows one, as the tenant that the key is named
// after. A signed link opens its one address to whoever holds it, from any page, until it expires.
// Pure but for read_api_keys. Thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"

namespace podium::gateway {

/// Tenant of everybody while there are no API keys.
inline constexpr std::string_view kDefaultTenant = "default";

struct ApiKey {
  /// Names the tenant; an id.
  std::string name;
  /// sha256 of the key: compared in constant time, and no key stays in memory.
  std::string sha256;
};

/// Lines `name:key`; empty lines and those that begin with # are left out. CONFIGURATION when the
/// file cannot be read, a name is no id, a key is shorter than 16 characters, or a name stands
/// twice.
Result<std::vector<ApiKey>> read_api_keys(const std::filesystem::path& file);
Result<std::vector<ApiKey>> parse_api_keys(std::string_view text);

struct AccessOptions {
  std::vector<ApiKey> keys;
  /// Host names besides localhost, 127.0.0.1 and [::1] that the gateway answers to; lower case,
  /// without port. "*" answers to all.
  std::vector<std::string> hosts;
  /// Shared with the notifier, which signs links; empty where nobody does.
  Secret link_key = {};
};

struct Caller {
  std::string tenant;
  /// Tenant whose jobs may be seen; empty means all.
  std::string sees;
};

class Access {
 public:
  explicit Access(AccessOptions options);

  /// What to answer instead, or nothing when the request may go on. Health, metrics and the
  /// descriptions of the API need no key.
  std::optional<HttpResponse> refuse(const HttpRequest& request, TimePoint now) const;

  /// Of a request that was not refused.
  Caller caller_of(const HttpRequest& request) const;

 private:
  const ApiKey* key_of(const HttpRequest& request) const;
  bool is_own_host(std::string_view host) const;
  std::optional<HttpResponse> refuse_link(const HttpRequest& request, TimePoint now) const;

  AccessOptions options_;
};

}  // namespace podium::gateway
