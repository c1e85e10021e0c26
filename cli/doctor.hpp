// What `podium doctor` looks at, one function for each part, and how its findings are shown.
// Nothing is changed by looking.
#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/gateway_client.hpp"
#include "libs/chassis/bus/bus.hpp"

namespace podium::cli {

struct Finding {
  enum class State {
    ok,
    warning,
    bad,
    /// Cannot be looked at from here; not a fault.
    unseen,
  };
  std::string part;
  State state = State::ok;
  std::string detail;
  /// The command that mends it; not empty when bad.
  std::string mend;
};

/// The gateway, and what it says of the broker, the database and the executors. `stack` is the name
/// that its containers' names begin with.
std::vector<Finding> look_at_gateway(const GatewayClient& gateway, const std::string& stack);
/// Whether the clock of the gateway's machine agrees with this one's.
std::vector<Finding> look_at_clock(const GatewayClient& gateway, double now_seconds);
/// The broker as user viewer sees it: reachable, streams there.
std::vector<Finding> look_at_bus(const BusOptions& options, const std::string& command);
/// The Docker engine, where its socket can be reached, and sandboxes of this stack whose job is
/// over.
std::vector<Finding> look_at_engine(const std::string& docker_host, const std::string& stack,
                                    const GatewayClient& gateway);
/// What vendors say to the credentials that the services hold, as the services' health servers
/// tell it. `urls`: their addresses, separated by commas; empty where they are not known.
std::vector<Finding> look_at_credentials(const std::string& urls, const std::string& command);
/// Room on the disk of this folder.
std::vector<Finding> look_at_disk(const std::string& folder);

/// Aligned lines; every bad one ends with the command that mends it.
std::string findings_text(const std::vector<Finding>& findings, bool color);
/// A JSON array, one object a finding.
std::string findings_json(const std::vector<Finding>& findings);
bool any_bad(const std::vector<Finding>& findings);

}  // namespace podium::cli
