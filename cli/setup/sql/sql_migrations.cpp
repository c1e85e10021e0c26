#include "cli/setup/sql/sql_migrations.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>
#include <fstream>
#include <iterator>

#include "cli/setup/sql/sql_plan.hpp"

namespace podium::setup {
namespace {

namespace fs = std::filesystem;

constexpr std::array kServices{"tracker", "gateway", "codegen"};
// Any number that nothing else in the database locks; the letters "podium".
constexpr std::int64_t kSetUpLock = 0x706f6469756d;

constexpr std::string_view kRoleExists = "SELECT 1 FROM pg_roles WHERE rolname = $1";

// A role's name cannot be a parameter of a statement about roles, but a setting can hold it.
constexpr std::string_view kNameRole = "SELECT set_config('podium.role', $1, false)";
constexpr std::string_view kCreateRole = R"(DO $$ BEGIN
  EXECUTE format('CREATE ROLE %I', current_setting('podium.role'));
END $$)";
constexpr std::string_view kBoundRole = R"(DO $$ BEGIN
  EXECUTE format(
      'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS',
      current_setting('podium.role'));
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(),
                 current_setting('podium.role'));
END $$)";

// Nobody gets a right by being anybody. The index treats NULL as a value: one row a repeatable
// file.
constexpr std::string_view kFoundation = R"(
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS podium;
CREATE TABLE IF NOT EXISTS podium.schema_migrations (
  version     integer,
  description text        NOT NULL,
  checksum    text        NOT NULL,
  applied_at  timestamptz NOT NULL,
  duration_ms bigint      NOT NULL,
  UNIQUE NULLS NOT DISTINCT (version, description)
);)";

constexpr std::string_view kApplied =
    "SELECT version, description, checksum FROM podium.schema_migrations";

constexpr std::string_view kLockTimeout = "SET LOCAL lock_timeout = '10s'";

constexpr std::string_view kRecord = R"(
  INSERT INTO podium.schema_migrations (version, description, checksum, applied_at, duration_ms)
  VALUES ($1, $2, $3, now(), $4)
  ON CONFLICT (version, description) DO UPDATE
  SET checksum = excluded.checksum, applied_at = excluded.applied_at,
      duration_ms = excluded.duration_ms)";

Result<std::string> read_file(const fs::path& path) {
  std::ifstream stream{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{stream}, {}};
  if (!stream.is_open() || stream.bad()) {
    return fail(errors::kConfiguration, std::format("{} cannot be read", path.string()));
  }
  return text;
}

Result<std::vector<SqlFile>> read_sql_files(const fs::path& folder) {
  std::error_code problem;
  std::vector<SqlFile> files;
  for (const auto& entry : fs::directory_iterator{folder, problem}) {
    if (entry.path().extension() != ".sql") continue;
    std::string text = PODIUM_TRY(read_file(entry.path()));
    auto file = make_sql_file(entry.path().filename().string(), std::move(text));
    if (!file) return fail(errors::kConfiguration, file.error().detail);
    files.push_back(std::move(*file));
  }
  if (problem || files.empty()) {
    return fail(errors::kConfiguration, std::format("{} holds no SQL files", folder.string()));
  }
  return files;
}

// True when the role had to be made.
Result<bool> ensure_role(Session& session, const SqlRole& role) {
  const bool missing = PODIUM_TRY(session.run(kRoleExists, {role.name}))->size() == 0;
  PODIUM_TRY(session.run(kNameRole, {role.name}));
  if (missing) PODIUM_TRY(session.run_script(kCreateRole));
  PODIUM_TRY(session.run_script(kBoundRole));
  PODIUM_TRY(session.change_password(role.name, role.password));
  return missing;
}

Result<bool> ensure_roles(Session& session, const std::vector<SqlRole>& roles) {
  bool made = false;
  for (const SqlRole& role : roles) {
    const bool missing = PODIUM_TRY(ensure_role(session, role));
    made = made || missing;
  }
  return made;
}

Result<std::vector<AppliedSql>> read_applied(Session& session) {
  const auto rows = PODIUM_TRY(session.run(kApplied));
  std::vector<AppliedSql> applied;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    AppliedSql& entry = applied.emplace_back();
    if (!rows->is_null(row, "version")) {
      entry.version = static_cast<int>(rows->integer(row, "version"));
    }
    entry.description = rows->text(row, "description");
    entry.checksum = rows->text(row, "checksum");
  }
  return applied;
}

Result<void> apply_file(Session& session, const SqlFile& file) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  return session.transaction([&](Session& inside) -> Result<void> {
    PODIUM_TRY(inside.run(kLockTimeout));
    PODIUM_TRY(inside.run_script(file.text));
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    const SqlValue version = file.version ? SqlValue{*file.version} : SqlValue{std::nullopt};
    PODIUM_TRY(inside.run(kRecord, {version, file.description, file.checksum, spent.count()}));
    return {};
  });
}

}  // namespace

Result<std::vector<SqlRole>> read_sql_roles(const fs::path& secrets_folder) {
  std::vector<SqlRole> roles;
  std::string missing;
  for (const char* service : kServices) {
    const fs::path path = secrets_folder / std::format("postgres_{}", service);
    std::string password = read_file(path).value_or("");
    while (password.ends_with('\n') || password.ends_with('\r')) password.pop_back();
    if (password.empty()) missing += std::format(" {}", path.string());
    roles.push_back({.name = std::format("podium_{}", service), .password = Secret{password}});
  }
  if (!missing.empty()) {
    return fail(errors::kConfiguration,
                std::format("these files should hold a password and do not:{}", missing));
  }
  return roles;
}

Result<std::vector<std::string>> apply_sql(Database& as_owner, const fs::path& folder,
                                           const std::vector<SqlRole>& roles) {
  std::vector<SqlFile> files = PODIUM_TRY(read_sql_files(folder));
  const auto session = PODIUM_TRY(as_owner.session());
  PODIUM_TRY(session->run("SELECT pg_advisory_lock($1)", {kSetUpLock}));
  const bool roles_are_new = PODIUM_TRY(ensure_roles(*session, roles));
  const auto founded =
      session->transaction([](Session& inside) { return inside.run_script(kFoundation); });
  if (!founded) return std::unexpected{founded.error()};
  const auto applied = PODIUM_TRY(read_applied(*session));
  const auto plan = PODIUM_TRY(plan_sql(std::move(files), applied, roles_are_new));

  std::vector<std::string> names;
  for (const SqlFile& file : plan) {
    if (auto done = apply_file(*session, file); !done) {
      return fail(*done.error().code, std::format("{}: {}", file.name, done.error().detail));
    }
    names.push_back(file.name);
  }
  return names;
}

}  // namespace podium::setup
