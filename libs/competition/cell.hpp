// What one cell of a table says: missing, a number, a truth value, a label. Read as pandas reads it
// by default, because the programs in the sandbox do. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace podium::competition {

/// True for the spellings that pandas takes for missing (`read_csv`, `na_values`): the empty cell,
/// NA, N/A, NaN, null, None and their kin. Case matters: "none" is a word.
bool is_missing(std::string_view cell);

/// True for what a submission check takes for missing, whatever the case: empty, nan, na, null,
/// none.
bool is_blank_prediction(std::string_view cell);

/// The number that the trimmed cell spells in decimal or scientific notation, infinities included;
/// nullopt for anything else (hexadecimal, "1,000", "12%", NaN).
std::optional<double> parse_number(std::string_view cell);

/// true or false as pandas reads booleans: True, TRUE, true, False, FALSE, false.
std::optional<bool> parse_boolean(std::string_view cell);

/// True for an optional sign and decimal digits.
bool is_integer_text(std::string_view cell);

/// One spelling per label: 1, 1.0 and " 1" are "1"; true is "True"; other text is trimmed.
std::string normal_label(std::string_view cell);

/// The cell as a field of a comma-separated file (RFC 4180): quoted only where it must be.
void append_csv_field(std::string& out, std::string_view cell, char delimiter);

}  // namespace podium::competition
