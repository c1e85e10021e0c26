#include "services/codegen/resource_tiers.hpp"

#include <algorithm>
#include <array>

#include "services/codegen/limits.hpp"

namespace podium::codegen {
namespace {

struct Tier {
  std::string_view name;
  std::uint32_t cpu_milli;
  std::uint64_t memory_bytes;
  std::uint32_t gpus;
};

/// Few and far apart, so that a wrong guess is mended in one step.
constexpr std::array kTiers{
    Tier{"small", 1'000, 2ULL << 30U, 0},
    Tier{"medium", 2'000, 4ULL << 30U, 0},
    Tier{"large", 4'000, 16ULL << 30U, 0},
    Tier{"gpu", 4'000, 16ULL << 30U, 1},
};
constexpr const Tier& kMedium = kTiers[1];
constexpr const Tier& kLarge = kTiers[2];
/// Runs that ended before what they took is heeded, and how much more is granted than was taken.
constexpr std::uint32_t kEarlierRunsMin = 3;
constexpr double kEarlierMemoryMargin = 1.5;
constexpr std::string_view kMark = "# podium: ";
/// A program says it at its head or not at all.
constexpr std::size_t kHeadBytesMax = 2'000;

v1::Resources resources_of(const Tier& tier) {
  v1::Resources resources;
  resources.set_cpu_milli(tier.cpu_milli);
  resources.set_memory_bytes(tier.memory_bytes);
  resources.set_gpus(tier.gpus);
  return resources;
}

bool holds(const Tier& tier, const v1::Resources& needs) {
  return tier.cpu_milli >= needs.cpu_milli() && tier.memory_bytes >= needs.memory_bytes() &&
         tier.gpus >= needs.gpus();
}

}  // namespace

ResourceTier tier_for(const v1::Resources& needs) {
  const bool known = needs.cpu_milli() > 0 || needs.memory_bytes() > 0 || needs.gpus() > 0;
  if (!known) return {kMedium.name, resources_of(kMedium)};
  const auto found =
      std::ranges::find_if(kTiers, [&](const Tier& tier) { return holds(tier, needs); });
  const Tier& tier = found == kTiers.end() ? (needs.gpus() > 0 ? kTiers.back() : kLarge) : *found;
  return {tier.name, resources_of(tier)};
}

v1::Resources needs_stated_in(std::string_view code) {
  const auto head = code.substr(0, kHeadBytesMax);
  const auto at = head.find(kMark);
  if (at == std::string_view::npos || (at > 0 && head[at - 1] != '\n')) return {};
  const auto rest = head.substr(at + kMark.size());
  const auto word = rest.substr(0, rest.find_first_of(" \r\n"));
  const auto found = std::ranges::find(kTiers, word, &Tier::name);
  // Only a request asks for GPUs: a queue that no executor reads would hold the job.
  return found == kTiers.end() || found->gpus > 0 ? v1::Resources{} : resources_of(*found);
}

v1::Resources needs_after(const v1::EarlierJobs& earlier, const v1::Resources& needs) {
  if (earlier.runs() < kEarlierRunsMin) return needs;
  const auto memory = static_cast<std::uint64_t>(kEarlierMemoryMargin *
                                                 static_cast<double>(earlier.memory_peak_bytes()));
  if (memory <= tier_for(needs).resources.memory_bytes()) return needs;
  auto more = needs;
  more.set_memory_bytes(memory);
  return more;
}

std::uint64_t more_memory_than(std::uint64_t memory_bytes) {
  std::uint64_t more = memory_bytes * 2;
  for (const Tier& tier : kTiers) {
    if (tier.memory_bytes > memory_bytes) {
      more = std::max(more, tier.memory_bytes);
      break;
    }
  }
  return std::min(more, kRunMemoryBytesMax);
}

}  // namespace podium::codegen
