// What a decision does to the state, and the events that tell others of it. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "libs/chassis/clock.hpp"
#include "podium/v1/search.pb.h"
#include "services/codegen/search_policy.hpp"

namespace podium::codegen {

/// The state once the command is carried out, without its outbox.
v1::SearchState with(v1::SearchState state, const Command& command);

/// The state once all commands are carried out, their events in the outbox and `wake_at` set.
/// `traceparent` is of the span that decided: the parent of all that follows.
v1::SearchState carry_out(v1::SearchState state, const Commands& commands,
                          std::string_view traceparent);

/// When the state wants a tick, whatever else happens.
TimePoint wake_at(const v1::SearchState& state);

}  // namespace podium::codegen
