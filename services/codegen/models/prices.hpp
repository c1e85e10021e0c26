// What calls cost: prices per model from a file (prices.json), and the cost of a usage. Constant
// after loading; shared by all threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen::models {

/// In nano-USD per token, which is a thousandth of USD per million tokens.
struct ModelPrice {
  std::int64_t input = 0;
  std::int64_t cached = 0;
  std::int64_t cache_write = 0;
  std::int64_t output = 0;
  /// Longer prompts cost more, and how much is not known here.
  std::uint64_t prompt_tokens_max = UINT64_MAX;
};

class PriceList {
 public:
  /// Reads `{"prices": [{"model", "input", "cached", "cache_write", "output",
  /// "prompt_tokens_max"}]}`, USD per million tokens. `cached` and `cache_write` are the input's
  /// when they are left out; without `prompt_tokens_max` the price holds for every prompt.
  /// CONFIGURATION with the place when something is missing or not a price.
  static Result<PriceList> parse(std::string_view text);
  /// CONFIGURATION when there is no such file.
  static Result<PriceList> load(const std::filesystem::path& file);

  /// The price of the longest entry that names the model: the same name, or the same with a date,
  /// a version or `-latest` behind it ("gpt-5" prices "gpt-5-2025-08-07", not "gpt-5-pro"). An
  /// entry that ends with `*` prices all that begins so. A vendor's name before a slash
  /// ("openai/gpt-5") does not count unless an entry has it. nullopt: unknown, which is to be told,
  /// never taken for free.
  std::optional<ModelPrice> price_of(std::string_view model) const;

  /// Rounded up to whole micro-USD; nullopt when the price of the model or of so long a prompt is
  /// unknown.
  std::optional<std::int64_t> cost_micro_usd(std::string_view model, const ModelUsage& usage) const;

 private:
  struct Entry {
    std::string model;
    ModelPrice price;
  };
  const Entry* longest_match(std::string_view model) const;

  std::vector<Entry> entries_;
};

}  // namespace podium::codegen::models
