#include "cli/setup/setup.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <print>

#include "cli/setup/jetstream_setup.hpp"
#include "cli/setup/nats_config.hpp"
#include "cli/setup/sql/sql_migrations.hpp"
#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/client.hpp"
#include "libs/chassis/postgres/postgres.hpp"

namespace podium::setup {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr std::chrono::milliseconds kProbeMax{3'000};

std::filesystem::path schemas_folder(Environment& environment) {
  return environment.text("PODIUM_SCHEMAS", "/usr/share/podium/schemas");
}

std::filesystem::path secrets_folder(Environment& environment) {
  return environment.text("PODIUM_SECRETS", "/run/secrets");
}

Result<void> make_nats_config(const std::filesystem::path& output) {
  Environment environment;
  NatsConfigOptions options;
  options.permissions = schemas_folder(environment) / "permissions.json";
  options.secrets = secrets_folder(environment);
  options.sync_interval = environment.text("PODIUM_NATS_SYNC", options.sync_interval);
  options.store_bytes = environment.bytes("PODIUM_NATS_STORE_BYTES", options.store_bytes);
  PODIUM_TRY(environment.check());
  const auto config = PODIUM_TRY(nats_config(options));
  PODIUM_TRY(write_private_file(output, config));
  std::println("nats-config  written  {}", output.string());
  return {};
}

Result<void> apply_database(Environment& environment) {
  const auto options = read_database_options(environment, "setup");
  const auto roles = PODIUM_TRY(read_sql_roles(secrets_folder(environment)));
  PODIUM_TRY(environment.check());
  auto database = PODIUM_TRY(Database::open(options));
  const auto applied = PODIUM_TRY(apply_sql(*database, schemas_folder(environment) / "sql", roles));
  for (const auto& name : applied) std::println("sql          applied  {}", name);
  if (applied.empty()) std::println("sql          unchanged");
  return {};
}

Result<void> apply_jetstream(Environment& environment) {
  const auto options = read_bus_options(environment, "admin");
  PODIUM_TRY(environment.check());
  const auto wanted =
      PODIUM_TRY(read_jetstream_plan(schemas_folder(environment) / "streams.json", environment));
  auto bus = PODIUM_TRY(Bus::connect(options));
  const auto changes = PODIUM_TRY(apply_jetstream_plan(*bus, wanted));
  for (const auto& change : changes) {
    std::println("{:<12} {:<8} {}", change.kind, change.what, change.name);
  }
  return {};
}

Result<void> apply() {
  Environment environment;
  PODIUM_TRY(apply_database(environment));
  return apply_jetstream(environment);
}

Result<void> probe(const std::string& url) {
  HttpCall call;
  call.url = url;
  call.total_timeout = kProbeMax;
  const auto answer = PODIUM_TRY(send_http(call));
  if (answer.status >= 200 && answer.status < 300) return {};
  return fail(errors::kUnavailable, std::to_string(answer.status) + " " + answer.body);
}

int usage() {
  std::println(stderr,
               "usage: podium setup nats-config --output FILE\n"
               "       podium setup apply\n"
               "       podium setup probe URL");
  return kExitUsage;
}

int told(const Result<void>& result) {
  if (result) return 0;
  std::println(stderr, "podium setup: {}\n{}", result.error().text(),
               result.error().code->sentence);
  return kExitFailed;
}

}  // namespace

int run_setup(const std::vector<std::string>& arguments) {
  const auto is = [&](std::string_view verb, std::size_t count) {
    return arguments.size() == count && arguments.front() == verb;
  };
  if (is("nats-config", 3) && arguments[1] == "--output") {
    return told(make_nats_config(arguments[2]));
  }
  if (is("apply", 1)) return told(apply());
  if (is("probe", 2)) return told(probe(arguments[1]));
  return usage();
}

}  // namespace podium::setup
