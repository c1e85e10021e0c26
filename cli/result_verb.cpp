#include <filesystem>
#include <format>
#include <fstream>
#include <system_error>

#include "cli/event_line.hpp"
#include "cli/job_reference.hpp"
#include "cli/verbs.hpp"

namespace podium::cli {
namespace {

/// A stream that says nothing for so long is broken.
constexpr std::chrono::milliseconds kIdleMax{60'000};

std::unexpected<Failure> cannot_write(const std::filesystem::path& file) {
  return give_up(Exit::error, "cannot write " + file.string(), "",
                 "-o names another file, -o - prints it");
}

/// Beside the file first, so that it is there whole or not at all.
Outcome<std::uint64_t> download(const World& world, const std::string& path,
                                const std::filesystem::path& file) {
  const std::filesystem::path part = file.string() + ".part";
  std::ofstream stream{part, std::ios::binary | std::ios::trunc};
  if (!stream) return cannot_write(part);
  std::uint64_t bytes = 0;
  const auto read =
      world.gateway.stream(path, {}, kIdleMax, world.gateway.token(), [&](std::string_view piece) {
        stream << piece;
        bytes += piece.size();
        return stream.good();
      });
  stream.close();
  std::error_code problem;
  if (!read || !stream) {
    std::filesystem::remove(part, problem);
    if (!read) return std::unexpected{read.error()};
    return cannot_write(part);
  }
  std::filesystem::rename(part, file, problem);
  if (problem) return cannot_write(file);
  return bytes;
}

}  // namespace

Outcome<Exit> save_result(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  const std::string path = "/result/" + *job_id + "/submission.csv";
  if (arguments.output == "-") {
    const auto read = world.gateway.stream(path, {}, kIdleMax, world.gateway.token(),
                                           [&](std::string_view piece) {
                                             world.console.out << piece;
                                             return world.console.out.good();
                                           });
    if (!read) return std::unexpected{read.error()};
    world.console.out << std::flush;
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
