#include "services/scraper/adapters/told_sharing.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <string>
#include <thread>

#include "libs/competition/reasons.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

using namespace std::chrono_literals;
namespace reasons = competition::reasons;

KaggleTold told_of(const std::string& slug) {
  KaggleTold told;
  told.competition.slug = slug;
  return told;
}

class ToldSharingTest : public ::testing::Test {
 protected:
  ~ToldSharingTest() override { stop_.request_stop(); }

  Result<KaggleTold> answer() {
    ++asked_;
    return told_of("titanic");
  }
  Result<KaggleTold> refusal() {
    ++asked_;
    return fail(reasons::kKaggleRules, "the rules");
  }
  /// One that asks, and is not answered before `go_on` is released; returns once it asks.
  std::jthread ask_slowly(const ToldSharing::Ask& ask, std::stop_token stop = {}) {
    std::jthread asking{[this, ask, stop = std::move(stop)] {
      slow_ = sharing_.get("titanic", {.stop = stop}, [&] {
        begun_.release();
        go_on_.acquire();
        return ask();
      });
    }};
    begun_.acquire();
    return asking;
  }
  /// That a test waits for: told when somebody waits for another one's question.
  FetchControl telling() {
    return {.stop = stop_.get_token(),
            .on_progress = [this](std::string_view, std::uint64_t, std::uint64_t) {
              if (!waits_.exchange(true)) waiting_.release();
            }};
  }

  ToldSharing sharing_{60s};
  std::atomic<int> asked_ = 0;
  std::binary_semaphore begun_{0};
  std::binary_semaphore go_on_{0};
  std::binary_semaphore waiting_{0};
  std::atomic<bool> waits_ = false;
  std::stop_source stop_;
  Result<ToldSharing::Told> slow_ = nullptr;
};

TEST_F(ToldSharingTest, OneAsksForAllThatWaitAndForThoseThatComeLater) {
  auto first = ask_slowly([this] { return answer(); });
  std::vector<std::jthread> others;
  std::atomic<int> answered = 0;
  for (int number = 0; number < 20; ++number) {
    others.emplace_back([&] {
      const auto told = sharing_.get("titanic", telling(), [this] { return answer(); });
      if (told && (*told)->competition.slug == "titanic") ++answered;
    });
  }
  waiting_.acquire();
  go_on_.release();
  others.clear();
  first.join();
  EXPECT_EQ(answered, 20);
  EXPECT_TRUE(sharing_.get("titanic", {}, [this] { return answer(); }));
  EXPECT_EQ(asked_, 1);
  EXPECT_TRUE(sharing_.get("another", {}, [this] { return answer(); }));
  EXPECT_EQ(asked_, 2);
}

TEST_F(ToldSharingTest, WhatIsOldIsAskedAgain) {
  ToldSharing forgetful{0s};
  for (int number = 0; number < 3; ++number) {
    EXPECT_TRUE(forgetful.get("titanic", {}, [this] { return answer(); }));
  }
  EXPECT_EQ(asked_, 3);
}

TEST_F(ToldSharingTest, ARefusalIsNotKept) {
  EXPECT_TRUE(
      sharing_.get("titanic", {}, [this] { return refusal(); }).error().is(reasons::kKaggleRules));
  EXPECT_TRUE(sharing_.get("titanic", {}, [this] { return answer(); }));
}

TEST_F(ToldSharingTest, ARefusalThatWasAskedForBeforeIsNotBelieved) {
  auto first = ask_slowly([this] { return refusal(); });
  std::jthread second{[this] {
    const auto told = sharing_.get("titanic", telling(), [this] { return answer(); });
    EXPECT_TRUE(told) << "whoever came later is answered anew";
  }};
  waiting_.acquire();
  go_on_.release();
  first.join();
  second.join();
  EXPECT_TRUE(slow_.error().is(reasons::kKaggleRules));
  EXPECT_EQ(asked_, 2);
}

TEST_F(ToldSharingTest, AnAskerThatIsStoppedLeavesItToTheNext) {
  auto first = ask_slowly(
      []() -> Result<KaggleTold> { return fail(errors::kStopped, "its job was cancelled"); });
  std::jthread second{
      [this] { EXPECT_TRUE(sharing_.get("titanic", telling(), [this] { return answer(); })); }};
  waiting_.acquire();
  go_on_.release();
  first.join();
  second.join();
  EXPECT_EQ(asked_, 1);
}

TEST_F(ToldSharingTest, OneThatWaitsCanBeStopped) {
  auto first = ask_slowly([this] { return answer(); });
  std::jthread second{[this] {
    const auto told = sharing_.get("titanic", telling(), [this] { return answer(); });
    EXPECT_TRUE(!told && told.error().is(errors::kStopped));
  }};
  waiting_.acquire();
  stop_.request_stop();
  second.join();
  go_on_.release();
}

TEST_F(ToldSharingTest, PagesThatCouldNotBeHadAreAskedForAgain) {
  const auto without_pages = [this]() -> Result<KaggleTold> {
    ++asked_;
    auto told = told_of("titanic");
    told.pages = fail(reasons::kScrapeFailed, "no pages");
    return told;
  };
  EXPECT_TRUE(sharing_.get("titanic", {}, without_pages));
  EXPECT_TRUE(sharing_.get("titanic", {}, without_pages));
  EXPECT_EQ(asked_, 2);
}

TEST_F(ToldSharingTest, OfManyCompetitionsTheNewestAreKept) {
  const auto ask = [this] { return answer(); };
  for (int number = 0; number <= kToldKeptMax; ++number) {
    EXPECT_TRUE(sharing_.get(std::to_string(number), {}, ask));
  }
  EXPECT_TRUE(sharing_.get(std::to_string(kToldKeptMax), {}, ask));
  EXPECT_EQ(asked_, kToldKeptMax + 1);
  EXPECT_TRUE(sharing_.get("0", {}, ask));
  EXPECT_EQ(asked_, kToldKeptMax + 2);
}

}  // namespace
}  // namespace podium::scraper
