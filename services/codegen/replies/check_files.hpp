// The part of the static check that is about files: what a program reads, where, and whether it
// writes the submission. Pure.
#pragma once

#include <vector>

#include "services/codegen/replies/finding.hpp"
#include "services/codegen/replies/python_tokens.hpp"
#include "services/codegen/replies/static_check.hpp"
#include "services/codegen/replies/string_uses.hpp"

namespace podium::codegen {

/// Rules data and path.
void check_data_files(const std::vector<StringUse>& uses, const CheckOptions& options,
                      Findings& findings);

/// Rules submission and submission_name.
void check_submission(const std::vector<Token>& tokens, const std::vector<StringUse>& uses,
                      const CheckOptions& options, Findings& findings);

}  // namespace podium::codegen
