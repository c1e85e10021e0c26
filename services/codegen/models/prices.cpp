#include "services/codegen/models/prices.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>

#include "services/codegen/models/json_fields.hpp"

namespace podium::codegen::models {
namespace {

using nlohmann::json;

/// USD per million tokens; more is a slip of the pen.
constexpr double kPriceMax = 100'000;
/// Tokens of one call; more would overflow.
constexpr std::uint64_t kTokensMax = 1'000'000'000;

std::optional<std::int64_t> read_price(const json& entry, std::string_view name) {
  const json& value = field(entry, name);
  if (!value.is_number()) return std::nullopt;
  const auto usd = value.get<double>();
  if (!(usd >= 0 && usd <= kPriceMax)) return std::nullopt;
  return std::llround(usd * 1000);
}

bool is_absent(const json& entry, std::string_view name) {
  return field(entry, name).is_null();
}

// A date, a version of at least four digits, or "latest", after a separator.
bool is_edition(std::string_view rest) {
  if (rest.empty()) return true;
  if (rest.front() != '-' && rest.front() != '@' && rest.front() != ':') return false;
  rest.remove_prefix(1);
  if (rest == "latest") return true;
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  return digits >= 4 && rest.find_first_not_of("0123456789-") == std::string_view::npos;
}

bool prices(std::string_view entry, std::string_view model) {
  if (entry.ends_with('*')) return model.starts_with(entry.substr(0, entry.size() - 1));
  return model.starts_with(entry) && is_edition(model.substr(entry.size()));
}

std::int64_t part(std::uint64_t tokens, std::int64_t nano_usd) {
  return static_cast<std::int64_t>(std::min(tokens, kTokensMax)) * nano_usd;
}

}  // namespace

Result<PriceList> PriceList::parse(std::string_view text) {
  const json file = json::parse(text, nullptr, false);
  const json& prices = field(file, "prices");
  if (!prices.is_array()) return fail(errors::kConfiguration, "the prices have no list `prices`");
  PriceList list;
  for (const json& value : prices) {
    Entry entry{.model = text_field(value, "model"), .price = {}};
    const auto input = read_price(value, "input");
    const auto output = read_price(value, "output");
    const auto cached = is_absent(value, "cached") ? input : read_price(value, "cached");
    const auto written = is_absent(value, "cache_write") ? input : read_price(value, "cache_write");
    if (entry.model.empty() || !input || !output || !cached || !written) {
      return fail(errors::kConfiguration,
                  "price " + std::to_string(list.entries_.size() + 1) + " (" + entry.model +
                      ") needs a model, and prices in USD per million tokens");
    }
    entry.price = {.input = *input, .cached = *cached, .cache_write = *written, .output = *output};
    const auto most = count_field(value, "prompt_tokens_max");
    if (most > 0) entry.price.prompt_tokens_max = most;
    list.entries_.push_back(std::move(entry));
  }
  return list;
}

Result<PriceList> PriceList::load(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return fail(errors::kConfiguration, "cannot read the prices in " + file.string());
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  return parse(text);
}

const PriceList::Entry* PriceList::longest_match(std::string_view model) const {
  const Entry* best = nullptr;
  for (const Entry& entry : entries_) {
    if (!prices(entry.model, model)) continue;
    if (best == nullptr || entry.model.size() > best->model.size()) best = &entry;
  }
  return best;
}

std::optional<ModelPrice> PriceList::price_of(std::string_view model) const {
  const Entry* entry = longest_match(model);
  if (const auto slash = model.rfind('/'); entry == nullptr && slash != std::string_view::npos) {
    entry = longest_match(model.substr(slash + 1));
  }
  if (entry == nullptr) return std::nullopt;
  return entry->price;
}

std::optional<std::int64_t> PriceList::cost_micro_usd(std::string_view model,
                                                      const ModelUsage& usage) const {
  const auto price = price_of(model);
  if (!price || usage.input_tokens > price->prompt_tokens_max) return std::nullopt;
  const auto cached = usage.cached_tokens + usage.cache_written_tokens;
  const auto plain = usage.input_tokens - std::min(cached, usage.input_tokens);
  const std::int64_t nano = part(plain, price->input) + part(usage.cached_tokens, price->cached) +
                            part(usage.cache_written_tokens, price->cache_write) +
                            part(usage.output_tokens, price->output);
  return (nano + 999) / 1000;
}

}  // namespace podium::codegen::models
