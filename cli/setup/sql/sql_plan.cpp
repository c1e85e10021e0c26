#include "cli/setup/sql/sql_plan.hpp"

#include <algorithm>
#include <charconv>
#include <format>

#include "libs/chassis/ids.hpp"

namespace podium::setup {
namespace {

constexpr std::string_view kEnding = ".sql";
constexpr std::string_view kRepeatable = "R__";
constexpr std::size_t kVersionDigits = 4;

bool is_description(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::optional<int> version_in(std::string_view digits) {
  int version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  return whole && version > 0 ? std::optional{version} : std::nullopt;
}

// By version; what has none comes last, by description.
bool applies_before(const SqlFile& left, const SqlFile& right) {
  if (left.version.has_value() != right.version.has_value()) return left.version.has_value();
  if (left.version != right.version) return left.version < right.version;
  return left.description < right.description;
}

const AppliedSql* find_applied(const std::vector<AppliedSql>& applied, const SqlFile& file) {
  const auto found = std::ranges::find_if(applied, [&](const AppliedSql& row) {
    return file.version ? row.version == file.version
                        : !row.version && row.description == file.description;
  });
  return found == applied.end() ? nullptr : &*found;
}

Result<void> check_versions_are_unique(const std::vector<SqlFile>& sorted) {
  const auto same = std::ranges::adjacent_find(sorted, [](const auto& left, const auto& right) {
    return left.version && left.version == right.version;
  });
  if (same == sorted.end()) return {};
  return fail(errors::kConfiguration, std::format("{} and {} have the same version; rename one",
                                                  same->name, std::next(same)->name));
}

Result<void> check_nothing_is_missing(const std::vector<SqlFile>& files,
                                      const std::vector<AppliedSql>& applied) {
  for (const AppliedSql& row : applied) {
    const bool present = !row.version || std::ranges::any_of(files, [&](const SqlFile& file) {
      return file.version == row.version;
    });
    if (present) continue;
    return fail(
        errors::kConfiguration,
        std::format("the database has migration {:04}_{}, which this version of Podium does "
                    "not know: it was set up by a newer one; use that one or a copy of the "
                    "data from before",
                    *row.version, row.description));
  }
  return {};
}

Result<void> check_unchanged(const SqlFile& file, const AppliedSql& row) {
  if (row.checksum == file.checksum) return {};
  return fail(
      errors::kConfiguration,
      std::format("{} was changed after it had been applied (sha256 {} then, {} now): put it "
                  "back as it was and write what is new into a file with the next number",
                  file.name, row.checksum, file.checksum));
}

}  // namespace

Result<SqlFile> make_sql_file(std::string_view name, std::string text) {
  const auto refused = [&] {
    return fail(
        errors::kInvalid,
        std::format("{} is named neither 0001_what_it_does.sql nor R__what_it_is.sql", name));
  };
  if (!name.ends_with(kEnding)) return refused();
  const std::string_view stem = name.substr(0, name.size() - kEnding.size());
  SqlFile file{
      .name = std::string{name}, .version = {}, .description = {}, .text = {}, .checksum = {}};
  if (stem.starts_with(kRepeatable)) {
    file.description = stem.substr(kRepeatable.size());
  } else {
    if (stem.size() <= kVersionDigits || stem[kVersionDigits] != '_') return refused();
    file.version = version_in(stem.substr(0, kVersionDigits));
    if (!file.version) return refused();
    file.description = stem.substr(kVersionDigits + 1);
  }
  if (!is_description(file.description)) return refused();
  file.checksum = sha256_hex(text);
  file.text = std::move(text);
  return file;
}

Result<std::vector<SqlFile>> plan_sql(std::vector<SqlFile> files,
                                      const std::vector<AppliedSql>& applied, bool roles_are_new) {
  std::ranges::sort(files, applies_before);
  PODIUM_TRY(check_versions_are_unique(files));
  PODIUM_TRY(check_nothing_is_missing(files, applied));
  int newest = 0;
  for (const AppliedSql& row : applied) newest = std::max(newest, row.version.value_or(0));

  std::vector<SqlFile> plan;
  bool all_repeatables = roles_are_new;
  for (SqlFile& file : files) {
    const AppliedSql* row = find_applied(applied, file);
    if (!file.version) {
      const bool changed = row == nullptr || row->checksum != file.checksum;
      if (changed || all_repeatables) plan.push_back(std::move(file));
      continue;
    }
    if (row != nullptr) {
      PODIUM_TRY(check_unchanged(file, *row));
      continue;
    }
    if (*file.version < newest) {
      return fail(errors::kConfiguration,
                  std::format("{} stands before migration {:04}, which the database has already: "
                              "give it the next number",
                              file.name, newest));
    }
    all_repeatables = true;
    plan.push_back(std::move(file));
  }
  return plan;
}

}  // namespace podium::setup
