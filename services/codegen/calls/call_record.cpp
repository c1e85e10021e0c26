#include "services/codegen/calls/call_record.hpp"

#include <nlohmann/json.hpp>

#include "libs/chassis/utf8.hpp"

namespace podium::codegen {
namespace {

using models::StopReason;
using nlohmann::json;

StopReason stop_from(std::string_view word) {
  for (const auto stop : {StopReason::finished, StopReason::truncated, StopReason::refused}) {
    if (to_string(stop) == word) return stop;
  }
  return StopReason::filtered;
}

json usage_to_json(const models::ModelUsage& usage) {
  return {{"input_tokens", usage.input_tokens},
          {"cached_tokens", usage.cached_tokens},
          {"cache_written_tokens", usage.cache_written_tokens},
          {"output_tokens", usage.output_tokens},
          {"reasoning_tokens", usage.reasoning_tokens},
          {"estimated", usage.estimated}};
}

models::ModelUsage usage_from(const json& stored) {
  return {.input_tokens = stored.at("input_tokens").get<std::uint64_t>(),
          .cached_tokens = stored.at("cached_tokens").get<std::uint64_t>(),
          .cache_written_tokens = stored.at("cache_written_tokens").get<std::uint64_t>(),
          .output_tokens = stored.at("output_tokens").get<std::uint64_t>(),
          .reasoning_tokens = stored.at("reasoning_tokens").get<std::uint64_t>(),
          .estimated = stored.at("estimated").get<bool>()};
}

}  // namespace

std::string to_json(const CallRecord& record) {
  return json{{"provider", with_replacements(record.provider)},
              {"model", with_replacements(record.model)},
              {"request_id", with_replacements(record.request_id)},
              {"stop", to_string(record.stop)},
              {"stop_detail", with_replacements(record.stop_detail)},
              {"usage", usage_to_json(record.usage)},
              {"cost_micro_usd", record.cost_micro_usd},
              {"cost_unknown", record.cost_unknown},
              {"seconds", record.seconds},
              {"failure", record.failure},
              {"failure_detail", with_replacements(record.failure_detail)},
              {"models_off", record.models_off},
              {"text", with_replacements(record.text)}}
      .dump(1);
}

Result<CallRecord> record_from_json(std::string_view text) {
  const auto stored = json::parse(text, nullptr, false);
  CallRecord record;
  try {
    record.provider = stored.at("provider").get<std::string>();
    record.model = stored.at("model").get<std::string>();
    record.request_id = stored.at("request_id").get<std::string>();
    record.stop = stop_from(stored.at("stop").get<std::string>());
    record.stop_detail = stored.at("stop_detail").get<std::string>();
    record.usage = usage_from(stored.at("usage"));
    record.cost_micro_usd = stored.at("cost_micro_usd").get<std::int64_t>();
    record.cost_unknown = stored.at("cost_unknown").get<bool>();
    record.seconds = stored.at("seconds").get<double>();
    record.failure = stored.at("failure").get<std::string>();
    record.failure_detail = stored.at("failure_detail").get<std::string>();
    record.models_off = stored.at("models_off").get<bool>();
    record.text = stored.at("text").get<std::string>();
  } catch (const json::exception& error) {
    return fail(errors::kInvalid, std::string{"a stored reply cannot be read: "} + error.what());
  }
  return record;
}

}  // namespace podium::codegen
