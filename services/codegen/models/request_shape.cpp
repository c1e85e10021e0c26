#include "services/codegen/models/request_shape.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen::models {
namespace {

using OutputLimit = RequestShape::OutputLimit;

bool says_any(const ApiError& refusal, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts,
                             [&](std::string_view part) { return refusal.message.contains(part); });
}

// Every whole number of a text; "8,192" is read as two, which no vendor writes here.
std::vector<std::uint64_t> numbers_in(std::string_view text) {
  std::vector<std::uint64_t> numbers;
  while (true) {
    const auto begin = text.find_first_of("0123456789");
    if (begin == std::string_view::npos) return numbers;
    text.remove_prefix(begin);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (error == std::errc{}) numbers.push_back(number);
  }
}

bool fits(std::uint64_t tokens, std::uint32_t asked) {
  return tokens >= kOutputTokensMin && tokens < asked;
}

// "64000 > 8192, which is the maximum", "supports at most 16384 completion tokens".
std::optional<Adaptation> lowered_to_the_models_most(RequestShape shape, std::uint32_t asked,
                                                     const ApiError& refusal) {
  std::uint64_t most = 0;
  for (const auto number : numbers_in(refusal.message)) {
    if (fits(number, asked)) most = std::max(most, number);
  }
  if (most == 0) return std::nullopt;
  shape.output_tokens_max = static_cast<std::uint32_t>(most);
  return Adaptation{.shape = shape};
}

// "190000 + 20000 > 200000": the context is the largest number, the prompt the next; sums of the
// prompt and what was asked say nothing new.
std::optional<Adaptation> lowered_to_the_context_left(RequestShape shape, std::uint32_t asked,
                                                      const ApiError& refusal) {
  const auto all = numbers_in(refusal.message);
  std::vector<std::uint64_t> others;
  for (const auto number : all) {
    const bool is_sum = number > asked && std::ranges::contains(all, number - asked);
    if (number != asked && !is_sum) others.push_back(number);
  }
  std::ranges::sort(others, std::greater{});
  const auto [first, last] = std::ranges::unique(others);
  others.erase(first, last);
  if (others.size() < 2 || !fits(others[0] - others[1], asked)) return std::nullopt;
  shape.output_tokens_max = static_cast<std::uint32_t>(others[0] - others[1]);
  return Adaptation{.shape = shape, .for_all_prompts = false};
}

std::optional<Adaptation> adapt_output_limit(RequestShape shape, const ModelRequest& request,
                                             const ApiError& refusal) {
  const std::uint32_t asked = shape.output_tokens(request);
  if (says_any(refusal, {"context length", "context limit", "context window"})) {
    return lowered_to_the_context_left(shape, asked, refusal);
  }
  const bool unknown = refusal.code == "unsupported_parameter" ||
                       says_any(refusal, {"not supported", "nsupported", "nrecognized", "nknown",
                                          "not permitted", "xtra inputs"});
  if (!unknown) return lowered_to_the_models_most(shape, asked, refusal);
  if (shape.output_limit_renamed) return std::nullopt;
  shape.output_limit_renamed = true;
  shape.output_limit = shape.output_limit == OutputLimit::max_tokens
                           ? OutputLimit::max_completion_tokens
                           : OutputLimit::max_tokens;
  return Adaptation{.shape = shape};
}

bool names_output_limit(const ApiError& refusal) {
  return names_word(refusal, "max_tokens") || names_word(refusal, "max_completion_tokens") ||
         names_word(refusal, "max_output_tokens") || refusal.message.contains("in the completion");
}

bool names_system_role(const ApiError& refusal) {
  const bool minds_role = refusal.param.ends_with("role") || names_word(refusal, "role") ||
                          names_word(refusal, "roles");
  return minds_role && (refusal.message.contains("ystem") || refusal.message.contains("alternate"));
}

}  // namespace

std::uint32_t RequestShape::output_tokens(const ModelRequest& request) const {
  return std::min(request.max_output_tokens, output_tokens_max.value_or(UINT32_MAX));
}

std::optional<Adaptation> adapt(const RequestShape& shape, const ModelRequest& request,
                                const ApiError& refusal) {
  if (refusal.status != 400 && refusal.status != 422) return std::nullopt;
  RequestShape changed = shape;
  if (shape.temperature && request.temperature && names_word(refusal, "temperature")) {
    changed.temperature = false;
  } else if (shape.stream_options && names_word(refusal, "stream_options")) {
    changed.stream_options = false;
  } else if (shape.cache_marks && names_word(refusal, "cache_control")) {
    changed.cache_marks = false;
  } else if (names_output_limit(refusal)) {
    return adapt_output_limit(shape, request, refusal);
  } else if (shape.system_message && !request.system.empty() && names_system_role(refusal)) {
    changed.system_message = false;
  }
  if (changed == shape) return std::nullopt;
  return Adaptation{.shape = changed};
}

}  // namespace podium::codegen::models
