// The few calls of the Docker Engine API that tests make. Not for the product: see the executor.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/chassis/http/client.hpp"

namespace podium::testing {

/// One call over the engine's socket; the answer of any status.
Result<HttpAnswer> docker(const std::string& method, const std::string& path,
                          const nlohmann::json& body = nullptr);

/// Containers and volumes of the engine that carry the label, as "container NAME" or "volume NAME".
std::vector<std::string> sandboxes_with(const std::string& label);

/// Ids of the running containers that carry the label and run a candidate's program.
std::vector<std::string> running_program_ids(const std::string& label);

/// Removes what sandboxes_with() lists.
void remove_sandboxes_with(const std::string& label);

}  // namespace podium::testing
