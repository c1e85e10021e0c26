// Makes streams, consumers and buckets as schemas/streams.json says, or updates them in place. What
// the server cannot change in place is an error; nothing is ever deleted. Safe to repeat.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium::setup {

/// A durable consumer with its configuration as JetStream's API takes it (JSON text).
struct WantedConsumer {
  std::string name;
  std::string config;
};

/// A stream, or the stream behind a key-value bucket (`KV_<bucket>`, NATS ADR-8).
struct WantedStream {
  std::string name;
  bool is_bucket = false;
  std::string config;
  std::vector<WantedConsumer> consumers;
};

/// Reads streams.json: templates expanded, numbers taken from the settings they name. CONFIGURATION
/// with the key that is unknown, missing or wrong.
Result<std::vector<WantedStream>> read_jetstream_plan(const std::filesystem::path& file,
                                                      Environment& environment);

struct Change {
  /// stream, consumer or bucket.
  std::string kind;
  std::string name;
  /// made, updated or same.
  std::string what;
};

/// Brings the server to the plan. CONFIGURATION when it refuses a change in place.
Result<std::vector<Change>> apply_jetstream_plan(Bus& bus, const std::vector<WantedStream>& plan);

}  // namespace podium::setup
