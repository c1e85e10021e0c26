#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/verbs.hpp"

namespace podium::cli {
namespace {

/// Beside this program, where packages and images put them together.
std::filesystem::path tracker_program() {
  std::error_code problem;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
  return problem ? std::filesystem::path{} : self.parent_path() / "podium-tracker";
}

}  // namespace

// Only the tracker may write to the database: the client has neither its password nor its rights.
Outcome<Exit> rebuild_projection(const World& world) {
  const auto program = tracker_program();
  const bool has_settings = !world.environment.text("DATABASE_URL", "").empty();
  if (!has_settings || access(program.c_str(), X_OK) != 0) {
    return give_up(
        Exit::error, "only the tracker can make the rows anew",
        "this client has no access to the database",
        world.console.command + " rebuild, or: docker compose exec tracker podium-tracker rebuild");
  }
  std::string name = program.string();
  std::string verb = "rebuild";
  const std::array<char*, 3> words{name.data(), verb.data(), nullptr};
  execv(name.c_str(), words.data());
  return give_up(Exit::error, "cannot start " + name, std::strerror(errno), "");
}

}  // namespace podium::cli
