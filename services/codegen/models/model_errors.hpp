// Why a language model did not answer. Each stands here once; the disposition is for the stage
// runner, the failover has its own rule (failover_rule.hpp). Values only.
#pragma once

#include "libs/chassis/result.hpp"

namespace podium::codegen::models::model_errors {

/// The detail names the time to wait where the vendor told it.
inline constexpr ErrorCode kRateLimited{"MODEL_RATE_LIMITED", Disposition::retry, 429,
                                        "The model provider wants fewer calls: wait, use fewer "
                                        "parallel jobs, or ask the provider for a "
                                        "higher limit."};
inline constexpr ErrorCode kOverloaded{
    "MODEL_OVERLOADED", Disposition::retry, 503,
    "The model provider has more to do than it can: try again in a while, or set a second "
    "provider."};
inline constexpr ErrorCode kKeyRefused{"MODEL_KEY_REFUSED", Disposition::reject, 403,
                                       "The model provider refuses the key: check that it is "
                                       "whole, not expired and allowed to use the "
                                       "model."};
inline constexpr ErrorCode kNoMoney{
    "MODEL_NO_MONEY", Disposition::reject, 402,
    "The account at the model provider is out of money or quota: top it up or raise its limit."};
inline constexpr ErrorCode kModelUnknown{
    "MODEL_UNKNOWN", Disposition::reject, 404,
    "The provider knows no such model or address: check the model's name and the base URL."};
inline constexpr ErrorCode kPromptRefused{"MODEL_PROMPT_REFUSED", Disposition::reject, 422,
                                          "The provider's filter refused the prompt: look at the "
                                          "competition's pages for what it may have "
                                          "minded, or use another provider."};
inline constexpr ErrorCode kContextTooLong{
    "MODEL_CONTEXT_TOO_LONG", Disposition::reject, 413,
    "The prompt is longer than the model can read: use a model with a longer context or a smaller "
    "prompt budget."};
inline constexpr ErrorCode kRequestInvalid{
    "MODEL_REQUEST_INVALID", Disposition::reject, 400,
    "The model provider does not understand the request: the detail has its words."};
/// Also a stream that was cut.
inline constexpr ErrorCode kUnavailable{"MODEL_UNAVAILABLE", Disposition::retry, 503,
                                        "The model provider does not answer or answers with "
                                        "failures: check the base URL and its status "
                                        "page, or set a second provider."};

}  // namespace podium::codegen::models::model_errors
