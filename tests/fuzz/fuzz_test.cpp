// The fuzz targets on their corpus and a few changes of it, the same ones each time: that what was
// once found stays mended, and that the targets work. The search itself is `./podium fuzz`.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = PODIUM_SOURCE_DIR "/tests/fuzz/corpus";
/// Changes of each input: together some seconds.
constexpr int kChanges = 30;
constexpr std::size_t kBytesMax = 4'096;

std::vector<std::string> corpus_of(std::string_view target) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{kCorpus / target}) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> inputs;
  for (const auto& file : files) {
    std::ifstream in{file, std::ios::binary};
    inputs.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
  }
  return inputs;
}

/// One to four bytes changed, taken out, put in or doubled, or another input's end.
std::string changed(std::string input, const std::vector<std::string>& others, std::mt19937& dice) {
  const auto below = [&](std::size_t end) { return end == 0 ? 0 : dice() % end; };
  for (auto times = 1 + below(4); times > 0; --times) {
    const auto at = below(input.size() + 1);
    switch (dice() % 5) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(dice());
        break;
      case 1:
        input.erase(at, below(8));
        break;
      case 2:
        input.insert(at, 1, static_cast<char>(dice()));
        break;
      case 3:
        input.insert(at, input.substr(at, below(64)));
        break;
      default: {
        const auto& other = others[below(others.size())];
        input = input.substr(0, at) + other.substr(below(other.size() + 1));
      }
    }
  }
  input.resize(std::min(input.size(), kBytesMax));
  return input;
}

class FuzzTargets : public ::testing::TestWithParam<FuzzTarget> {};

TEST_P(FuzzTargets, HoldsOnItsCorpusAndChangesOfIt) {
  const auto& target = GetParam();
  const auto inputs = corpus_of(target.name);
  ASSERT_FALSE(inputs.empty());
  target.run("");
  // With --gtest_shuffle and --gtest_repeat each round makes other changes.
  std::mt19937 dice{7U + static_cast<unsigned>(::testing::UnitTest::GetInstance()->random_seed())};
  for (const auto& input : inputs) {
    target.run(input);
    for (int number = 0; number < kChanges; ++number) target.run(changed(input, inputs, dice));
  }
}

INSTANTIATE_TEST_SUITE_P(All, FuzzTargets, ::testing::ValuesIn(kFuzzTargets),
                         [](const auto& info) { return std::string{info.param.name}; });

}  // namespace
}  // namespace podium::fuzz
