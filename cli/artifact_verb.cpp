#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/event_line.hpp"
#include "cli/file_download.hpp"
#include "cli/job_detail.hpp"
#include "cli/job_reference.hpp"
#include "cli/json_fields.hpp"
#include "cli/text_table.hpp"
#include "cli/verbs.hpp"

namespace podium::cli {
namespace {

Outcome<JobDetail> fetch_detail(const std::string& job_id, const World& world) {
  return world.gateway.get("/jobs/" + job_id).and_then(parse_job_detail);
}

/// The id of the candidate that was named; empty when none was.
Outcome<std::string> candidate_id_of(const Arguments& arguments, const std::string& job_id,
                                     const World& world) {
  if (arguments.candidate != "best") return arguments.candidate;
  return fetch_detail(job_id, world)
      .and_then([](const JobDetail& detail) { return find_candidate(detail, "best"); })
      .transform([](const Candidate& candidate) { return candidate.id; });
}

std::string files_json(const std::vector<StoredFile>& files) {
  auto list = nlohmann::ordered_json::array();
  for (const StoredFile& file : files) {
    list.push_back({{"name", file.name},
                    {"candidate_id", file.candidate_id},
                    {"run_id", file.run_id},
                    {"bytes", static_cast<std::int64_t>(file.bytes)},
                    {"link", file.link}});
  }
  return json_text(list);
}

Outcome<Exit> list_files(const Arguments& arguments, const std::string& job_id,
                         const World& world) {
  const auto detail = fetch_detail(job_id, world);
  if (!detail) return std::unexpected{detail.error()};
  std::vector<StoredFile> files = detail->files;
  if (!arguments.candidate.empty()) {
    const auto candidate = find_candidate(*detail, arguments.candidate);
    if (!candidate) return std::unexpected{candidate.error()};
    std::erase_if(files,
                  [&](const StoredFile& file) { return file.candidate_id != candidate->id; });
  }
  if (!arguments.name.empty()) {
    std::erase_if(files, [&](const StoredFile& file) { return file.name != arguments.name; });
  }
  if (arguments.json) {
    world.console.out << files_json(files) << '\n';
    return Exit::ok;
  }
  std::vector<TableRow> rows;
  for (const StoredFile& file : files) {
    if (arguments.quiet) world.console.out << file.name << '\n';
    rows.push_back({.cells = {file.name, file.candidate_id, bytes_text(file.bytes), file.run_id}});
  }
  if (arguments.quiet) return Exit::ok;
  if (rows.empty()) world.console.say("there are no files yet");
  if (!rows.empty()) {
    world.console.out << table_text({"NAME", "CANDIDATE", "SIZE", "RUN"}, rows, world.console);
  }
  return Exit::ok;
}

Outcome<Exit> take_file(const Arguments& arguments, const std::string& job_id, const World& world) {
  if (arguments.name.empty() || arguments.name.contains('/')) {
    return give_up(Exit::usage, "which file?", "get needs the name of one",
                   std::format("{} artifact ls {}", world.console.command, job_id));
  }
  const auto candidate = candidate_id_of(arguments, job_id, world);
  if (!candidate) return std::unexpected{candidate.error()};
  std::string path = "/jobs/" + job_id + "/artifacts/";
  if (!candidate->empty()) path += percent_encode(*candidate) + "/";
  path += percent_encode(arguments.name);
  if (arguments.save_as == "-") {
    const auto printed = print_file(world, path);
    if (!printed) return std::unexpected{printed.error()};
    return Exit::ok;
  }
  const std::string file = arguments.save_as.empty() ? arguments.name : arguments.save_as;
  const auto bytes = download(world, path, file);
  if (!bytes) return std::unexpected{bytes.error()};
  if (arguments.json) {
    world.console.out << json_text({{"job_id", job_id}, {"file", file}, {"bytes", *bytes}}) << '\n';
  } else {
    world.console.say(std::format("saved {} ({})", file, bytes_text(static_cast<double>(*bytes))));
  }
  return Exit::ok;
}

}  // namespace

Outcome<Exit> handle_artifact(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  if (arguments.action == "ls") return list_files(arguments, *job_id, world);
  return take_file(arguments, *job_id, world);
}

}  // namespace podium::cli
