#include "libs/chassis/postgres/sqlstate.hpp"

#include <gtest/gtest.h>

namespace podium::postgres {
namespace {

TEST(Sqlstate, WhatPassesByItselfIsUnavailable) {
  for (const char* state : {"", "08006", "08001", "57P01", "57P02", "57P03", "53300", "53100",
                            "40001", "40P01", "55P03"}) {
    EXPECT_EQ(&error_of(state), &errors::kUnavailable) << state;
  }
}

TEST(Sqlstate, AnEndedStatementIsATimeout) {
  EXPECT_EQ(&error_of("57014"), &errors::kTimeout);
}

TEST(Sqlstate, DataThatTheTablesRefuseIsInvalid) {
  for (const char* state : {"22021", "22P02", "22003", "23502", "23505", "23514"}) {
    EXPECT_EQ(&error_of(state), &errors::kInvalid) << state;
  }
}

TEST(Sqlstate, AMissingRightIsAPermission) {
  EXPECT_EQ(&error_of("42501"), &errors::kPermission);
}

TEST(Sqlstate, EverythingElseIsInternal) {
  for (const char* state : {"42P01", "42601", "XX000", "25P02"}) {
    EXPECT_EQ(&error_of(state), &errors::kInternal) << state;
  }
}

}  // namespace
}  // namespace podium::postgres
