#include <format>

#include "cli/event_line.hpp"
#include "cli/file_download.hpp"
#include "cli/job_reference.hpp"
#include "cli/verbs.hpp"

namespace podium::cli {

Outcome<Exit> save_result(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  const std::string path = "/result/" + *job_id + "/submission.csv";
  if (arguments.output == "-") {
    const auto printed = print_file(world, path);
    if (!printed) return std::unexpected{printed.error()};
    return Exit::ok;
  }
  const auto bytes = download(world, path, arguments.output);
  if (!bytes) return std::unexpected{bytes.error()};
  if (arguments.json) {
    world.console.out << std::format(R"({{"job_id":"{}","bytes":{}}})", *job_id, *bytes) << '\n';
  } else {
    world.console.say(
        std::format("saved {} ({})", arguments.output, bytes_text(static_cast<double>(*bytes))));
  }
  return Exit::ok;
}

}  // namespace podium::cli
