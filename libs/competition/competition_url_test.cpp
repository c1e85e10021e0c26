#include "libs/competition/competition_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/competition/reasons.hpp"

namespace podium::competition {
namespace {

using ::testing::HasSubstr;

std::string detail_of(std::string_view text) {
  const auto address = parse_competition_url(text);
  if (address) return "accepted as " + address->slug;
  EXPECT_TRUE(address.error().is(reasons::kCompetitionUrlInvalid));
  return address.error().detail;
}

TEST(CompetitionUrl, AcceptsWhatPeoplePaste) {
  for (const char* text : {
           "https://www.kaggle.com/competitions/titanic",
           "http://kaggle.com/competitions/titanic/",
           "www.kaggle.com/competitions/titanic",
           "kaggle.com/c/titanic",
           "https://www.kaggle.com/c/titanic/data?select=train.csv",
           "https://www.kaggle.com/competitions/titanic/overview/evaluation#metric",
           "https://www.kaggle.com/competitions/titanic/discussion/12345",
           "https://www.kaggle.com/competitions/titanic?rvi=1",
           "  https://www.kaggle.com/competitions/titanic\n",
           "HTTPS://WWW.KAGGLE.COM/Competitions/Titanic",
           "https://www.kaggle.com/en/competitions/titanic",
           "https%3A%2F%2Fwww.kaggle.com%2Fcompetitions%2Ftitanic",
           "https%3A%2F%2Fwww.kaggle.com%2Fcompetitions%2Ftitanic%3Frvi%3D1",
           "competitions/titanic",
           "titanic",
           "Titanic",
       }) {
    const auto address = parse_competition_url(text);
    ASSERT_TRUE(address) << text << ": " << address.error().detail;
    EXPECT_EQ(address->slug, "titanic") << text;
    EXPECT_EQ(address->url, "https://www.kaggle.com/competitions/titanic") << text;
  }
}

TEST(CompetitionUrl, TellsANameFromAnAddress) {
  EXPECT_FALSE(parse_competition_url("titanic")->is_url);
  EXPECT_TRUE(parse_competition_url("kaggle.com/c/titanic")->is_url);
  EXPECT_EQ(parse_competition_url("MyContest")->slug_as_written, "MyContest");
}

TEST(CompetitionUrl, RefusesOtherHostsAndTheirDisguises) {
  for (const char* text :
       {"https://kaggle.com.evil.example/competitions/titanic", "https://evil.example/c/titanic",
        "https://127.0.0.1/competitions/titanic", "https://[::1]/competitions/titanic",
        "https://user@www.kaggle.com/competitions/titanic",
        "https://www.kaggle.com@evil.example/competitions/titanic",
        "https://www.kaggle.com:8443/competitions/titanic", "file:///etc/passwd",
        "gopher://www.kaggle.com/competitions/titanic", "https://www.kaggle.com\\@evil.example/c/x",
        "https://www.kaggle.com%2eevil.example/c/x", "//evil.example/c/titanic"}) {
    EXPECT_FALSE(parse_competition_url(text)) << text;
  }
}

TEST(CompetitionUrl, SaysWhatIsWrong) {
  EXPECT_THAT(detail_of(""), HasSubstr("nothing"));
  EXPECT_THAT(detail_of("https://www.kaggle.com/t/0a1b2c"), HasSubstr("invitation"));
  EXPECT_THAT(detail_of("https://www.kaggle.com/datasets/owner/name"), HasSubstr("datasets"));
  EXPECT_THAT(detail_of("https://www.kaggle.com/code/owner/name"), HasSubstr("code"));
  EXPECT_THAT(detail_of("https://www.kaggle.com/competitions"), HasSubstr("no competition"));
  EXPECT_THAT(detail_of("https://www.kaggle.com"), HasSubstr("no competition"));
  EXPECT_THAT(detail_of("ftp://www.kaggle.com/c/titanic"), HasSubstr("http"));
  EXPECT_THAT(detail_of("https://example.com/c/titanic"), HasSubstr("example.com"));
  EXPECT_THAT(detail_of("https://user@kaggle.com/c/titanic"), HasSubstr("user"));
  EXPECT_THAT(detail_of("a b"), HasSubstr("blanks"));
  EXPECT_THAT(detail_of("under_score"), HasSubstr("under_score"));
  EXPECT_THAT(detail_of("https://www.kaggle.com/c/%zz"), HasSubstr("percent"));
  EXPECT_THAT(detail_of(std::string(3000, 'a')), HasSubstr("long"));
}

TEST(CompetitionUrl, RefusesNamesThatCouldLeaveTheirPlace) {
  for (const char* text :
       {"..", "-titanic", "https://www.kaggle.com/c/..%2fetc", "https://www.kaggle.com/c/a%00b",
        "https://www.kaggle.com/c/a%0d%0ab", "a.b", "a*b", "a>b"}) {
    EXPECT_FALSE(parse_competition_url(text)) << text;
  }
  EXPECT_FALSE(parse_competition_url(std::string(kSlugBytesMax + 1, 'a')));
}

}  // namespace
}  // namespace podium::competition
