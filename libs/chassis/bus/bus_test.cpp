// What every Bus promises, asked of a real nats-server.
#include "libs/chassis/bus/bus.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>
#include <mutex>
#include <stdexcept>

#include "libs/chassis/bus/seen.hpp"
#include "libs/chassis/bus/test_broker.hpp"
#include "tests/support/wait_until.hpp"

namespace podium {
namespace {

using ::testing::ElementsAre;
using testing::kPatience;
using testing::Seen;
using testing::TestBroker;
using testing::wait_until;
using namespace std::chrono_literals;

class BusTest : public ::testing::Test {
 protected:
  Bus& bus() { return broker_.bus(); }

  void make_letters(std::string_view more = {}) {
    broker_.make_stream("LETTERS", "letters.>", more);
  }

  TestBroker broker_;
};

TEST_F(BusTest, PublishStoresTheMessage) {
  make_letters();
  const auto published = bus().publish("letters.a", "hello", {.message_id = "1"});
  ASSERT_TRUE(published.has_value()) << published.error().text();
  EXPECT_EQ(published->sequence, 1U);
  EXPECT_FALSE(published->duplicate);

  const auto last = bus().last_message("LETTERS", "letters.a");
  ASSERT_TRUE(last && *last);
  EXPECT_EQ((*last)->subject, "letters.a");
  EXPECT_EQ((*last)->data, "hello");
  EXPECT_EQ((*last)->sequence, 1U);
  const auto age = std::chrono::system_clock::now() - (*last)->time;
  EXPECT_LT(std::chrono::abs(age), 60s);
}

TEST_F(BusTest, PublishWithTheSameIdIsStoredOnce) {
  make_letters();
  ASSERT_TRUE(bus().publish("letters.a", "hello", {.message_id = "1"}));
  const auto again = bus().publish("letters.a", "hello", {.message_id = "1"});
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->sequence, 1U);
  EXPECT_EQ(bus().stream_state("LETTERS")->messages, 1U);
}

TEST_F(BusTest, PublishExpectingAnEmptySubjectIsDoneAlreadyAfterTheDuplicateWindow) {
  make_letters(R"(,"duplicate_window":100000000)");
  const PublishOptions once{.message_id = "1", .expect_empty_subject = true};
  ASSERT_TRUE(bus().publish("letters.a", "hello", once));
  Result<Published> again;
  ASSERT_TRUE(wait_until(
      [&] {
        again = bus().publish("letters.a", "hello", once);
        return !again;
      },
      kPatience));
  EXPECT_TRUE(again.error().is(errors::kDoneAlready)) << again.error().text();
  EXPECT_EQ(bus().stream_state("LETTERS")->messages, 1U);
}

TEST_F(BusTest, PublishToAFullStreamIsRefused) {
  make_letters(R"(,"max_msgs":2,"discard":"new")");
  ASSERT_TRUE(bus().publish("letters.a", "1"));
  ASSERT_TRUE(bus().publish("letters.b", "2"));
  const auto refused = bus().publish("letters.c", "3", {.message_id = "3"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kFull)) << refused.error().text();

  ASSERT_TRUE(bus().delete_message("LETTERS", 1));
  EXPECT_TRUE(bus().publish("letters.c", "3", {.message_id = "3"}));
}

TEST_F(BusTest, PublishToAFullSubjectIsRefused) {
  make_letters(R"(,"max_msgs_per_subject":1,"discard":"new","discard_new_per_subject":true)");
  ASSERT_TRUE(bus().publish("letters.a", "1"));
  const auto refused = bus().publish("letters.a", "2");
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::kFull)) << refused.error().text();
  EXPECT_TRUE(bus().publish("letters.b", "2"));
}

TEST_F(BusTest, PublishOfTooMuchIsRefused) {
  make_letters(R"(,"max_msg_size":100)");
  const auto for_stream = bus().publish("letters.a", std::string(101, 'x'));
  EXPECT_TRUE(for_stream.error().is(errors::kTooLarge)) << for_stream.error().text();
  const auto for_server = bus().publish("letters.a", std::string(2 * 1024 * 1024, 'x'));
  EXPECT_TRUE(for_server.error().is(errors::kTooLarge)) << for_server.error().text();
}

TEST_F(BusTest, PublishWhereNobodyListensIsUnavailable) {
  const auto published = bus().publish("nowhere", "1");
  ASSERT_FALSE(published.has_value());
  EXPECT_TRUE(published.error().is(errors::kUnavailable)) << published.error().text();
}

TEST_F(BusTest, PublishRefusesWhatWouldBreakTheProtocol) {
  make_letters();
  for (const auto* const subject : {"", "a b", "a\r\nPUB x 0", "a\t"}) {
    EXPECT_TRUE(bus().publish(subject, "").error().is(errors::kInvalid)) << subject;
  }
  const auto forged =
      bus().publish("letters.a", "", {.headers = {{"ce-id", "1\r\nNats-Msg-Id: 2"}}});
  EXPECT_TRUE(forged.error().is(errors::kInvalid));
}

TEST_F(BusTest, GetsOfWhatIsNotThereAreEmpty) {
  make_letters();
  EXPECT_FALSE(bus().last_message("LETTERS", "letters.a").value());
  EXPECT_FALSE(bus().message_at("LETTERS", 1).value());
}

TEST_F(BusTest, MessageAtGivesAnyMessageByItsSequence) {
  make_letters();
  ASSERT_TRUE(bus().publish("letters.a", "1"));
  ASSERT_TRUE(bus().publish("letters.a", ""));
  EXPECT_EQ(bus().message_at("LETTERS", 1).value()->data, "1");
  EXPECT_EQ(bus().message_at("LETTERS", 2).value()->data, "");
}

TEST_F(BusTest, DeleteMessageSucceedsAlsoWhenItIsGone) {
  make_letters();
  ASSERT_TRUE(bus().publish("letters.a", "1"));
  EXPECT_TRUE(bus().delete_message("LETTERS", 1));
  EXPECT_FALSE(bus().message_at("LETTERS", 1).value());
  EXPECT_TRUE(bus().delete_message("LETTERS", 1));
  EXPECT_TRUE(bus().delete_message("LETTERS", 99));
}

TEST_F(BusTest, StreamStateTellsSequencesAndWhenItWasMade) {
  make_letters();
  ASSERT_TRUE(bus().publish("letters.a", "1"));
  ASSERT_TRUE(bus().publish("letters.b", "2"));
  const auto state = bus().stream_state("LETTERS");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->messages, 2U);
  EXPECT_EQ(state->first_sequence, 1U);
  EXPECT_EQ(state->last_sequence, 2U);
  EXPECT_FALSE(state->created.empty());
  EXPECT_TRUE(bus().stream_state("NONE").error().is(errors::kNotFound));
}

TEST_F(BusTest, SubscribeHearsWhatComesUntilItIsDestroyed) {
  make_letters();
  Seen first;
  Seen second;
  const auto add_to = [](Seen& seen) {
    return [&seen](const std::string& subject, std::string_view data) {
      seen.add(std::format("{}={}", subject, data));
    };
  };
  auto ends_early = bus().subscribe("letters.*", add_to(first));
  const auto stays = bus().subscribe("letters.*", add_to(second));
  ASSERT_TRUE(ends_early && stays);
  const auto other = broker_.connect();
  ASSERT_TRUE(other->publish("letters.a", "1"));
  ASSERT_TRUE(first.wait_for(1) && second.wait_for(1));
  ends_early->reset();
  ASSERT_TRUE(other->publish("letters.a", "2"));
  ASSERT_TRUE(second.wait_for(2));
  EXPECT_THAT(first.texts(), ElementsAre("letters.a=1"));
  EXPECT_THAT(second.texts(), ElementsAre("letters.a=1", "letters.a=2"));
}

TEST_F(BusTest, ACallbackThatThrowsLosesOnlyItsMessage) {
  make_letters();
  Seen seen;
  const auto subscription =
      bus().subscribe("letters.*", [&](const std::string&, std::string_view data) {
        if (data == "bad") throw std::runtime_error{"no"};
        seen.add(std::string{data});
      });
  ASSERT_TRUE(subscription.has_value());
  ASSERT_TRUE(bus().publish("letters.a", "bad"));
  ASSERT_TRUE(bus().publish("letters.a", "good"));
  EXPECT_TRUE(seen.wait_for(1));
  EXPECT_THAT(seen.texts(), ElementsAre("good"));
}

TEST_F(BusTest, ACallbackMayEndItsOwnSubscription) {
  make_letters();
  Seen ended;
  Seen marker;
  std::mutex mutex;
  std::unique_ptr<Subscription> subscription;
  const auto marks = bus().subscribe(
      "letters.*", [&](const auto&, std::string_view data) { marker.add(std::string{data}); });
  {
    const std::scoped_lock lock{mutex};
    auto made = bus().subscribe("letters.*", [&](const auto&, std::string_view data) {
      const std::scoped_lock in_callback{mutex};
      ended.add(std::string{data});
      subscription.reset();
    });
    ASSERT_TRUE(made && marks);
    subscription = std::move(*made);
  }
  ASSERT_TRUE(bus().publish("letters.a", "1"));
  ASSERT_TRUE(ended.wait_for(1));
  ASSERT_TRUE(bus().publish("letters.a", "2"));
  ASSERT_TRUE(marker.wait_for(2));
  EXPECT_THAT(ended.texts(), ElementsAre("1"));
}

TEST_F(BusTest, ReadOrderedGivesAllOfASubjectFromASequenceOnAndThenWhatComes) {
  make_letters();
  for (int i = 1; i <= 6; ++i) {
    ASSERT_TRUE(bus().publish(i % 2 == 0 ? "letters.even" : "letters.odd", std::to_string(i)));
  }
  Seen seen;
  const auto reading = bus().read_ordered("LETTERS", "letters.even", 3, [&](const auto& message) {
    seen.add(std::format("{}:{}", message.sequence, message.data));
  });
  ASSERT_TRUE(reading.has_value()) << reading.error().text();
  EXPECT_TRUE(seen.wait_for(2));
  ASSERT_TRUE(bus().publish("letters.even", "8"));
  EXPECT_TRUE(seen.wait_for(3));
  EXPECT_THAT(seen.texts(), ElementsAre("4:4", "6:6", "7:8"));
}

TEST_F(BusTest, ReadOrderedOfAnUnknownStreamIsNotFound) {
  const auto reading = bus().read_ordered("NONE", ">", 1, [](const auto&) {});
  ASSERT_FALSE(reading.has_value());
  EXPECT_TRUE(reading.error().is(errors::kNotFound)) << reading.error().text();
}

TEST_F(BusTest, IsConnectedWhileTheServerIsThere) {
  EXPECT_TRUE(bus().connected());
}

}  // namespace
}  // namespace podium
