// What is to be done to bring a database to what a folder of SQL files says. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"

namespace podium::setup {

/// A file of schemas/sql. `NNNN_description.sql` has a version, is applied once, in order, and
/// never changes afterwards; `R__description.sql` has none and is applied again whenever it has
/// changed.
struct SqlFile {
  std::string name;
  std::optional<int> version;
  std::string description;
  std::string text;
  /// sha256 of the text.
  std::string checksum;
};

/// A row of podium.schema_migrations.
struct AppliedSql {
  std::optional<int> version;
  std::string description;
  std::string checksum;
};

/// Reads a file's name; INVALID when it has neither of the two forms.
Result<SqlFile> make_sql_file(std::string_view name, std::string text);

/// The files to apply, in the order to apply them: what has a version first. After a new version,
/// or when `roles_are_new`, every file without a version is applied, changed or not: it may lean on
/// what is new. CONFIGURATION when an applied file was changed or is missing, two files have the
/// same version, or a new one stands before an applied one.
Result<std::vector<SqlFile>> plan_sql(std::vector<SqlFile> files,
                                      const std::vector<AppliedSql>& applied, bool roles_are_new);

}  // namespace podium::setup
