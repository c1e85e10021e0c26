// What the check does, once it is locked in: see protocol.hpp.
#pragma once

#include <cstdint>

#include "libs/chassis/result.hpp"

namespace podium::executor::check {

/// An Error means that the facts cannot be read.
Result<void> read_facts();

/// What is wrong with the predictions is part of the report; an Error means that facts or sample
/// cannot be read.
Result<void> check_predictions(std::uint64_t predictions_bytes_max);

}  // namespace podium::executor::check
