// Finds the tables beside training and test table that can be joined to them. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/codegen/generator/column_roles.hpp"

namespace podium::codegen {

/// Tables that have one row for a key of ours: a shared column that identifies their rows, or else
/// all shared columns together. A column "hour" is shared when there are `clocks`: it is the hour
/// of the first.
std::vector<Lookup> find_lookups(const Problem& problem, const std::vector<std::string>& clocks);

/// Tables that have many rows for the column that names our rows.
std::vector<History> find_histories(const Problem& problem);

}  // namespace podium::codegen
