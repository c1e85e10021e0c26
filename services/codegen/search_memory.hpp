// What a search remembers for the one who writes its next candidate: what is left to spend, and
// what was tried, found and scored. Pure.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include "podium/v1/search.pb.h"

namespace podium::codegen {

/// Of seconds and candidates all that is left; of tokens and money what the request still allows,
/// shared among the drafts that models write now. 0 where it sets no cap; where a cap is spent,
/// no model is asked (may_ask_models).
v1::BudgetLeft budget_left(const v1::SearchState& state);

/// The kTriedBestMax best and the kTriedNewestMax newest candidates that have come to an end, and
/// the parents of `next`, in the order in which they were begun.
google::protobuf::RepeatedPtrField<v1::TriedCandidate> tried_so_far(const v1::SearchState& state,
                                                                    const v1::CandidateState& next);

}  // namespace podium::codegen
