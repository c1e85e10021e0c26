// The part of the static check that is about what a program imports and calls: network, other
// programs, waiting. Pure.
#pragma once

#include <vector>

#include "services/codegen/replies/finding.hpp"
#include "services/codegen/replies/python_tokens.hpp"
#include "services/codegen/replies/string_uses.hpp"

namespace podium::codegen {

/// Rules network and process, for what is imported in any way.
void check_imports(const std::vector<Token>& tokens, const std::vector<StringUse>& uses,
                   Findings& findings);

/// Rules network, process, sleep, input and notebook, for what is called.
void check_calls(const std::vector<Token>& tokens, const std::vector<StringUse>& uses,
                 Findings& findings);

}  // namespace podium::codegen
