#include "libs/chassis/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace podium {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

Environment environment_of(const std::map<std::string, std::string, std::less<>>& values) {
  return Environment{[values](std::string_view name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  }};
}

std::filesystem::path file_with(std::string_view name, std::string_view content) {
  const auto path = std::filesystem::path{testing::TempDir()} / name;
  std::ofstream{path, std::ios::binary} << content;
  return path;
}

TEST(Environment, GivesFallbacksForWhatIsUnsetOrEmpty) {
  Environment environment = environment_of({{"EMPTY", ""}});
  EXPECT_EQ(environment.text("EMPTY", "x"), "x");
  EXPECT_EQ(environment.text("UNSET", "y"), "y");
  EXPECT_EQ(environment.integer("EMPTY", 7, 0, 9), 7);
  EXPECT_TRUE(environment.boolean("UNSET", true));
  EXPECT_EQ(environment.duration("UNSET", 5s), 5s);
  EXPECT_EQ(environment.bytes("UNSET", 12U), 12U);
  EXPECT_TRUE(environment.secret("UNSET").empty());
  EXPECT_TRUE(environment.check());
}

TEST(Environment, ReadsEveryKind) {
  Environment environment = environment_of({{"TEXT", "a b"},
                                            {"NUMBER", "-3"},
                                            {"ON", "Yes"},
                                            {"OFF", "off"},
                                            {"TIME", "250ms"},
                                            {"SIZE", "4Gi"}});
  EXPECT_EQ(environment.text("TEXT", ""), "a b");
  EXPECT_EQ(environment.integer("NUMBER", 0, -5, 5), -3);
  EXPECT_TRUE(environment.boolean("ON", false));
  EXPECT_FALSE(environment.boolean("OFF", true));
  EXPECT_EQ(environment.duration("TIME", 1s), 250ms);
  EXPECT_EQ(environment.bytes("SIZE", 0), 4'294'967'296U);
  EXPECT_TRUE(environment.check());
}

TEST(Environment, ReportsEveryProblemTogether) {
  Environment environment = environment_of(
      {{"PORT", "70000"}, {"FLAG", "maybe"}, {"TIME", "soon"}, {"SIZE", "4 GB"}, {"URL", "ftp:x"}});
  EXPECT_EQ(environment.integer("PORT", 8080, 1, 65'535), 8080);
  environment.boolean("FLAG", false);
  environment.duration("TIME", 1s);
  environment.bytes("SIZE", 1);
  environment.problem("URL", "must begin with https");
  const auto result = environment.check();
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(errors::kConfiguration));
  for (const auto* part : {"PORT must be a whole number from 1 to 65535, not '70000'", "FLAG must",
                           "TIME must", "SIZE must", "URL must begin with https"}) {
    EXPECT_THAT(result.error().detail, HasSubstr(part));
  }
}

TEST(Environment, RefusesNumbersWithATail) {
  Environment environment = environment_of({{"A", "12x"}, {"B", "99999999999999999999"}});
  EXPECT_EQ(environment.integer("A", 1, 0, 100), 1);
  EXPECT_EQ(environment.integer("B", 2, 0, 100), 2);
  EXPECT_FALSE(environment.check());
}

TEST(Environment, ReadsASecretFromItsFileWithoutTheLineEnd) {
  const auto path = file_with("podium-environment-secret", "s3cret\r\n");
  Environment environment = environment_of({{"KEY_FILE", path.string()}});
  EXPECT_EQ(environment.secret("KEY").reveal(), "s3cret");
  EXPECT_TRUE(environment.check());
}

TEST(Environment, WarnsOfASecretFileThatEverybodyCanRead) {
  const auto path = file_with("podium-environment-open", "s3cret");
  const auto warning_with = [&](std::filesystem::perms others) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | others);
    Environment environment = environment_of({{"KEY_FILE", path.string()}});
    testing::internal::CaptureStdout();
    EXPECT_EQ(environment.secret("KEY").reveal(), "s3cret") << "warned of, and used";
    return testing::internal::GetCapturedStdout();
  };
  const auto warning = warning_with(std::filesystem::perms::others_read);
  EXPECT_THAT(warning, HasSubstr("KEY_FILE"));
  EXPECT_THAT(warning, HasSubstr("chmod 600 " + path.string()));
  EXPECT_THAT(warning, Not(HasSubstr("s3cret")));
  EXPECT_EQ(warning_with(std::filesystem::perms::group_read), "");
}

TEST(Environment, PrefersASecretsOwnNameToItsFile) {
  Environment environment = environment_of({{"KEY", "direct"}, {"KEY_FILE", "/nowhere"}});
  EXPECT_EQ(environment.secret("KEY").reveal(), "direct");
  EXPECT_TRUE(environment.check());
}

TEST(Environment, NamesTheSecretFileThatCannotBeRead) {
  Environment environment = environment_of({{"KEY_FILE", "/nowhere/at/all"}});
  EXPECT_TRUE(environment.secret("KEY").empty());
  EXPECT_THAT(environment.check().error().detail, HasSubstr("KEY_FILE names a file"));
}

TEST(Environment, RefusesASecretFileThatIsTooLong) {
  const auto path = file_with("podium-environment-long", std::string(65'537, 'x'));
  Environment environment = environment_of({{"KEY_FILE", path.string()}});
  EXPECT_TRUE(environment.secret("KEY").empty());
  EXPECT_THAT(environment.check().error().detail, Not(HasSubstr("xxx")));
}

TEST(Secret, PrintsAsStars) {
  std::ostringstream out;
  out << Secret{"hunter2"} << " " << Secret{};
  EXPECT_EQ(out.str(), "**** (not set)");
}

TEST(Duration, KnowsItsUnits) {
  EXPECT_EQ(parse_duration("30"), 30s);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_EQ(parse_duration("7d"), 168h);
}

TEST(Duration, RefusesTheRest) {
  for (const auto* text : {"", "-1s", "1.5h", "5 m", "5M", "m", "99999999999999999999", "4000d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Bytes, KnowsItsUnits) {
  EXPECT_EQ(parse_bytes("7"), 7U);
  EXPECT_EQ(parse_bytes("64K"), 64'000U);
  EXPECT_EQ(parse_bytes("512Mi"), 536'870'912U);
  EXPECT_EQ(parse_bytes("5MB"), 5'000'000U);
  EXPECT_EQ(parse_bytes("1TiB"), 1'099'511'627'776U);
}

TEST(Bytes, RefusesTheRest) {
  for (const auto* text : {"", "-1", "1.5G", "4 GB", "K", "10E", "99999999999Gi", "1mi"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
  }
}

}  // namespace
}  // namespace podium
