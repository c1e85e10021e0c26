#include "cli/setup/nats_config.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <format>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace podium::setup {
namespace {

using nlohmann::json;

constexpr mode_t kOwnerOnly = 0600;

constexpr std::string_view kServer = R"(# Made by `podium setup nats-config`; do not edit.
server_name: podium
port: 4222
http_port: 8222
max_payload: 1MB
ping_interval: "20s"
jetstream {{
  store_dir: "/var/lib/nats"
  max_file_store: {}
  sync_interval: {}
}}
accounts {{
  PODIUM {{
    jetstream: enabled
    users: [
{}    ]
  }}
}}
)";

Result<std::string> text_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  if (!stream) return fail(errors::kConfiguration, "cannot read " + file.string());
  std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

std::string user_entry(const std::string& name, const std::string& password,
                       const NatsRights& rights) {
  const json permissions = {{"publish", {{"allow", rights.publish}}},
                            {"subscribe", {{"allow", rights.subscribe}}}};
  return std::format("      {{user: {}, password: {}, permissions: {}}}\n", json(name).dump(),
                     json(password).dump(), permissions.dump());
}

/// nats.c writes passwords into JSON as they are, so a quote or backslash would cut the connection.
bool is_sendable(std::string_view password) {
  return std::ranges::all_of(password, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F && c != '"' && c != '\\';
  });
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::string> nats_config(const NatsConfigOptions& options) {
  const auto permissions = json::parse(PODIUM_TRY(text_of(options.permissions)), nullptr, false);
  if (!permissions.is_object() || !permissions.contains("users")) {
    return fail(errors::kConfiguration, options.permissions.string() + " is not JSON with users");
  }
  std::string users;
  std::string missing;
  for (const auto& [name, entry] : permissions.at("users").items()) {
    const auto rights = PODIUM_TRY(rights_of(name, entry.dump()));
    const auto password = text_of(options.secrets / ("nats_" + name));
    if (password && !is_sendable(*password)) {
      return fail(errors::kConfiguration,
                  std::format("{}/nats_{} holds a quote, a backslash or a control character, which "
                              "clients cannot send",
                              options.secrets.string(), name));
    }
    if (!password || password->empty()) {
      missing += std::format(" {}/nats_{}", options.secrets.string(), name);
      continue;
    }
    users += user_entry(name, *password, rights);
  }
  if (!missing.empty()) {
    return fail(errors::kConfiguration, "password files missing or empty:" + missing);
  }
  return std::format(kServer, options.store_bytes, json(options.sync_interval).dump(), users);
}

Result<void> write_private_file(const std::filesystem::path& file, std::string_view text) {
  const auto temporary = file.string() + ".new";
  // One that a killed step left behind may be open to others: it is never written on.
  unlink(temporary.c_str());
  const int descriptor =
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (descriptor < 0) return fail(errors::kConfiguration, "cannot write " + temporary);
  const bool written = write_all(descriptor, text) && fsync(descriptor) == 0;
  close(descriptor);
  std::error_code failed;
  if (written) std::filesystem::rename(temporary, file, failed);
  if (!written || failed) return fail(errors::kConfiguration, "cannot write " + file.string());
  return {};
}

}  // namespace podium::setup
