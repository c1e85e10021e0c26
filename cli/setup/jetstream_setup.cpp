#include "cli/setup/jetstream_setup.hpp"

#include <format>
#include <nlohmann/json.hpp>
#include <optional>

namespace podium::setup {
namespace {

using nlohmann::json;

constexpr int kStreamNotFound = 10059;
constexpr int kConsumerNotFound = 10014;

/// One call of JetStream's API: the answer, or nothing when the server says `not_found`.
Result<std::optional<json>> ask(Bus& bus, const std::string& subject, const std::string& body,
                                int not_found = 0) {
  const auto text = PODIUM_TRY(bus.request(subject, body));
  auto answer = json::parse(text, nullptr, false);
  if (!answer.is_object()) return fail(errors::kUnavailable, subject + ": no JSON answer");
  const auto error = answer.value("error", json::object());
  if (error.empty()) return answer;
  if (not_found != 0 && error.value("err_code", 0) == not_found) return std::nullopt;
  return fail(errors::kConfiguration,
              std::format("{}: {}", subject, error.value("description", error.dump())));
}

/// True when every value that is wanted stands in what is there.
bool agrees(const json& wanted, const json& there) {
  for (const auto& [key, value] : wanted.items()) {
    // The server leaves out what is at its default. Parentheses: braces would make an array.
    const bool is_default = value == json(0) || value == json(false) || value == json(-1);
    if (!there.contains(key)) {
      if (!is_default) return false;
    } else if (there.at(key) != value) {
      return false;
    }
  }
  return true;
}

Result<std::string> apply_stream(Bus& bus, const WantedStream& wanted) {
  const auto there =
      PODIUM_TRY(ask(bus, "$JS.API.STREAM.INFO." + wanted.name, "", kStreamNotFound));
  if (!there) {
    PODIUM_TRY(ask(bus, "$JS.API.STREAM.CREATE." + wanted.name, wanted.config));
    return "made";
  }
  if (agrees(json::parse(wanted.config), there->at("config"))) return "same";
  PODIUM_TRY(ask(bus, "$JS.API.STREAM.UPDATE." + wanted.name, wanted.config));
  return "updated";
}

Result<std::string> apply_consumer(Bus& bus, const std::string& stream,
                                   const WantedConsumer& wanted) {
  const auto name = stream + "." + wanted.name;
  const auto there = PODIUM_TRY(ask(bus, "$JS.API.CONSUMER.INFO." + name, "", kConsumerNotFound));
  const auto config = json::parse(wanted.config);
  if (there && agrees(config, there->at("config"))) return "same";
  const json request = {{"stream_name", stream}, {"config", config}};
  PODIUM_TRY(ask(bus, "$JS.API.CONSUMER.DURABLE.CREATE." + name, request.dump()));
  return there ? "updated" : "made";
}

}  // namespace

Result<std::vector<Change>> apply_jetstream_plan(Bus& bus, const std::vector<WantedStream>& plan) {
  std::vector<Change> changes;
  for (const auto& stream : plan) {
    const auto what = PODIUM_TRY(apply_stream(bus, stream));
    changes.push_back(
        {.kind = stream.is_bucket ? "bucket" : "stream", .name = stream.name, .what = what});
    for (const auto& consumer : stream.consumers) {
      const auto made = PODIUM_TRY(apply_consumer(bus, stream.name, consumer));
      changes.push_back(
          {.kind = "consumer", .name = stream.name + " " + consumer.name, .what = made});
    }
  }
  return changes;
}

}  // namespace podium::setup
