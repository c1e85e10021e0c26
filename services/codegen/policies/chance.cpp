#include "services/codegen/policies/chance.hpp"

namespace podium::codegen {
namespace {

/// FNV-1a, which is the same on every machine; std::hash need not be.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  }
  return hash;
}

constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;

}  // namespace

Chance::Chance(const v1::SearchState& state)
    : at_{hash_of(state.job_id()) +
          static_cast<std::uint64_t>(state.candidates_size()) * 0xd1342543de82ef95ULL} {}

/// SplitMix64 (Steele, Lea, Flood 2014).
double Chance::draw() {
  at_ += kStep;
  std::uint64_t mixed = at_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
  mixed ^= mixed >> 31;
  return static_cast<double>(mixed >> 11) * 0x1.0p-53;
}

}  // namespace podium::codegen
