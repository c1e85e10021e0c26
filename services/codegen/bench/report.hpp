// The simulator's results for people (plain tables) and for programs (JSON). Pure.
#pragma once

#include <string>
#include <vector>

#include "services/codegen/bench/comparison.hpp"

namespace podium::codegen::bench {

/// One line a combination.
std::string table_of(const std::vector<Cell>& cells);

/// How much faster a job of as many candidates is with more workers; the first cell of a policy is
/// what the others are compared with.
std::string speed_table_of(const std::vector<Cell>& cells);

/// `[{"landscape": "smooth", "workers": 1, "policy": "greedy", "regret": {"mean": ..., "error": ...
std::string json_of(const std::vector<Cell>& cells);

}  // namespace podium::codegen::bench
