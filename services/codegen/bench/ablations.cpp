#include "services/codegen/bench/ablations.hpp"

#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "services/codegen/policies/balanced_policy.hpp"
#include "services/codegen/policies/greedy_policy.hpp"

namespace podium::codegen::bench {
namespace {

constexpr auto kNever = std::numeric_limits<std::uint32_t>::max();

SearchPolicy changed(std::string name, const std::function<void(BalancedSettings&)>& change) {
  BalancedSettings settings;
  change(settings);
  auto policy = balanced_policy(settings);
  policy.name = std::move(name);
  return policy;
}

}  // namespace

std::vector<SearchPolicy> ablations() {
  return {
      balanced_policy(),
      changed("no merges", [](auto& one) { one.merges_max = 0; }),
      changed("no ensemble", [](auto& one) { one.ensembles_max = 0; }),
      changed("noise not heeded", [](auto& one) { one.heed_noise = false; }),
      changed("nothing is closed",
              [](auto& one) { one.fruitless_improves_max = one.stagnant_branch_max = kNever; }),
      changed("only the best improved", [](auto& one) { one.pool_first = one.pool_last = 1; }),
      changed("pool never shrinks", [](auto& one) { one.pool_last = one.pool_first; }),
      changed("no later drafts", [](auto& one) { one.fresh_draft_probability = 0; }),
      changed("no repairs", [](auto& one) { one.debug_depth_max = 0; }),
      changed("always repairs", [](auto& one) { one.debug_advantage = 0; }),
      {.name = "greedy, 8 drafts", .next = greedy_policy({.drafts = 8}).next},
  };
}

}  // namespace podium::codegen::bench
