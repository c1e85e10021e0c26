// Pull consumers and deliveries, asked of a real nats-server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <set>
#include <thread>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/seen.hpp"
#include "libs/chassis/bus/test_broker.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using ::testing::HasSubstr;
using testing::kPatience;
using testing::Seen;
using ::testing::SizeIs;
using testing::TestBroker;
using testing::wait_until;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kFetchWait = 1000ms;

class PullConsumerTest : public ::testing::Test {
 protected:
  /// A consumer of a stream LETTERS; `more` are fields of its durable.
  std::unique_ptr<PullConsumer> make_consumer(std::string_view more = {}) {
    broker_.make_stream("LETTERS", "letters.>");
    broker_.make_consumer("LETTERS", "reader", more);
    return open();
  }
  std::unique_ptr<PullConsumer> open() {
    return std::move(bus().pull("LETTERS", "reader").value());
  }
  Bus& bus() { return broker_.bus(); }
  void publish(std::string_view data) {
    ASSERT_TRUE(bus().publish("letters.a", data, {.message_id = std::string{data}}));
  }
  /// Deliveries come again only after something has happened, so a test asks until one is there.
  std::unique_ptr<Delivery> take(PullConsumer& consumer) {
    std::unique_ptr<Delivery> taken;
    wait_until(
        [&] {
          auto next = consumer.next(kFetchWait);
          if (next) taken = std::move(*next);
          return taken != nullptr;
        },
        kPatience);
    return taken;
  }
  std::uint64_t unsettled() {
    const auto info = broker_.api("CONSUMER.INFO.LETTERS.reader", "");
    const auto at = info.find("\"num_ack_pending\":");
    return std::stoull(info.substr(at + 18));
  }

  TestBroker broker_;
};

TEST_F(PullConsumerTest, AnAcknowledgedMessageNeverComesAgain) {
  const auto consumer = make_consumer(R"(,"ack_wait":500000000)");
  publish("1");
  const auto delivery = take(*consumer);
  ASSERT_NE(delivery, nullptr);
  EXPECT_EQ(delivery->subject(), "letters.a");
  EXPECT_EQ(delivery->data(), "1");
  EXPECT_EQ(delivery->sequence(), 1U);
  EXPECT_EQ(delivery->deliveries(), 1U);
  ASSERT_TRUE(delivery->ack());
  EXPECT_EQ(unsettled(), 0U);
  EXPECT_EQ(consumer->next(kFetchWait).value(), nullptr);
}

TEST_F(PullConsumerTest, AnUnsettledMessageComesAgainAfterTheAckWait) {
  const auto consumer = make_consumer(R"(,"ack_wait":300000000)");
  publish("1");
  ASSERT_NE(take(*consumer), nullptr);
  const auto again = take(*consumer);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->data(), "1");
  EXPECT_EQ(again->deliveries(), 2U);
}

TEST_F(PullConsumerTest, RetryAfterNothingComesAgainAtOnce) {
  const auto consumer = make_consumer();
  publish("1");
  ASSERT_TRUE(take(*consumer)->retry_after(0ms));
  const auto again = take(*consumer);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->deliveries(), 2U);
}

TEST_F(PullConsumerTest, RetryAfterADelayComesAgainNotBefore) {
  const auto consumer = make_consumer();
  publish("1");
  const auto first = take(*consumer);
  const auto handed_back = Clock::now();
  ASSERT_TRUE(first->retry_after(700ms));
  ASSERT_NE(take(*consumer), nullptr);
  EXPECT_GE(Clock::now() - handed_back, 650ms);
}

TEST_F(PullConsumerTest, InProgressHoldsAMessageBeyondItsAckWait) {
  const auto consumer = make_consumer(R"(,"ack_wait":600000000)");
  publish("1");
  const auto delivery = take(*consumer);
  const auto until = Clock::now() + 1500ms;
  while (Clock::now() < until) {
    ASSERT_TRUE(delivery->in_progress());
    // Each idle fetch is a pause of a third of the AckWait in which the message must not come.
    ASSERT_EQ(consumer->next(200ms).value(), nullptr);
  }
  EXPECT_TRUE(delivery->ack());
}

TEST_F(PullConsumerTest, ATerminatedMessageIsAnAdvisoryWithItsReason) {
  broker_.make_stream("DEAD_LETTERS", "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>");
  const auto consumer = make_consumer();
  publish("1");
  ASSERT_TRUE(take(*consumer)->terminate("INVALID: the slug\r\nis empty"));
  std::optional<StoredMessage> advisory;
  ASSERT_TRUE(wait_until(
      [&] {
        advisory = bus().message_at("DEAD_LETTERS", 1).value();
        return advisory.has_value();
      },
      kPatience));
  EXPECT_THAT(advisory->data, HasSubstr("INVALID: the slug  is empty"));
  EXPECT_THAT(advisory->data, HasSubstr("\"stream_seq\":1"));
  EXPECT_EQ(unsettled(), 0U);
}

TEST_F(PullConsumerTest, AnIdleConsumerGivesNothingWithinItsWait) {
  const auto consumer = make_consumer();
  const auto started = Clock::now();
  EXPECT_EQ(consumer->next(300ms).value(), nullptr);
  EXPECT_GE(Clock::now() - started, 290ms);
}

TEST_F(PullConsumerTest, AMessageWakesAWaitingConsumer) {
  const auto consumer = make_consumer();
  Seen seen;
  std::jthread taker{[&] {
    const auto delivery = take(*consumer);
    seen.add(std::string{delivery->data()});
  }};
  publish("1");
  EXPECT_TRUE(seen.wait_for(1));
}

TEST_F(PullConsumerTest, AMessageSaysHowManyAreStillToCome) {
  const auto consumer = make_consumer();
  for (const auto* const data : {"1", "2", "3"}) publish(data);
  for (const std::uint64_t left : {2U, 1U, 0U}) EXPECT_EQ(take(*consumer)->pending(), left);
}

TEST_F(PullConsumerTest, TwoConsumersOfOneDurableShareItsMessages) {
  const auto one = make_consumer();
  const auto two = open();
  for (const auto* const data : {"1", "2", "3", "4"}) publish(data);
  std::set<std::string> taken;
  for (int i = 0; i < 2; ++i) {
    taken.emplace(take(*one)->data());
    taken.emplace(take(*two)->data());
  }
  EXPECT_THAT(taken, SizeIs(4));
}

TEST_F(PullConsumerTest, AnUnknownDurableIsNotFound) {
  broker_.make_stream("LETTERS", "letters.>");
  EXPECT_TRUE(bus().pull("LETTERS", "nobody").error().is(errors::kNotFound));
  EXPECT_TRUE(bus().pull("NONE", "nobody").error().is(errors::kNotFound));
}

TEST_F(PullConsumerTest, ADurableThatIsDeletedIsUnavailableAndGoodAgainWhenItIsBack) {
  const auto consumer = make_consumer();
  broker_.api("CONSUMER.DELETE.LETTERS.reader", "");
  Result<std::unique_ptr<Delivery>> next;
  ASSERT_TRUE(wait_until(
      [&] {
        next = consumer->next(kFetchWait);
        return !next;
      },
      kPatience));
  EXPECT_TRUE(next.error().is(errors::kUnavailable)) << next.error().text();
  broker_.make_consumer("LETTERS", "reader");
  publish("1");
  EXPECT_NE(take(*consumer), nullptr);
}

TEST_F(PullConsumerTest, AFailingFetchNeverSpins) {
  const auto consumer = make_consumer();
  broker_.api("CONSUMER.DELETE.LETTERS.reader", "");
  ASSERT_TRUE(wait_until([&] { return !consumer->next(kFetchWait); }, kPatience));
  const auto started = Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(consumer->next(kFetchWait));
  EXPECT_GE(Clock::now() - started, 300ms);
}

TEST_F(PullConsumerTest, ADeliveryMayOutliveItsConsumer) {
  auto consumer = make_consumer();
  publish("1");
  const auto delivery = take(*consumer);
  consumer.reset();
  EXPECT_TRUE(delivery->ack());
  EXPECT_EQ(unsettled(), 0U);
}

}  // namespace
}  // namespace podium
