#include "cli/file_download.hpp"

#include <fstream>
#include <system_error>

namespace podium::cli {
namespace {

/// A stream that says nothing for so long is broken.
constexpr std::chrono::milliseconds kIdleMax{60'000};

std::unexpected<Failure> cannot_write(const std::filesystem::path& file) {
  return give_up(Exit::error, "cannot write " + file.string(), "",
                 "-o names another file, -o - prints it");
}

}  // namespace

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

Outcome<void> print_file(const World& world, const std::string& path) {
  TerminalFilter filter{world.console};
  auto read =
      world.gateway.stream(path, {}, kIdleMax, world.gateway.token(), [&](std::string_view piece) {
        world.console.out << filter(piece);
        return world.console.out.good();
      });
  world.console.out << std::flush;
  return read;
}

}  // namespace podium::cli
