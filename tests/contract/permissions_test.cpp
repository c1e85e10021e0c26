// Each user of the NATS server may do what permissions.json says, and nothing else. A right is
// tried by the call that uses it, as every user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <format>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "libs/chassis/bus/bus.hpp"
#include "tests/contract/prepared_nats.hpp"
#include "tests/contract/subject_filter.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kPatience = 20s;
constexpr std::string_view kJob = "job-1";

/// A short form of permissions.json with one of its values: {"get", "JOBS"}.
using Right = std::pair<std::string, std::string>;

Result<void> done(const auto& result) {
  if (!result) return std::unexpected{result.error()};
  return {};
}

/// Any answer but a refusal shows that the user may ask.
Result<void> may_ask(Bus& bus, const std::string& subject, std::string_view body = {}) {
  const auto answer = bus.request(subject, body);
  if (!answer && answer.error().is(errors::kPermission)) return std::unexpected{answer.error()};
  return {};
}

Result<void> publish_event(Bus& bus, const std::string& event) {
  const auto subject = std::format("podium.jobs.{}.{}", kJob, event);
  PODIUM_TRY(bus.publish(subject, ""));
  return done(bus.publish(subject + ".c1", ""));
}

std::string with_names(std::string subject) {
  for (auto at = subject.find_first_of("*>"); at != std::string::npos;
       at = subject.find_first_of("*>", at + 1)) {
    subject.replace(at, 1, "x");
  }
  return subject;
}

Result<void> consume(Bus& bus, const std::string& pair) {
  const auto space = pair.find(' ');
  auto durable = pair.substr(space + 1);
  if (durable.ends_with('*')) durable.replace(durable.size() - 1, 1, "cpu-1");
  const auto consumer = PODIUM_TRY(bus.pull(pair.substr(0, space), durable));
  const auto delivery = PODIUM_TRY(consumer->next(100ms));
  return delivery ? delivery->ack() : Result<void>{};
}

/// The stream's last message must arrive, so that the flow from the server is tried as well.
Result<void> read(Bus& bus, const std::string& stream) {
  const auto state = PODIUM_TRY(bus.stream_state(stream));
  std::atomic<std::uint64_t> last = 0;
  const auto reading = PODIUM_TRY(bus.read_ordered(
      stream, ">", 1, [&](const StoredMessage& message) { last = message.sequence; }));
  const bool arrived = testing::wait_until([&] { return last >= state.last_sequence; }, kPatience);
  if (!arrived) return fail(errors::kTimeout, stream + " was not read to its end");
  return {};
}

Result<void> read_bucket(Bus& bus, const std::string& name) {
  const auto bucket = PODIUM_TRY(bus.bucket(name));
  PODIUM_TRY(bucket->keys());
  return done(bucket->get("key"));
}

Result<void> watch_bucket(Bus& bus, const std::string& name) {
  const auto bucket = PODIUM_TRY(bus.bucket(name));
  std::atomic<bool> seen = false;
  const auto watching = PODIUM_TRY(bucket->watch([&](const KeyValue::Entry&) { seen = true; }));
  if (testing::wait_until([&] { return seen.load(); }, kPatience)) return {};
  return fail(errors::kTimeout, name + " was not watched");
}

/// How each right is used by whoever has it.
const std::map<std::string, std::function<Result<void>(Bus&, const std::string&)>> kUses = {
    {"events", publish_event},
    {"publish",
     [](Bus& bus, const std::string& subject) {
       return done(bus.publish(with_names(subject), ""));
     }},
    {"subscribe",
     [](Bus& bus, const std::string& subject) {
       return done(bus.subscribe(subject, [](const auto&, auto) {}));
     }},
    {"consume", consume},
    {"get",
     [](Bus& bus, const std::string& stream) -> Result<void> {
       PODIUM_TRY(bus.message_at(stream, 1));
       return done(bus.last_message(stream, "podium.x"));
     }},
    {"stream", [](Bus& bus, const std::string& name) { return done(bus.stream_state(name)); }},
    {"delete",
     [](Bus& bus, const std::string& stream) {
       return may_ask(bus, "$JS.API.STREAM.MSG.DELETE." + stream, R"({"seq":999999})");
     }},
    {"read", read},
    {"bucket_read", read_bucket},
    {"bucket_write",
     [](Bus& bus, const std::string& bucket) {
       return done(bus.publish(std::format("$KV.{}.key", bucket), "value"));
     }},
    {"bucket_watch", watch_bucket},
};

/// What whoever lacks a right must be refused; the first calls of the uses above.
std::vector<std::string> subjects_behind(const Right& right) {
  const auto& [form, value] = right;
  if (form == "events") {
    return {std::format("podium.jobs.{}.{}", kJob, value),
            std::format("podium.jobs.{}.{}.c1", kJob, value)};
  }
  if (form == "publish") return {with_names(value)};
  if (form == "get") return {"$JS.API.DIRECT.GET." + value, "$JS.API.DIRECT.GET." + value + ".x"};
  if (form == "stream") return {"$JS.API.STREAM.INFO." + value};
  if (form == "delete") return {"$JS.API.STREAM.MSG.DELETE." + value};
  if (form == "read") return {"$JS.API.CONSUMER.CREATE." + value};
  if (form == "bucket_read") return {"$JS.API.DIRECT.GET.KV_" + value + ".$KV." + value + ".key"};
  if (form == "bucket_write") return {std::format("$KV.{}.key", value)};
  if (form == "bucket_watch") return {"$JS.API.CONSUMER.CREATE.KV_" + value};
  if (form == "consume") {
    auto name = with_names(value);
    name.replace(name.find(' '), 1, ".");
    return {"$JS.API.CONSUMER.MSG.NEXT." + name, "$JS.API.CONSUMER.INFO." + name,
            "$JS.ACK." + name + ".1.1.1.1.0"};
  }
  return {};
}

bool may_hear(const std::set<Right>& rights, const std::string& subject) {
  return std::ranges::any_of(rights, [&](const Right& right) {
    return right.first == "subscribe" && testing::matches(right.second, subject);
  });
}

class Permissions : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    nats_ = new testing::PreparedNats;
    std::ifstream file{testing::schemas_folder() / "permissions.json"};
    const auto permissions = json::parse(file);
    for (const auto& [user, entry] : permissions.at("users").items()) {
      if (user != "admin") rights_[user] = rights_in(entry);
    }
    // Something stands everywhere, so that what is read is also seen to arrive.
    const auto admin = nats_->connect("admin");
    for (const auto* const subject :
         {"podium.jobs.job-1.hinted", "podium.logs.job-1.run-1", "podium.tickets.default",
          "podium.runs.cpu.1.run-1", "$KV.searches.key", "$KV.claims.key", "$KV.capacity.key"}) {
      ASSERT_TRUE(admin->publish(subject, "something")) << subject;
    }
  }
  static void TearDownTestSuite() {
    delete nats_;
    nats_ = nullptr;
    rights_.clear();
  }

  static std::set<Right> rights_in(const json& entry) {
    std::set<Right> rights;
    for (const auto& [form, values] : entry.items()) {
      if (form == "why") continue;
      for (const auto& value : values) {
        rights.emplace(form, value.is_array() ? value.at(0).get<std::string>() + " " +
                                                    value.at(1).get<std::string>()
                                              : value.get<std::string>());
      }
    }
    return rights;
  }
  static std::set<Right> all_rights() {
    std::set<Right> all;
    for (const auto& [user, rights] : rights_) all.insert(rights.begin(), rights.end());
    return all;
  }

  static inline testing::PreparedNats* nats_ = nullptr;
  static inline std::map<std::string, std::set<Right>> rights_;
};

void expect_refused(Bus& bus, const std::string& user, const std::string& subject) {
  const auto answer = bus.request(subject, "{}");
  ASSERT_FALSE(answer.has_value()) << user << " may publish to " << subject << ": " << *answer;
  EXPECT_TRUE(answer.error().is(errors::kPermission))
      << user << " at " << subject << ": " << answer.error().text();
}

void expect_unheard(Bus& bus, const std::string& user, const std::string& subject) {
  const auto heard = bus.subscribe(subject, [](const auto&, auto) {});
  ASSERT_FALSE(heard.has_value()) << user << " may subscribe " << subject;
  EXPECT_TRUE(heard.error().is(errors::kPermission)) << user << " at " << subject;
}

TEST_F(Permissions, EveryRightThatIsGivenWorks) {
  for (const auto& [user, rights] : rights_) {
    const auto bus = nats_->connect(user);
    for (const auto& [form, value] : rights) {
      const auto used = kUses.at(form)(*bus, value);
      EXPECT_TRUE(used.has_value())
          << user << ", " << form << " " << value << ": " << used.error().text();
    }
  }
}

TEST_F(Permissions, EveryRightThatOthersHaveIsRefused) {
  int refused = 0;
  for (const auto& [user, rights] : rights_) {
    const auto bus = nats_->connect(user);
    // A right may be part of another: what may be read in order may be looked at, too.
    std::set<std::string> granted;
    for (const auto& right : rights) {
      for (auto& subject : subjects_behind(right)) granted.insert(std::move(subject));
      if (right.first == "read") granted.insert("$JS.API.STREAM.INFO." + right.second);
    }
    for (const auto& right : all_rights()) {
      for (const auto& subject : subjects_behind(right)) {
        if (granted.contains(subject)) continue;
        expect_refused(*bus, user, subject);
        ++refused;
      }
      if (right.first == "subscribe" && !may_hear(rights, right.second)) {
        expect_unheard(*bus, user, right.second);
      }
    }
  }
  EXPECT_GT(refused, 100);
}

TEST_F(Permissions, NobodyButAdminAdministers) {
  for (const auto& [user, rights] : rights_) {
    const auto bus = nats_->connect(user);
    for (const auto* const stream : {"JOBS", "RUNS", "LOGS", "DEAD_LETTERS", "TICKETS",
                                     "KV_searches", "KV_claims", "KV_capacity"}) {
      for (const auto* const call :
           {"STREAM.CREATE.{}", "STREAM.UPDATE.{}", "STREAM.DELETE.{}", "STREAM.PURGE.{}",
            "STREAM.MSG.GET.{}", "STREAM.SNAPSHOT.{}", "STREAM.RESTORE.{}", "CONSUMER.LIST.{}",
            "CONSUMER.DURABLE.CREATE.{}.thief", "CONSUMER.CREATE.{}.thief",
            "CONSUMER.CREATE.{}.thief.podium.x", "CONSUMER.DELETE.{}.codegen-decide"}) {
        expect_refused(*bus, user, "$JS.API." + std::vformat(call, std::make_format_args(stream)));
      }
    }
    for (const auto* const call :
         {"$JS.API.INFO", "$JS.API.STREAM.LIST", "$JS.API.ACCOUNT.PURGE.x", "$SYS.REQ.SERVER.PING",
          "$JS.EVENT.ADVISORY.CONSUMER."
          "MSG_TERMINATED.JOBS.codegen-decide"}) {
      expect_refused(*bus, user, call);
    }
  }
}

TEST_F(Permissions, NobodyListensWhereOthersGetTheirAnswers) {
  for (const auto& [user, rights] : rights_) {
    const auto bus = nats_->connect(user);
    for (const auto& other : testing::user_names()) {
      if (other != user) expect_unheard(*bus, user, std::format("_INBOX_{}.>", other));
    }
    for (const auto* const subject : {">", "*.>", "_INBOX.>", "$JS.>", "$KV.>", "$SYS.>",
                                      "podium.>", "podium.tickets.*", "podium.runs.>"}) {
      expect_unheard(*bus, user, subject);
    }
  }
}

TEST_F(Permissions, WhoMayReadAStreamCannotMakeADurableOfIt) {
  const auto bus = nats_->connect("tracker");
  const auto answer = bus->request(
      "$JS.API.CONSUMER.CREATE.JOBS",
      R"({"stream_name":"JOBS","config":{"durable_name":"thief","ack_policy":"explicit"}})");
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->contains("\"error\"")) << *answer;
  const auto admin = nats_->connect("admin");
  EXPECT_TRUE(admin->pull("JOBS", "thief").error().is(errors::kNotFound));
}

TEST_F(Permissions, AWrongPasswordIsRefused) {
  const auto admin = nats_->connect("admin");
  EXPECT_TRUE(admin->stream_state("JOBS"));
  EXPECT_THROW(nats_->connect("nobody"), std::runtime_error);
}

}  // namespace
}  // namespace podium
