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

/// Network mode in which 127.0.0.1 is the same for another container and for the test: that of the
/// test's own container, or PODIUM_TEST_NETWORK.
std::string shared_network();

/// Makes a container from the body of the engine's API and starts it; its id. Throws with the
/// engine's words when it cannot.
std::string start_container(const nlohmann::json& body);

/// Removes it, running or not.
void remove_container(const std::string& id);

/// What the engine tells of the container that the test runs in.
nlohmann::json own_container();

/// Containers and volumes of the engine that carry the label, as "container NAME" or "volume NAME".
std::vector<std::string> sandboxes_with(const std::string& label);

/// Ids of the running containers that carry the label and run a candidate's program.
std::vector<std::string> running_program_ids(const std::string& label);

/// Removes what sandboxes_with() lists.
void remove_sandboxes_with(const std::string& label);

}  // namespace podium::testing
