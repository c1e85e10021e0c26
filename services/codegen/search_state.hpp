// The facts of a search: what an event or a tick changes in a job's state, and small questions
// about it. Pure: no I/O, no clock, no randomness. Repeating an input changes nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "libs/chassis/clock.hpp"
#include "podium/v1/event.pb.h"
#include "podium/v1/search.pb.h"

namespace podium::codegen {

/// The state of a job whose `requested` event is the only thing known. The settings are kept in it,
/// so that replicas that are set otherwise decide alike.
v1::SearchState initial_state(const v1::Event& requested, const v1::SearchSettings& settings = {});

/// What `event` teaches. Late, repeated and unknown events leave the state as it is.
v1::SearchState evolve(v1::SearchState state, const v1::Event& event);
/// Time goes on; it never runs backwards.
v1::SearchState evolve(v1::SearchState state, const v1::Tick& tick);

/// What is kept of a job that has ended and whose outbox is published: enough to know a late
/// redelivery for what it is.
v1::SearchState ended_record(const v1::SearchState& state);

bool has_ended(const v1::SearchState& state);
TimePoint now_of(const v1::SearchState& state);
/// Until the deadline; never below zero.
std::chrono::seconds time_left(const v1::SearchState& state);

std::uint32_t candidates_max(const v1::SearchState& state);
std::uint32_t parallel_max(const v1::SearchState& state);
/// Candidates that wait for a draft or a run.
std::uint32_t open_candidates(const v1::SearchState& state);
std::uint32_t count_of(const v1::SearchState& state, v1::CandidateKind kind);

const v1::CandidateState* find_candidate(const v1::SearchState& state, std::string_view id);
/// True while a model may be asked for the next candidate: one is set up, the request allows it,
/// none of the reasons against it has come up, and tokens and money are left.
bool may_ask_models(const v1::SearchState& state);

/// The candidate with an accepted submission and the best score; nullptr when there is none.
const v1::CandidateState* best_of(const v1::SearchState& state);
/// True when `left` is a better score than `right`; a missing one is worse than any.
bool is_better(const v1::CandidateState& left, const v1::CandidateState& right);

/// `<job>-<candidate>-<attempt>`.
std::string run_id_of(const v1::SearchState& state, const v1::CandidateState& candidate);

}  // namespace podium::codegen
