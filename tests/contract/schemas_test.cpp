// streams.json and permissions.json against the code that reads them and against each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/setup/jetstream_setup.hpp"
#include "cli/setup/nats_config.hpp"
#include "libs/chassis/event.hpp"
#include "tests/contract/golden_event.hpp"
#include "tests/contract/prepared_nats.hpp"
#include "tests/contract/subject_filter.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using testing::matches;
using ::testing::UnorderedElementsAre;

json read_schema(const char* name) {
  std::ifstream file{testing::schemas_folder() / name};
  return json::parse(file);
}

Result<std::vector<setup::WantedStream>> plan_of(const json& streams) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "streams.json";
  std::ofstream{file} << streams.dump();
  Environment environment{[](std::string_view) { return std::nullopt; }};
  return setup::read_jetstream_plan(file, environment);
}

std::vector<setup::WantedStream> shipped_plan() {
  return plan_of(read_schema("streams.json")).value();
}

/// Subjects on which each payload may be published.
std::vector<std::string> subjects_of(const std::string& payload) {
  std::vector<std::string> subjects;
  for (const auto* const id : {"", "c1", "cpu.1.run-1"}) {
    auto event = testing::full_event(payload);
    event.set_job_id("job-1");
    event.set_subject_id(id);
    if (auto subject = subject_of(event)) subjects.push_back(std::move(*subject));
  }
  return subjects;
}

TEST(StreamsJson, IsUnderstood) {
  std::vector<std::string> names;
  for (const auto& stream : shipped_plan()) names.push_back(stream.name);
  EXPECT_THAT(names, UnorderedElementsAre("JOBS", "RUNS", "LOGS", "DEAD_LETTERS", "TICKETS",
                                          "KV_searches", "KV_model_calls", "KV_submit_claims",
                                          "KV_claims", "KV_competition_data", "KV_capacity"));
}

TEST(StreamsJson, TemplatesBecomeOneConsumerPerCombination) {
  std::vector<std::string> durables;
  for (const auto& stream : shipped_plan()) {
    if (stream.name != "RUNS") continue;
    for (const auto& consumer : stream.consumers) durables.push_back(consumer.name);
  }
  EXPECT_EQ(durables.size(), 12U);
  EXPECT_THAT(durables, IsSupersetOf({"executor-cpu-0", "executor-memory-2", "executor-gpu-3"}));
}

TEST(StreamsJson, UnknownKeysAreRefused) {
  for (const auto* const pointer :
       {"/streams/0/max_bites", "/streams/0/consumers/0/ack", "/buckets/0/size", "/queues"}) {
    auto streams = read_schema("streams.json");
    streams[json::json_pointer{pointer}] = 1;
    const auto refused = plan_of(streams);
    ASSERT_FALSE(refused.has_value()) << pointer;
    EXPECT_TRUE(refused.error().is(errors::kConfiguration)) << pointer;
    const std::string path{pointer};
    EXPECT_THAT(refused.error().detail, HasSubstr(path.substr(path.rfind('/') + 1)));
  }
}

TEST(StreamsJson, MissingAndMistypedKeysAreRefused) {
  auto missing = read_schema("streams.json");
  missing["streams"][0].erase("retention");
  EXPECT_TRUE(plan_of(missing).error().is(errors::kConfiguration));
  auto mistyped = read_schema("streams.json");
  mistyped["streams"][0]["max_age_seconds"] = "a week";
  EXPECT_TRUE(plan_of(mistyped).error().is(errors::kConfiguration));
}

TEST(StreamsJson, EveryEventHasAStream) {
  const auto streams = read_schema("streams.json").at("streams");
  for (const auto& payload : testing::payload_names()) {
    const auto subjects = subjects_of(payload);
    ASSERT_FALSE(subjects.empty()) << payload;
    for (const auto& subject : subjects) {
      const auto taken = std::ranges::count_if(streams, [&](const json& stream) {
        return std::ranges::any_of(stream.at("subjects"), [&](const json& filter) {
          return matches(filter.get<std::string>(), subject);
        });
      });
      EXPECT_EQ(taken, 1) << subject;
    }
  }
}

TEST(StreamsJson, EveryFilterOfEventsIsMetBySomeEvent) {
  const auto streams = read_schema("streams.json").at("streams");
  std::vector<std::string> subjects;
  for (const auto& payload : testing::payload_names()) {
    std::ranges::move(subjects_of(payload), std::back_inserter(subjects));
  }
  for (const auto& stream : streams) {
    for (const auto& consumer : stream.at("consumers")) {
      if (consumer.contains("for")) continue;
      for (const auto& filter : consumer.at("filters")) {
        const auto text = filter.get<std::string>();
        EXPECT_TRUE(std::ranges::any_of(subjects, [&](const std::string& subject) {
          return matches(text, subject);
        })) << text;
      }
    }
  }
}

TEST(PermissionsJson, IsUnderstood) {
  const auto permissions = read_schema("permissions.json");
  for (const auto& [user, entry] : permissions.at("users").items()) {
    const auto rights = setup::rights_of(user, entry.dump());
    ASSERT_TRUE(rights.has_value()) << rights.error().text();
    EXPECT_FALSE(rights->publish.empty()) << user;
    if (user == "admin") continue;
    EXPECT_THAT(rights->subscribe, Contains("_INBOX_" + user + ".>"));
  }
}

TEST(PermissionsJson, UnknownAndMistypedKeysAreRefused) {
  EXPECT_TRUE(setup::rights_of("u", R"({"publishes": ["x"]})").error().is(errors::kConfiguration));
  EXPECT_TRUE(setup::rights_of("u", R"({"events": [1]})").error().is(errors::kConfiguration));
  EXPECT_TRUE(setup::rights_of("u", R"({"consume": ["JOBS"]})").error().is(errors::kConfiguration));
  EXPECT_TRUE(setup::rights_of("u", "[]").error().is(errors::kConfiguration));
  EXPECT_TRUE(setup::rights_of("u", "no").error().is(errors::kConfiguration));
}

TEST(PermissionsJson, NamesOnlyWhatExists) {
  std::set<std::string> streams;
  std::set<std::string> durables;
  for (const auto& stream : shipped_plan()) {
    streams.insert(stream.name);
    for (const auto& consumer : stream.consumers)
      durables.insert(stream.name + " " + consumer.name);
  }
  const auto payloads = testing::payload_names();
  const auto permissions = read_schema("permissions.json");
  for (const auto& [user, entry] : permissions.at("users").items()) {
    for (const auto& event : entry.value("events", json::array())) {
      EXPECT_THAT(payloads, Contains(event.get<std::string>())) << user;
    }
    for (const auto* const form : {"get", "stream", "delete", "read"}) {
      for (const auto& stream : entry.value(form, json::array())) {
        EXPECT_THAT(streams, Contains(stream.get<std::string>())) << user << " " << form;
      }
    }
    for (const auto* const form : {"bucket_read", "bucket_write", "bucket_watch"}) {
      for (const auto& bucket : entry.value(form, json::array())) {
        EXPECT_THAT(streams, Contains("KV_" + bucket.get<std::string>())) << user << " " << form;
      }
    }
    for (const auto& pair : entry.value("consume", json::array())) {
      auto name = pair.at(0).get<std::string>() + " " + pair.at(1).get<std::string>();
      const bool family = name.ends_with('*');
      if (family) name.pop_back();
      EXPECT_TRUE(std::ranges::any_of(durables,
                                      [&](const std::string& durable) {
                                        return family ? durable.starts_with(name) : durable == name;
                                      }))
          << user << " " << name;
    }
  }
}

TEST(PermissionsJson, EveryDurableIsConsumedBySomebodyAndEveryEventSaid) {
  const auto permissions = read_schema("permissions.json").at("users");
  std::set<std::string> said;
  std::set<std::string> prefixes;
  for (const auto& [user, entry] : permissions.items()) {
    for (const auto& event : entry.value("events", json::array())) said.insert(event);
    for (const auto& pair : entry.value("consume", json::array())) {
      auto durable = pair.at(1).get<std::string>();
      if (durable.ends_with('*')) durable.pop_back();
      prefixes.insert(durable);
    }
  }
  for (const auto& stream : shipped_plan()) {
    for (const auto& consumer : stream.consumers) {
      EXPECT_TRUE(std::ranges::any_of(prefixes, [&](const std::string& prefix) {
        return consumer.name.starts_with(prefix);
      })) << consumer.name;
    }
  }
  for (const auto& payload : testing::payload_names()) {
    if (payload == "run_ticket" || payload == "log_lines") continue;  // have subjects of their own
    EXPECT_THAT(said, Contains(payload));
  }
}

}  // namespace
}  // namespace podium
