// The fields of `POST /run`, one reader each: how its text is read into the request and what to say
// when it cannot be. Pure. Thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "services/gateway/run_request.hpp"

namespace podium::gateway {

struct RunField {
  /// As it stands in query or body; fields inside `resources` and `budget` are named without those.
  std::string_view name;
  /// Names with the same meaning share one.
  std::string_view meaning;
  /// Reads `text` into the request; what is wrong with it otherwise.
  std::optional<std::string> (*read)(std::string_view text, RunRequest& request);
};

/// Every field that is understood.
std::span<const RunField> run_fields();

/// nullptr when there is no such field.
const RunField* find_run_field(std::string_view name);

/// "4" -> 4000, "500m" -> 500, "0.5" -> 500; nullopt for another unit, zero or more than 1,024
/// cpus.
std::optional<std::uint32_t> parse_cpu_milli(std::string_view text);

/// "2.50" -> 2500000; nullopt when it is not an amount from 0 to a million dollars.
std::optional<std::int64_t> parse_micro_usd(std::string_view text);

}  // namespace podium::gateway
