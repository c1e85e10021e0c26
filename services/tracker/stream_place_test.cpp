#include "services/tracker/stream_place.hpp"

#include <gtest/gtest.h>

namespace podium::tracker {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

const Moment kMade = Moment{seconds{1'795'336'251}} + microseconds{123'456};

TEST(StreamPlace, WithoutACheckpointIsTheBeginning) {
  const auto place = place_in(kMade, 7, std::nullopt);
  EXPECT_EQ(place.generation, kMade);
  EXPECT_EQ(place.first, 1);
}

TEST(StreamPlace, IsBehindTheCheckpoint) {
  const auto place = place_in(kMade, 7, Position{kMade, 5});
  EXPECT_EQ(place.generation, kMade);
  EXPECT_EQ(place.first, 6);
  EXPECT_EQ(place.known, 5);
}

TEST(StreamPlace, OfAResetStreamIsItsBeginningAsAnotherGeneration) {
  const auto place = place_in(kMade + seconds{60}, 2, Position{kMade, 5});
  EXPECT_EQ(place.generation, kMade + seconds{60});
  EXPECT_EQ(place.first, 1);
  EXPECT_EQ(place.known, 0);
}

TEST(StreamPlace, OfAStreamThatLostItsEndIsBehindWhatIsLeft) {
  const auto place = place_in(kMade, 3, Position{kMade, 5});
  EXPECT_EQ(place.generation, kMade + microseconds{1});
  EXPECT_EQ(place.first, 4);
  const auto later = place_in(kMade, 9, Position{place.generation, 8});
  EXPECT_EQ(later.generation, place.generation);
  EXPECT_EQ(later.first, 9);
}

TEST(StreamPlace, IsStillTheSameUntilResetOrShortened) {
  EXPECT_TRUE(is_still(kMade, 5, kMade, 5));
  EXPECT_TRUE(is_still(kMade, 9, kMade + microseconds{1}, 5));
  EXPECT_FALSE(is_still(kMade, 4, kMade, 5));
  EXPECT_FALSE(is_still(kMade + seconds{1}, 9, kMade, 5));
}

TEST(StreamPlace, ReadsWhenTheBrokerMadeTheStream) {
  Bus::StreamState state;
  state.created = "2026-11-22T08:30:51.123456789Z";
  EXPECT_EQ(created(state).value(), kMade);
  state.created = "yesterday";
  EXPECT_FALSE(created(state).has_value());
}

}  // namespace
}  // namespace podium::tracker
