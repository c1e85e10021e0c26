// What a Bus does when the server is killed, comes back, comes late, or refuses. Each name says the
// fault and the outcome.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/seen.hpp"
#include "libs/chassis/bus/test_broker.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using ::testing::ElementsAre;
using testing::kPatience;
using testing::NatsServer;
using testing::Seen;
using ::testing::SizeIs;
using testing::TemporaryFolder;
using testing::TestBroker;
using testing::wait_until;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class BusFaults : public ::testing::Test {
 protected:
  void SetUp() override { broker_.make_stream("LETTERS", "letters.>"); }
  Bus& bus() { return broker_.bus(); }
  void restart_after_a_kill() {
    broker_.server().kill();
    broker_.server().start();
  }

  TestBroker broker_;
};

TEST_F(BusFaults, ServerKilledDuringAFetchIsNoticedInAboutASecond) {
  broker_.make_consumer("LETTERS", "reader");
  const auto consumer = std::move(bus().pull("LETTERS", "reader").value());
  std::jthread killer{[&] { broker_.server().kill(); }};
  const auto started = Clock::now();
  // A minute of patience is asked for, so whatever ends the call, it is not its end.
  const auto next = consumer->next(60s);
  ASSERT_FALSE(next.has_value());
  EXPECT_TRUE(next.error().is(errors::kUnavailable)) << next.error().text();
  EXPECT_LT(Clock::now() - started, kPatience);
  killer.join();

  broker_.server().start();
  ASSERT_TRUE(wait_until([&] { return bus().connected(); }, kPatience));
  ASSERT_TRUE(bus().publish("letters.a", "after", {.message_id = "after"}));
  std::unique_ptr<Delivery> delivery;
  ASSERT_TRUE(wait_until(
      [&] {
        auto again = consumer->next(1s);
        if (again) delivery = std::move(*again);
        return delivery != nullptr;
      },
      kPatience));
  EXPECT_EQ(delivery->data(), "after");
}

TEST_F(BusFaults, ServerKilledWhilePublishingStoresEveryMessageOnce) {
  constexpr int kMessages = 300;
  std::jthread publisher{[&] {
    for (int i = 0; i < kMessages; ++i) {
      const auto text = std::to_string(i);
      EXPECT_TRUE(bus().publish("letters.a", text, {.message_id = text})) << i;
    }
  }};
  const auto stored = [&] {
    const auto state = bus().stream_state("LETTERS");
    return state ? state->messages : 0;
  };
  for (const std::uint64_t kill_at : {20U, 90U, 200U}) {
    ASSERT_TRUE(wait_until([&] { return stored() >= kill_at; }, kPatience));
    restart_after_a_kill();
  }
  publisher.join();
  ASSERT_EQ(stored(), kMessages);
  std::set<std::string> texts;
  for (std::uint64_t sequence = 1; sequence <= kMessages; ++sequence) {
    texts.insert(bus().message_at("LETTERS", sequence).value()->data);
  }
  EXPECT_THAT(texts, SizeIs(kMessages));
}

TEST_F(BusFaults, ServerAwayMakesAPublishWithoutIdUnavailable) {
  broker_.server().kill();
  ASSERT_TRUE(wait_until([&] { return !bus().connected(); }, kPatience));
  const auto published = bus().publish("letters.a", "1");
  ASSERT_FALSE(published.has_value());
  EXPECT_TRUE(published.error().is(errors::kUnavailable)) << published.error().text();
  broker_.server().start();
  EXPECT_TRUE(bus().publish("letters.a", "2", {.message_id = "2"}));
}

TEST_F(BusFaults, ServerAwayMakesASubscriptionWaitForIt) {
  broker_.server().kill();
  ASSERT_TRUE(wait_until([&] { return !bus().connected(); }, kPatience));
  Seen seen;
  auto waiting = std::async(std::launch::async, [&] {
    return bus().subscribe("letters.a", [&](const std::string&, std::string_view text) {
      seen.add(std::string{text});
    });
  });
  broker_.server().start();
  const auto subscription = waiting.get();
  ASSERT_TRUE(subscription) << subscription.error().text();
  ASSERT_TRUE(bus().publish("letters.a", "1", {.message_id = "1"}));
  EXPECT_TRUE(seen.wait_for(1));
}

TEST_F(BusFaults, ServerKilledDuringAnOrderedReadLosesAndRepeatsNothing) {
  Seen seen;
  const auto reading = bus().read_ordered(
      "LETTERS", ">", 1, [&](const StoredMessage& message) { seen.add(message.data); });
  ASSERT_TRUE(reading.has_value());
  ASSERT_TRUE(bus().publish("letters.a", "1", {.message_id = "1"}));
  ASSERT_TRUE(seen.wait_for(1));
  restart_after_a_kill();
  ASSERT_TRUE(bus().publish("letters.a", "2", {.message_id = "2"}));
  ASSERT_TRUE(seen.wait_for(2));
  ASSERT_TRUE(bus().publish("letters.a", "3", {.message_id = "3"}));
  ASSERT_TRUE(seen.wait_for(3));
  EXPECT_THAT(seen.texts(), ElementsAre("1", "2", "3"));
}

TEST_F(BusFaults, ServerKilledDuringAWatchTellsTheLaterChanges) {
  broker_.make_bucket("claims");
  const auto bucket = std::move(bus().bucket("claims").value());
  Seen seen;
  const auto watching = bucket->watch([&](const KeyValue::Entry& entry) { seen.add(entry.value); });
  ASSERT_TRUE(watching.has_value());
  ASSERT_TRUE(bucket->put("run-1", "one"));
  ASSERT_TRUE(seen.wait_for(1));
  restart_after_a_kill();
  ASSERT_TRUE(bucket->put("run-1", "two"));
  ASSERT_TRUE(seen.wait_for(2));
  EXPECT_THAT(seen.texts(), ElementsAre("one", "two"));
}

TEST_F(BusFaults, ServerKilledDoesNotEndAPlainSubscription) {
  Seen seen;
  const auto subscription = bus().subscribe(
      "letters.>", [&](const auto&, std::string_view data) { seen.add(std::string{data}); });
  ASSERT_TRUE(subscription.has_value());
  restart_after_a_kill();
  ASSERT_TRUE(bus().publish("letters.a", "1", {.message_id = "1"}));
  EXPECT_TRUE(seen.wait_for(1));
}

TEST_F(BusFaults, ServerKilledDuringACompareAndSetDecidesItOnce) {
  broker_.make_bucket("claims");
  const auto bucket = std::move(bus().bucket("claims").value());
  constexpr int kUpdates = 150;
  std::jthread writer{[&] {
    auto revision = bucket->create("run-1", "0");
    for (int i = 1; i <= kUpdates && revision; ++i) {
      revision = bucket->update("run-1", std::to_string(i), *revision);
    }
    EXPECT_TRUE(revision.has_value()) << revision.error().text();
  }};
  const auto value = [&] {
    const auto entry = bucket->get("run-1");
    return entry && *entry ? std::stoi((*entry)->value) : 0;
  };
  for (const int kill_at : {10, 80}) {
    ASSERT_TRUE(wait_until([&] { return value() >= kill_at; }, kPatience));
    restart_after_a_kill();
  }
  writer.join();
  EXPECT_EQ(value(), kUpdates);
}

TEST_F(BusFaults, StreamMissingMakesAPublishWithIdWaitForIt) {
  std::jthread maker{[&] {
    const auto other = broker_.connect();
    ASSERT_TRUE(wait_until([&] { return other->connected(); }, kPatience));
    broker_.make_stream("LATE", "late.>");
  }};
  const auto published = bus().publish("late.a", "1", {.message_id = "1"});
  EXPECT_TRUE(published.has_value()) << published.error().text();
}

TEST(BusConnecting, ServerThatComesLateIsWaitedFor) {
  TestBroker broker;
  broker.server().kill();
  Result<std::unique_ptr<Bus>> bus;
  std::jthread connecting{[&] { bus = Bus::connect(broker.options()); }};
  broker.server().start();
  connecting.join();
  EXPECT_TRUE(bus.has_value()) << bus.error().text();
}

TEST(BusConnecting, ServerThatNeverComesIsUnavailable) {
  BusOptions options;
  options.url = "nats://127.0.0.1:" + std::to_string(testing::free_port());
  options.connect_timeout = 300ms;
  const auto bus = Bus::connect(options);
  ASSERT_FALSE(bus.has_value());
  EXPECT_TRUE(bus.error().is(errors::kUnavailable)) << bus.error().text();
}

/// A server with the users `all` (everything) and `few` (publish letters.few).
class BusRefusals : public ::testing::Test {
 protected:
  static std::filesystem::path write_config(const TemporaryFolder& folder) {
    const auto path = folder.path() / "nats.conf";
    std::ofstream{path} << R"(authorization { users: [
      {user: all, password: all}
      {user: few, password: few, permissions: {
        publish: {allow: ["letters.few", "$JS.API.CONSUMER.INFO.LETTERS.reader"]}
        subscribe: {allow: ["_INBOX_few.>"]}
      }}
    ]})";
    return path;
  }

  BusOptions options(std::string_view user) const {
    BusOptions options;
    options.url = server_.url();
    options.user = user;
    options.name = user;
    options.password = Secret{std::string{user}};
    return options;
  }

  void SetUp() override {
    all_ = std::move(Bus::connect(options("all")).value());
    few_ = std::move(Bus::connect(options("few")).value());
    const auto made = all_->request(
        "$JS.API.STREAM.CREATE.LETTERS",
        R"({"name":"LETTERS","subjects":["letters.>"],"storage":"file","allow_direct":true})");
    ASSERT_TRUE(made.has_value());
    ASSERT_TRUE(all_->request("$JS.API.CONSUMER.DURABLE.CREATE.LETTERS.reader",
                              R"({"stream_name":"LETTERS","config":{"durable_name":"reader",)"
                              R"("ack_policy":"explicit"}})"));
  }

  TemporaryFolder folder_;
  NatsServer server_{write_config(folder_)};
  std::unique_ptr<Bus> all_;
  std::unique_ptr<Bus> few_;
};

/// Far less than the request timeout: the refusal itself ends the wait.
constexpr auto kAtOnce = 3s;

TEST_F(BusRefusals, PublishNotPermittedFailsAtOnceAndOthersGoOn) {
  const auto started = Clock::now();
  const auto refused = few_->publish("letters.other", "1", {.message_id = "1"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kPermission)) << refused.error().text();
  EXPECT_LT(Clock::now() - started, kAtOnce);
  EXPECT_TRUE(few_->publish("letters.few", "1", {.message_id = "1"}));
}

TEST_F(BusRefusals, SubscriptionNotPermittedFailsAtOnce) {
  const auto refused = few_->subscribe("letters.>", [](const auto&, auto) {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kPermission)) << refused.error().text();
}

TEST_F(BusRefusals, StreamCallsNotPermittedFailAtOnce) {
  const auto started = Clock::now();
  EXPECT_TRUE(few_->stream_state("LETTERS").error().is(errors::kPermission));
  EXPECT_TRUE(few_->last_message("LETTERS", "letters.few").error().is(errors::kPermission));
  EXPECT_TRUE(few_->delete_message("LETTERS", 1).error().is(errors::kPermission));
  EXPECT_TRUE(few_->bucket("claims").error().is(errors::kPermission));
  EXPECT_LT(Clock::now() - started, kAtOnce);
}

TEST_F(BusRefusals, FetchNotPermittedIsTold) {
  const auto consumer = std::move(few_->pull("LETTERS", "reader").value());
  const auto next = consumer->next(1s);
  ASSERT_FALSE(next.has_value());
  EXPECT_TRUE(next.error().is(errors::kPermission)) << next.error().text();
}

TEST_F(BusRefusals, OrderedReadNotPermittedIsTold) {
  const auto reading = few_->read_ordered("LETTERS", ">", 1, [](const auto&) {});
  ASSERT_FALSE(reading.has_value());
  EXPECT_TRUE(reading.error().is(errors::kPermission)) << reading.error().text();
}

TEST_F(BusRefusals, WrongPasswordFailsAtOnce) {
  auto wrong = options("few");
  wrong.password = Secret{"wrong"};
  const auto started = Clock::now();
  const auto refused = Bus::connect(wrong);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kPermission)) << refused.error().text();
  EXPECT_LT(Clock::now() - started, kAtOnce);
}

}  // namespace
}  // namespace podium
