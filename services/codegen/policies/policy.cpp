#include "services/codegen/policies/policy.hpp"

#include <algorithm>
#include <vector>

#include "services/codegen/policies/balanced_policy.hpp"
#include "services/codegen/policies/greedy_policy.hpp"
#include "services/codegen/policies/tree_policy.hpp"

namespace podium::codegen {

std::span<const SearchPolicy> search_policies() {
  static const std::vector<SearchPolicy> kPolicies{balanced_policy(), greedy_policy(),
                                                   tree_policy()};
  return kPolicies;
}

const SearchPolicy& policy_named(std::string_view name) {
  const auto all = search_policies();
  const auto found = std::ranges::find(all, name, &SearchPolicy::name);
  return found == all.end() ? all.front() : *found;
}

}  // namespace podium::codegen
