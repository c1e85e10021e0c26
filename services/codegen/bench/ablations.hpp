// The default policy with one of its parts taken away each time: what the part is worth. And greedy
// search with as many drafts as the default policy's.
#pragma once

#include <vector>

#include "services/codegen/policies/policy.hpp"

namespace podium::codegen::bench {

/// The whole policy first.
std::vector<SearchPolicy> ablations();

}  // namespace podium::codegen::bench
