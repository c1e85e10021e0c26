#include "cli/problem_words.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace podium::cli {
namespace {

using nlohmann::json;

TEST(ProblemWords, FieldsAreToldByTheirFlags) {
  const json problem = {{"detail", "/max_cost must be more than 0"},
                        {"errors",
                         {{{"pointer", "/max_cost"}, {"detail", "must be more than 0"}},
                          {{"pointer", "/kaggle_url"}, {"detail", "the host is example.com"}},
                          {{"pointer", "?limit"}, {"detail", "must be a number from 1"}},
                          {{"pointer", ""}, {"detail", "the body is no JSON"}}}}};
  EXPECT_EQ(
      what_is_wrong(problem),
      "--max-cost must be more than 0; the competition: the host is example.com; --limit must "
      "be a number from 1; the body is no JSON");
}

TEST(ProblemWords, WithoutFieldsTheDetailIsTold) {
  EXPECT_EQ(what_is_wrong({{"detail", "no job has the id 7"}}), "no job has the id 7");
  EXPECT_EQ(what_is_wrong(json::object()), "");
}

TEST(ProblemWords, WhatToDoNextIsAVerb) {
  EXPECT_EQ(next_of({{"code", "JOB_UNKNOWN"}, {"title", "GET /jobs lists them"}}, "./podium"),
            "./podium jobs lists all jobs");
  EXPECT_EQ(next_of({{"code", "TOO_MANY_JOBS"}, {"title", "Try again."}}, "./podium"),
            "Try again.");
}

}  // namespace
}  // namespace podium::cli
