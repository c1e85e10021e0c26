// Brings a PostgreSQL database to what schemas/sql says: roles with their passwords, schema,
// tables, functions, views, grants. Part of the set-up step; safe to repeat and to run twice at
// once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"

namespace podium::setup {

/// A role that a service connects as.
struct SqlRole {
  std::string name;
  Secret password;
};

/// podium_tracker, podium_gateway and podium_codegen, each with the password that stands in the
/// file postgres_<service> of the folder (postgres_tracker ...). CONFIGURATION names every file
/// that is missing or empty.
Result<std::vector<SqlRole>> read_sql_roles(const std::filesystem::path& secrets_folder);

/// Makes the roles and sets their passwords, then applies what is new in `folder`, each file in a
/// transaction of its own, under an advisory lock. Returns the names of the files that were
/// applied; none when the database was up to date. CONFIGURATION when a file is misnamed, was
/// changed after it had been applied, or is missing; else the error of the statement that failed,
/// with the file's name. Files before the failed one stay applied, so that a repetition goes on
/// there. `as_owner` connects as the owner of the database, who may make roles.
Result<std::vector<std::string>> apply_sql(Database& as_owner, const std::filesystem::path& folder,
                                           const std::vector<SqlRole>& roles);

}  // namespace podium::setup
