// Tables as competitions have them, of any length: an id, numbers, words, dates. Packs to about a
// third. The same seed makes the same rows.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace podium::scraper::bench {

inline constexpr std::uint64_t kMegabyte = 1'000'000;

class TableText {
 public:
  explicit TableText(unsigned seed) : dice_{seed} {}

  static std::string header() { return "id,amount,kind,when,label\n"; }
  void append_row(std::string& text);

 private:
  std::mt19937 dice_;
  std::uint64_t rows_ = 0;
};

}  // namespace podium::scraper::bench
