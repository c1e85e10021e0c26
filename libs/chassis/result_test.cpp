#include "libs/chassis/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace podium {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return fail(errors::kInvalid, std::to_string(number) + " is odd");
  return number / 2;
}

Result<int> quarter_of(int number) {
  const int half = PODIUM_TRY(half_of(number));
  return half_of(half);
}

Result<void> needs_even(int number) {
  PODIUM_TRY(half_of(number));
  return {};
}

Result<std::unique_ptr<int>> owned(int number) {
  PODIUM_TRY(needs_even(number));
  auto made = PODIUM_TRY(Result<std::unique_ptr<int>>{std::make_unique<int>(number)});
  return made;
}

TEST(Result, TryGivesTheValue) {
  EXPECT_EQ(quarter_of(12).value(), 3);
}

TEST(Result, TryReturnsTheErrorOfTheInnerCall) {
  const Result<int> result = quarter_of(6);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(errors::kInvalid));
  EXPECT_EQ(result.error().text(), "INVALID: 3 is odd");
}

TEST(Result, TryTakesResultsWithoutAValue) {
  EXPECT_TRUE(needs_even(2));
  EXPECT_FALSE(needs_even(3));
}

TEST(Result, TryMovesWhatCannotBeCopied) {
  const auto result = owned(4);
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 4);
  EXPECT_FALSE(owned(5));
}

TEST(Result, ErrorsOfOneCodeAreTheSameAndOthersAreNot) {
  const Error error{&errors::kNotFound, "job"};
  EXPECT_TRUE(error.is(errors::kNotFound));
  EXPECT_FALSE(error.is(errors::kInvalid));
}

}  // namespace
}  // namespace podium
