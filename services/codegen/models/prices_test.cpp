#include "services/codegen/models/prices.hpp"

#include <gtest/gtest.h>

namespace podium::codegen::models {
namespace {

PriceList list() {
  return PriceList::parse(R"({"prices": [
    {"model": "gpt-5", "input": 1.25, "cached": 0.125, "output": 10},
    {"model": "gpt-5-mini", "input": 0.25, "output": 2, "prompt_tokens_max": 1000},
    {"model": "claude-x-4", "input": 3, "cached": 0.3, "cache_write": 3.75, "output": 15},
    {"model": "claude-x-4-5", "input": 4, "output": 16},
    {"model": "local-*", "input": 0, "output": 0},
    {"model": "reseller/gpt-5", "input": 2, "output": 20}]})")
      .value();
}

std::int64_t input_price(std::string_view model) {
  const auto price = list().price_of(model);
  return price ? price->input : -1;
}

TEST(Prices, AModelIsPricedWithItsEditions) {
  EXPECT_EQ(input_price("gpt-5"), 1250);
  EXPECT_EQ(input_price("gpt-5-2025-08-07"), 1250);
  EXPECT_EQ(input_price("gpt-5-latest"), 1250);
  EXPECT_EQ(input_price("gpt-5-mini"), 250);
  EXPECT_EQ(input_price("claude-x-4-20250514"), 3000);
  EXPECT_EQ(input_price("claude-x-4-5-20250929"), 4000);
  EXPECT_EQ(input_price("claude-x-4@20250514"), 3000);
}

TEST(Prices, AModelThatOnlyBeginsTheSameIsUnknown) {
  for (const auto* model : {"gpt-5-pro", "gpt-5.1", "gpt-50", "claude-x-4-6", "gpt", "", "other"}) {
    EXPECT_EQ(input_price(model), -1) << model;
  }
}

TEST(Prices, AStarPricesAllThatBeginsSo) {
  EXPECT_EQ(input_price("local-llama3:8b"), 0);
}

TEST(Prices, AVendorsNameBeforeASlashDoesNotCountUnlessItIsPriced) {
  EXPECT_EQ(input_price("anthropic/claude-x-4"), 3000);
  EXPECT_EQ(input_price("reseller/gpt-5"), 2000);
}

TEST(Prices, TheCostIsMadeOfItsPartsAndRoundedUp) {
  const ModelUsage usage{
      .input_tokens = 1000, .cached_tokens = 600, .cache_written_tokens = 300, .output_tokens = 50};
  // 100 x 3 + 600 x 0.3 + 300 x 3.75 + 50 x 15 micro-USD
  EXPECT_EQ(list().cost_micro_usd("claude-x-4", usage), 300 + 180 + 1125 + 750);
  EXPECT_EQ(list().cost_micro_usd("gpt-5", {.input_tokens = 1}), 2);
  EXPECT_EQ(list().cost_micro_usd("local-x", usage), 0);
  EXPECT_EQ(list().cost_micro_usd("claude-x-4-5", {.input_tokens = 10, .cached_tokens = 10}), 40)
      << "without a price of its own what is cached costs as much as the rest";
}

TEST(Prices, AnUnknownCostIsNeverTakenForFree) {
  EXPECT_EQ(list().cost_micro_usd("other", {.input_tokens = 10}), std::nullopt);
  EXPECT_EQ(list().cost_micro_usd("gpt-5-mini", {.input_tokens = 1001}), std::nullopt);
  EXPECT_TRUE(list().cost_micro_usd("gpt-5-mini", {.input_tokens = 1000}));
}

TEST(Prices, NonsenseDoesNotOverflow) {
  const ModelUsage usage{.input_tokens = UINT64_MAX, .output_tokens = UINT64_MAX};
  EXPECT_GT(list().cost_micro_usd("gpt-5", usage).value(), 0);
}

TEST(Prices, ABrokenFileIsRefusedWithThePlace) {
  for (const auto* text :
       {"", "[]", "{}", R"({"prices": [{"model": "x", "input": 1}]})",
        R"({"prices": [{"model": "x", "input": -1, "output": 1}]})",
        R"({"prices": [{"model": "x", "input": 1, "output": 1, "cached": "free"}]})",
        R"({"prices": [{"input": 1, "output": 1}]})"}) {
    const auto parsed = PriceList::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_TRUE(parsed.error().is(errors::kConfiguration));
  }
  EXPECT_FALSE(PriceList::load("/nowhere/prices.json"));
}

TEST(Prices, OurOwnFileIsWellFormed) {
  const auto prices = PriceList::load(PODIUM_SOURCE_DIR "/services/codegen/models/prices.json");
  ASSERT_TRUE(prices) << prices.error().text();
  for (const auto* model : {"claude-opus-5-5", "claude-sonnet-4-5-20250929", "gpt-5-mini",
                            "openai/gpt-5.4", "gemini-2.5-pro"}) {
    const auto price = prices->price_of(model);
    ASSERT_TRUE(price) << model;
    EXPECT_LE(price->cached, price->input) << model;
    EXPECT_LT(price->input, price->output) << model;
  }
}

}  // namespace
}  // namespace podium::codegen::models
