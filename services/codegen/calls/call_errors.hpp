// Why a model call was not made, beside the providers' own errors. Values only.
#pragma once

#include "libs/chassis/result.hpp"

namespace podium::codegen::call_errors {

inline constexpr ErrorCode kNotWanted{"NOT_WANTED", Disposition::reject, 409,
                                      "The job has ended: nobody waits for this any more."};
inline constexpr ErrorCode kTokensSpent{
    "BUDGET_TOKENS", Disposition::reject, 402,
    "The tokens that the job may spend leave no place for a call: give it more (max_tokens)."};
inline constexpr ErrorCode kMoneySpent{
    "BUDGET_COST", Disposition::reject, 402,
    "The money that the job may spend leaves no place for a call: give it more (max_cost)."};
inline constexpr ErrorCode kPriceUnknown{
    "MODEL_PRICE_UNKNOWN", Disposition::reject, 422,
    "A cap on money cannot hold for a model whose price is not known: add it to "
    "services/codegen/models/prices.json, or cap tokens instead."};
inline constexpr ErrorCode kTimedOut{
    "MODEL_TIMEOUT", Disposition::reject, 504,
    "The model did not answer within the time of a call: use a faster one, or give the job more "
    "time."};
inline constexpr ErrorCode kCallLost{
    "MODEL_CALL_LOST", Disposition::reject, 500,
    "The service went away during each try of a model call: look at codegen's logs."};

}  // namespace podium::codegen::call_errors
