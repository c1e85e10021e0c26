#include <string>

#include "libs/chassis/bus/bus.hpp"

namespace podium {

BusOptions read_bus_options(Environment& environment, std::string_view service) {
  BusOptions options;
  options.url = environment.text("NATS_URL", options.url);
  options.user = environment.text("NATS_USER", "");
  options.password = environment.secret("NATS_PASSWORD");
  // A user may only subscribe the inboxes of its own name, whatever program it is used by.
  options.name = options.user.empty() ? std::string{service} : options.user;
  return options;
}

}  // namespace podium
