// A real Jaeger for a test: a container of the image that PODIUM_TEST_JAEGER_IMAGE names, in the
// network of the test's own container (or PODIUM_TEST_NETWORK), in memory, gone with the object.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace podium::testing {

class Jaeger {
 public:
  /// Starts it and waits until it takes spans; throws when it cannot.
  Jaeger();
  ~Jaeger();
  Jaeger(const Jaeger&) = delete;
  Jaeger& operator=(const Jaeger&) = delete;

  /// Base of the OTLP/HTTP collector.
  std::string endpoint() const;
  /// A trace as the query API gives it: spans and processes; an empty object while it is unknown.
  nlohmann::json trace(const std::string& id) const;

 private:
  int otlp_port_;
  int query_port_;
  std::string container_;
};

}  // namespace podium::testing
