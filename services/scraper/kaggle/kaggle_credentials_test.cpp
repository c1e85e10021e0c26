#include "services/scraper/kaggle/kaggle_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "tests/support/temporary_folder.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class KaggleCredentialsTest : public ::testing::Test {
 protected:
  KaggleCredentialsTest() { settings_["HOME"] = folder_.path().string(); }

  fs::path write(const std::string& name, const std::string& content) {
    const auto file = folder_.path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream{file} << content;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    return file;
  }
  KaggleCredentials read() {
    Environment environment{[this](std::string_view name) -> std::optional<std::string> {
      const auto at = settings_.find(name);
      return at == settings_.end() ? std::nullopt : std::optional{at->second};
    }};
    auto found = read_kaggle_credentials(environment);
    const auto checked = environment.check();
    problem_ = checked ? "" : checked.error().detail;
    return found;
  }

  podium::testing::TemporaryFolder folder_;
  std::map<std::string, std::string, std::less<>> settings_;
  std::string problem_;
};

TEST_F(KaggleCredentialsTest, WithoutAnyNothingIsSent) {
  const auto found = read();
  EXPECT_TRUE(found.empty());
  EXPECT_EQ(found.authorization().reveal(), "");
  EXPECT_EQ(problem_, "");
}

TEST_F(KaggleCredentialsTest, ATokenGoesBeforeAllElse) {
  settings_["KAGGLE_API_TOKEN"] = " a-token\n";
  settings_["KAGGLE_USERNAME"] = "ada";
  settings_["KAGGLE_KEY"] = "0123";
  EXPECT_EQ(read().authorization().reveal(), "Bearer a-token");
}

TEST_F(KaggleCredentialsTest, ATokenMayBeTheFileThatHoldsIt) {
  settings_["KAGGLE_API_TOKEN"] = write("token", "from-a-file\n").string();
  EXPECT_EQ(read().authorization().reveal(), "Bearer from-a-file");
  settings_["KAGGLE_API_TOKEN"] = "/no/such/file";
  read();
  EXPECT_THAT(problem_, HasSubstr("KAGGLE_API_TOKEN"));
}

TEST_F(KaggleCredentialsTest, TheClientsOwnFilesAreFound) {
  write(".kaggle/kaggle.json", R"({"username":"ada","key":"0123"})");
  EXPECT_EQ(read().authorization().reveal(), "Basic YWRhOjAxMjM=");
  write(".kaggle/access_token.txt", "second");
  EXPECT_EQ(read().authorization().reveal(), "Bearer second");
  write(".kaggle/access_token", "first");
  EXPECT_EQ(read().authorization().reveal(), "Bearer first");
}

TEST_F(KaggleCredentialsTest, TheFolderMayBeNamed) {
  write("here/kaggle.json", R"({"username":"ada","key":"0123"})");
  settings_["KAGGLE_CONFIG_DIR"] = (folder_.path() / "here").string();
  EXPECT_EQ(read().user, "ada");
  settings_["KAGGLE_USERNAME"] = "grace";
  settings_["KAGGLE_KEY"] = "4567";
  EXPECT_EQ(read().user, "grace") << "the environment goes before the file";
}

TEST_F(KaggleCredentialsTest, TheContentOfTheFileMayBeGiven) {
  settings_["KAGGLE_JSON_FILE"] = write("secret", R"({"username":"ada","key":"0123"})").string();
  EXPECT_EQ(read().authorization().reveal(), "Basic YWRhOjAxMjM=");
}

TEST_F(KaggleCredentialsTest, ATokenPastedAsKeyIsSentAsToken) {
  settings_["KAGGLE_USERNAME"] = "ada";
  settings_["KAGGLE_KEY"] = "KGAT_0123";
  EXPECT_EQ(read().authorization().reveal(), "Bearer KGAT_0123");
  settings_.erase("KAGGLE_USERNAME");
  EXPECT_EQ(read().authorization().reveal(), "Bearer KGAT_0123");
  EXPECT_EQ(problem_, "");
}

TEST_F(KaggleCredentialsTest, AKeyWithoutAUserIsAProblem) {
  settings_["KAGGLE_KEY"] = "0123";
  EXPECT_TRUE(read().empty());
  EXPECT_THAT(problem_, HasSubstr("KAGGLE_USERNAME"));
  EXPECT_FALSE(problem_.contains("0123"));
}

TEST_F(KaggleCredentialsTest, AFileThatIsNoJsonIsAProblemWithoutItsContent) {
  const auto file = write(".kaggle/kaggle.json", "username=ada key=topsecret");
  read();
  EXPECT_THAT(problem_, HasSubstr(file.string() + " is not {"));
  EXPECT_FALSE(problem_.contains("topsecret"));
  EXPECT_FALSE(problem_.contains("KAGGLE_")) << "nobody has set any";
}

TEST_F(KaggleCredentialsTest, HalfAFileIsAProblemOfTheFile) {
  const auto file = write(".kaggle/kaggle.json", R"({"username":"ada"})");
  EXPECT_TRUE(read().empty());
  EXPECT_EQ(problem_, file.string() + " has no key");
}

TEST_F(KaggleCredentialsTest, AFileThatOthersCanReadIsWarnedOf) {
  const auto file = write(".kaggle/access_token", "a-token");
  EXPECT_THAT(read().warnings, SizeIs(0));
  fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
  const auto found = read();
  ASSERT_THAT(found.warnings, SizeIs(1));
  EXPECT_THAT(found.warnings[0], HasSubstr("chmod 600"));
  EXPECT_FALSE(found.warnings[0].contains("a-token"));
  EXPECT_FALSE(found.empty()) << "warned of, and used";
}

}  // namespace
}  // namespace podium::scraper
