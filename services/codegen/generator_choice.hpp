// Who writes a new candidate: the built-in generator or a language model. Pure.
#pragma once

#include "podium/v1/search.pb.h"

namespace podium::codegen {

/// The first candidate of a job is the built-in generator's, so that there is an answer before any
/// model has said a word; it also takes the first improvement of each of its own candidates, which
/// trains more models for longer. All else is a model's, as long as one may be asked. `candidate`
/// is new: only its id, kind and parent are known; it may or may not stand in `state` already.
v1::Generator generator_for(const v1::SearchState& state, const v1::CandidateState& candidate);

/// Whether a new candidate of a model is written within the fixed scaffold: drafts, by setting or
/// after kScaffoldAfterFailures model drafts that left no accepted submission and none that did.
bool wants_scaffold(const v1::SearchState& state, const v1::CandidateState& candidate);

}  // namespace podium::codegen
