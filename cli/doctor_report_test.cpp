#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/doctor.hpp"

namespace podium::cli {
namespace {

using ::testing::HasSubstr;

const std::vector<Finding> kFindings{
    {.part = "gateway", .state = Finding::State::ok, .detail = "answers", .mend = ""},
    {.part = "executors",
     .state = Finding::State::bad,
     .detail = "none takes runs",
     .mend = "./podium up"}};

TEST(DoctorReport, BadLinesEndWithTheCommandThatMends) {
  const auto text = findings_text(kFindings, false);
  EXPECT_THAT(text, HasSubstr("ok   gateway      answers\n"));
  EXPECT_THAT(text, HasSubstr("BAD  executors    none takes runs  ->  ./podium up\n"));
}

TEST(DoctorReport, IsAlsoJson) {
  const auto list = nlohmann::json::parse(findings_json(kFindings));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list.at(1).at("state"), "bad");
  EXPECT_EQ(list.at(1).at("mend"), "./podium up");
}

TEST(DoctorReport, OnlyBadFindingsAreAFailure) {
  EXPECT_TRUE(any_bad(kFindings));
  EXPECT_FALSE(any_bad({kFindings.front()}));
  EXPECT_FALSE(any_bad(
      {{.part = "engine", .state = Finding::State::unseen, .detail = "not here", .mend = ""}}));
}

}  // namespace
}  // namespace podium::cli
