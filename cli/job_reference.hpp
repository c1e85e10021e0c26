// Which job a person means: a full id, the beginning of one that only one job has, or @latest.
#pragma once

#include <string>
#include <string_view>

#include "cli/gateway_client.hpp"
#include "cli/outcome.hpp"

namespace podium::cli {

/// The job's id. Not found, ambiguous (usage) or not a reference at all (usage).
Outcome<std::string> find_job_id(const GatewayClient& gateway, std::string_view reference);

}  // namespace podium::cli
