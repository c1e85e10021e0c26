// What a model's reply comes to as a candidate: a whole program, or changes applied to the parent,
// with everything that is wrong with it told in words that the model can act on. Pure.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "services/codegen/replies/reply_reader.hpp"

namespace podium::codegen {

/// A program that may run, or a rejecting error of reply_errors.hpp. The error's detail and its
/// code's sentence are what a repair call tells the model. `parent_code` is empty where there is
/// none, and changes are then not looked for. REPLY_UNSAFE when the static check refuses the
/// program.
Result<ProgramReply> read_candidate(std::string_view reply, std::string_view parent_code,
                                    const ReadOptions& options);

}  // namespace podium::codegen
