#include "services/scraper/kaggle/kaggle_credentials.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "libs/chassis/digest.hpp"
#include "libs/chassis/secret_file.hpp"
#include "libs/competition/text.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTokenMark = "KGAT_";
constexpr std::size_t kFileBytesMax = std::size_t{64} * 1024;

/// What a kaggle.json says, and what is to be named when that is not enough.
struct KaggleJson {
  nlohmann::json content;
  std::string name;
};

class Search {
 public:
  explicit Search(Environment& environment) : environment_{environment} {}

  KaggleCredentials find() {
    if (take_token(environment_.secret("KAGGLE_API_TOKEN").reveal())) return found_;
    const auto home = environment_.text("HOME", "");
    for (const auto* name : {"access_token", "access_token.txt"}) {
      if (home.empty()) break;
      if (take_token(content_of(fs::path{home} / ".kaggle" / name).value_or(""))) return found_;
    }
    take_key();
    return found_;
  }

 private:
  /// A token, or the path of a file with one.
  bool take_token(std::string_view text) {
    text = competition::trim(text);
    if (text.empty()) return false;
    if (!text.starts_with('/')) {
      found_.token = Secret{std::string{text}};
      return true;
    }
    const auto content = content_of(fs::path{text}).value_or("");
    const auto token = competition::trim(content);
    if (token.empty()) {
      environment_.problem("KAGGLE_API_TOKEN", "names a file that is empty or cannot be read");
    }
    found_.token = Secret{std::string{token}};
    return true;
  }

  void take_key() {
    auto user = environment_.text("KAGGLE_USERNAME", "");
    std::string key{competition::trim(environment_.secret("KAGGLE_KEY").reveal())};
    const bool set = !user.empty() || !key.empty();
    std::optional<KaggleJson> file;
    // As Kaggle's client has it, the environment goes before the file.
    if (user.empty() || key.empty()) file = read_json();
    if (file && user.empty()) user = file->content.value("username", "");
    if (file && key.empty()) key = file->content.value("key", "");
    if (key.starts_with(kTokenMark)) {
      found_.token = Secret{std::move(key)};
      return;
    }
    if (user.empty() != key.empty() && !set) {
      environment_.problem(file->name, user.empty() ? "has no username" : "has no key");
    } else if (user.empty() != key.empty()) {
      environment_.problem(user.empty() ? "KAGGLE_USERNAME" : "KAGGLE_KEY",
                           "is missing: user name and key belong together");
    }
    found_.user = std::move(user);
    found_.key = Secret{std::move(key)};
  }

  std::optional<KaggleJson> read_json() {
    if (const auto given = environment_.secret("KAGGLE_JSON"); !given.empty()) {
      return parsed(given.reveal(), "KAGGLE_JSON");
    }
    for (const auto& folder : config_folders()) {
      const auto file = folder / "kaggle.json";
      const auto content = content_of(file);
      if (!content || competition::trim(*content).empty()) continue;
      return parsed(*content, file.string());
    }
    return std::nullopt;
  }

  std::optional<KaggleJson> parsed(const std::string& content, const std::string& name) {
    auto json = nlohmann::json::parse(content, nullptr, false);
    const bool usable = json.is_object() &&
                        (!json.contains("username") || json["username"].is_string()) &&
                        (!json.contains("key") || json["key"].is_string());
    if (usable) return KaggleJson{.content = std::move(json), .name = name};
    environment_.problem(name, R"(is not {"username": "...", "key": "..."})");
    return std::nullopt;
  }

  std::vector<fs::path> config_folders() {
    const auto named = environment_.text("KAGGLE_CONFIG_DIR", "");
    if (!named.empty()) return {named};
    const auto home = environment_.text("HOME", "");
    const auto config = environment_.text("XDG_CONFIG_HOME", home.empty() ? "" : home + "/.config");
    std::vector<fs::path> folders;
    if (!home.empty()) folders.push_back(fs::path{home} / ".kaggle");
    if (!config.empty()) folders.push_back(fs::path{config} / "kaggle");
    return folders;
  }

  std::optional<std::string> content_of(const fs::path& file) {
    std::error_code failed;
    if (!fs::is_regular_file(file, failed) || fs::file_size(file, failed) > kFileBytesMax) {
      return std::nullopt;
    }
    std::ifstream in{file, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    if (!in) return std::nullopt;
    auto open = warning_of_open_secret(file, fs::perms::group_read | fs::perms::others_read);
    if (open) found_.warnings.push_back(*std::move(open));
    return content;
  }

  Environment& environment_;
  KaggleCredentials found_;
};

}  // namespace

Secret KaggleCredentials::authorization() const {
  if (!token.empty()) return Secret{"Bearer " + token.reveal()};
  if (empty()) return {};
  return Secret{"Basic " + base64(user + ":" + key.reveal())};
}

KaggleCredentials read_kaggle_credentials(Environment& environment) {
  return Search{environment}.find();
}

}  // namespace podium::scraper
