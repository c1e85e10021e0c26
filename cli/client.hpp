// The client as a whole: arguments, environment and terminal become a world, and the verb runs in
// it.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace podium::cli {

/// The exit code of the program. Data goes to `out`, talk to `talk`.
int run_client(const std::vector<std::string>& words, std::ostream& out, std::ostream& talk);

}  // namespace podium::cli
