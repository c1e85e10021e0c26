// Where a text stands in all that a stack keeps and answers: Stack::places_with.
#include <filesystem>
#include <format>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "libs/chassis/postgres/postgres.hpp"
#include "tests/pipeline/stack.hpp"

namespace podium::testing {
namespace {

using nlohmann::json;

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().text()};
  return *std::move(result);
}

std::string hex_text(const std::string& text) {
  std::string hex;
  for (const char byte : text) hex += std::format("{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

void search_files(const std::filesystem::path& folder, const std::string& text,
                  std::vector<std::string>& places) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file{entry.path(), std::ios::binary};
    std::ostringstream content;
    content << file.rdbuf();
    if (content.view().contains(text)) places.push_back(entry.path().string());
  }
}

/// Every stream, those behind the key-value buckets included.
void search_streams(Bus& admin, const std::string& text, std::vector<std::string>& places) {
  const auto names = json::parse(must(admin.request("$JS.API.STREAM.NAMES", "{}")));
  for (const std::string stream : names.at("streams")) {
    const auto state = must(admin.stream_state(stream));
    if (state.messages == 0) continue;
    for (auto at = state.first_sequence; at <= state.last_sequence; ++at) {
      const auto message = must(admin.message_at(stream, at));
      if (message && message->data.contains(text)) {
        places.push_back(std::format("{} in {}", message->subject, stream));
      }
    }
  }
}

/// Every row of every table as text, in which bytes are hexadecimal.
void search_database(const PostgresServer& postgres, const std::string& text,
                     std::vector<std::string>& places) {
  const auto database = must(Database::open(
      {.url = postgres.url(), .password = Secret{"podium"}, .application_name = "search"}));
  const auto tables = must(
      database->run("SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
                    "WHERE schemaname NOT LIKE 'pg\\_%' AND schemaname <> 'information_schema'"));
  for (std::size_t at = 0; at < tables->size(); ++at) {
    const auto table = tables->text(at, "name");
    const auto found = must(database->run(
        std::format("SELECT count(*) AS found FROM {} AS one "
                    "WHERE position($1 in one::text) > 0 OR position($2 in one::text) > 0",
                    table),
        {text, hex_text(text)}));
    if (found->integer(0, "found") > 0) places.push_back("table " + table);
  }
}

}  // namespace

std::vector<std::string> Stack::places_with(const std::string& text) {
  std::vector<std::string> places;
  for (const auto& [key, process] : processes_) {
    if (process.output().contains(text)) places.push_back("log of " + key.first);
  }
  search_files(folder_.path() / "artifacts", text, places);
  search_streams(admin(), text, places);
  search_database(postgres_, text, places);
  const auto search_answer = [&](const std::string& path) {
    const auto body = must(call("GET", path)).body;
    if (body.contains(text)) places.push_back("GET " + path);
    return body;
  };
  const auto list = json::parse(search_answer("/jobs"));
  for (const auto& one : list.at("jobs")) {
    const std::string job = one.at("job_id");
    for (const auto& path : {"/status/" + job, "/jobs/" + job, "/jobs/" + job + "/events",
                             "/logs/" + job, "/result/" + job + "/submission.csv"}) {
      search_answer(path);
    }
  }
  return places;
}

}  // namespace podium::testing
