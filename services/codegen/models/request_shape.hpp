// Which parameters a model takes. Vendors refuse with 400 what another model of theirs demands, so
// the request starts with few parameters and each refusal changes one; the caller repeats and
// remembers. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "services/codegen/models/api_error.hpp"
#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen::models {

struct RequestShape {
  /// Chat completions only: OpenAI's newer models refuse `max_tokens`, other servers do not know
  /// (and some silently ignore) `max_completion_tokens`.
  enum class OutputLimit { max_tokens, max_completion_tokens };
  OutputLimit output_limit = OutputLimit::max_tokens;
  /// The other name has been tried.
  bool output_limit_renamed = false;
  bool temperature = true;
  /// Chat completions only: asks for the usage at the end of the stream.
  bool stream_options = true;
  /// Anthropic only.
  bool cache_marks = true;
  /// The system text as a message of its own, else at the head of the first message.
  bool system_message = true;
  /// What the model can write at most.
  std::optional<std::uint32_t> output_tokens_max{};

  bool operator==(const RequestShape&) const = default;
  /// The smaller of what is wanted and what the model can.
  std::uint32_t output_tokens(const ModelRequest& request) const;
};

struct Adaptation {
  RequestShape shape;
  /// False when it fits this prompt only: the context left for the answer.
  bool for_all_prompts = true;
};

/// The request's shape after a refusal, when the refusal names a parameter that can be left out,
/// renamed or lowered and has not been changed yet; nullopt for all else.
std::optional<Adaptation> adapt(const RequestShape& shape, const ModelRequest& request,
                                const ApiError& refusal);

}  // namespace podium::codegen::models
