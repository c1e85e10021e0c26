// Reading schemas/streams.json; see jetstream_setup.hpp.
#include <chrono>
#include <format>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "cli/setup/jetstream_setup.hpp"

namespace podium::setup {
namespace {

using nlohmann::json;

constexpr std::int64_t kNanoseconds = 1'000'000'000;

/// Keys that this code understands; another one is a mistake that would go unnoticed.
const std::set<std::string> kStreamKeys = {"name",
                                           "why",
                                           "subjects",
                                           "retention",
                                           "discard",
                                           "discard_new_per_subject",
                                           "max_age_seconds",
                                           "max_bytes",
                                           "max_message_bytes",
                                           "max_messages",
                                           "max_messages_per_subject",
                                           "duplicate_window_seconds",
                                           "consumers"};
const std::set<std::string> kConsumerKeys = {"durable",          "filters",     "for",
                                             "ack_wait_seconds", "max_deliver", "max_ack_pending"};
const std::set<std::string> kBucketKeys = {"name",      "why",     "ttl_seconds",
                                           "max_bytes", "history", "max_value_bytes"};

void refuse_unknown_keys(const json& object, const std::set<std::string>& known) {
  for (const auto& [key, value] : object.items()) {
    if (!known.contains(key)) throw std::invalid_argument{"unknown key " + key};
  }
}

/// A number, or {"setting": NAME, "default": N}; 0 means no limit, which JetStream writes as -1.
std::int64_t limit_of(const json& object, const char* key, Environment& environment) {
  if (!object.contains(key)) return -1;
  const auto& value = object.at(key);
  auto number =
      value.is_object() ? value.at("default").get<std::int64_t>() : value.get<std::int64_t>();
  if (value.is_object()) {
    number = environment.integer(value.at("setting").get<std::string>(), number, 1,
                                 std::numeric_limits<std::int64_t>::max());
  }
  return number == 0 ? -1 : number;
}

std::string replaced(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const auto part = "{" + name + "}";
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) {
      text.replace(at, part.size(), value);
    }
  }
  return text;
}

/// Every combination of the template's values; one empty one when there is no template.
std::vector<std::map<std::string, std::string>> combinations(const json& consumer) {
  std::vector<std::map<std::string, std::string>> all = {{}};
  const auto parts = consumer.value("for", json::object());
  for (const auto& [name, values] : parts.items()) {
    std::vector<std::map<std::string, std::string>> longer;
    for (const auto& one : all) {
      for (const auto& value : values) {
        longer.push_back(one);
        longer.back()[name] = value.get<std::string>();
      }
    }
    all = std::move(longer);
  }
  return all;
}

WantedConsumer consumer_of(const json& consumer, const std::map<std::string, std::string>& values) {
  json filters = json::array();
  for (const auto& filter : consumer.at("filters")) {
    filters.push_back(replaced(filter.get<std::string>(), values));
  }
  const auto name = replaced(consumer.at("durable").get<std::string>(), values);
  json config = {{"durable_name", name},
                 {"name", name},
                 {"ack_policy", "explicit"},
                 {"deliver_policy", "all"},
                 {"replay_policy", "instant"},
                 {"ack_wait", consumer.at("ack_wait_seconds").get<std::int64_t>() * kNanoseconds},
                 {"max_ack_pending", consumer.at("max_ack_pending")},
                 {"max_deliver", consumer.at("max_deliver")}};
  if (filters.size() == 1) config["filter_subject"] = filters.at(0);
  if (filters.size() > 1) config["filter_subjects"] = filters;
  return {.name = name, .config = config.dump()};
}

WantedStream stream_of(const json& stream, Environment& environment) {
  refuse_unknown_keys(stream, kStreamKeys);
  json config = {
      {"name", stream.at("name")},
      {"subjects", stream.at("subjects")},
      {"retention", stream.at("retention")},
      {"discard", stream.at("discard")},
      {"discard_new_per_subject", stream.value("discard_new_per_subject", false)},
      {"max_age", stream.at("max_age_seconds").get<std::int64_t>() * kNanoseconds},
      {"max_bytes", limit_of(stream, "max_bytes", environment)},
      {"max_msg_size", limit_of(stream, "max_message_bytes", environment)},
      {"max_msgs", limit_of(stream, "max_messages", environment)},
      {"max_msgs_per_subject", limit_of(stream, "max_messages_per_subject", environment)},
      {"duplicate_window",
       stream.at("duplicate_window_seconds").get<std::int64_t>() * kNanoseconds},
      {"storage", "file"},
      {"num_replicas", 1},
      {"allow_direct", true}};
  WantedStream wanted{.name = stream.at("name"), .config = config.dump(), .consumers = {}};
  for (const auto& consumer : stream.at("consumers")) {
    refuse_unknown_keys(consumer, kConsumerKeys);
    for (const auto& values : combinations(consumer)) {
      wanted.consumers.push_back(consumer_of(consumer, values));
    }
  }
  return wanted;
}

/// The stream of a key-value bucket, as NATS ADR-8 describes it.
WantedStream bucket_of(const json& bucket, Environment& environment) {
  refuse_unknown_keys(bucket, kBucketKeys);
  const auto name = bucket.at("name").get<std::string>();
  const auto ttl = bucket.at("ttl_seconds").get<std::int64_t>();
  constexpr std::int64_t kWindowSeconds = 120;
  const json config = {{"name", "KV_" + name},
                       {"subjects", {std::format("$KV.{}.>", name)}},
                       {"retention", "limits"},
                       {"discard", "new"},
                       {"max_age", ttl * kNanoseconds},
                       {"max_bytes", limit_of(bucket, "max_bytes", environment)},
                       {"max_msg_size", limit_of(bucket, "max_value_bytes", environment)},
                       {"max_msgs_per_subject", bucket.at("history")},
                       {"duplicate_window",
                        (ttl == 0 ? kWindowSeconds : std::min(ttl, kWindowSeconds)) * kNanoseconds},
                       {"storage", "file"},
                       {"num_replicas", 1},
                       {"deny_delete", true},
                       {"allow_rollup_hdrs", true},
                       {"allow_direct", true}};
  return {.name = "KV_" + name, .is_bucket = true, .config = config.dump(), .consumers = {}};
}

}  // namespace

Result<std::vector<WantedStream>> read_jetstream_plan(const std::filesystem::path& file,
                                                      Environment& environment) try {
  std::ifstream stream{file};
  if (!stream) return fail(errors::kConfiguration, "cannot read " + file.string());
  const auto plan = json::parse(stream);
  refuse_unknown_keys(plan, {"comment", "streams", "buckets"});
  std::vector<WantedStream> wanted;
  for (const auto& one : plan.at("streams")) wanted.push_back(stream_of(one, environment));
  for (const auto& one : plan.at("buckets")) wanted.push_back(bucket_of(one, environment));
  PODIUM_TRY(environment.check());
  return wanted;
} catch (const std::exception& error) {
  return fail(errors::kConfiguration, std::format("{}: {}", file.string(), error.what()));
}

}  // namespace podium::setup
