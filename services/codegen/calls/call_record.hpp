// What came of one model call, as it is stored before anybody is told. Values only.
#pragma once

#include <cstdint>
#include <string>

#include "libs/chassis/result.hpp"
#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen {

struct CallRecord {
  std::string text{};
  models::StopReason stop = models::StopReason::finished;
  std::string stop_detail{};
  std::string provider{};
  std::string model{};
  std::string request_id{};
  /// Of the try that answered and of those that failed before it.
  models::ModelUsage usage{};
  std::int64_t cost_micro_usd = 0;
  /// The price of (part of) the usage is not known; cost_micro_usd leaves that part out.
  bool cost_unknown = false;
  double seconds = 0;
  /// Registered name of why no provider answered, and the facts of it; empty when one did.
  std::string failure{};
  std::string failure_detail{};
  /// No later call of this job can do better: a key, money or a name is wrong.
  bool models_off = false;

  std::uint64_t tokens() const { return usage.input_tokens + usage.output_tokens; }
};

std::string to_json(const CallRecord& record);
/// INVALID when it is not what to_json() writes.
Result<CallRecord> record_from_json(std::string_view json);

}  // namespace podium::codegen
