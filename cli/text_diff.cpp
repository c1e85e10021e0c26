#include "cli/text_diff.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

#include "cli/temporary_file.hpp"

namespace podium::cli {
namespace {

/// diff ends with 0 for equal texts, 1 for others, and more when something is wrong.
constexpr int kDiffers = 1;

/// Which files a program is given; owns what the system makes for that.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// Runs a program with its stdout into a file. Its exit code, or -1 with errno.
int run_into(std::vector<std::string> words, const std::filesystem::path& output) {
  FileActions actions;
  posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, output.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL, 0600);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  errno = posix_spawnp(&child, arguments[0], actions.get(), nullptr, arguments.data(), environ);
  if (errno != 0) return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : kDiffers + 1;
}

Tone tone_of(std::string_view line) {
  if (line.starts_with("+++") || line.starts_with("---")) return Tone::strong;
  if (line.starts_with("@@")) return Tone::dim;
  if (line.starts_with('+')) return Tone::good;
  return line.starts_with('-') ? Tone::bad : Tone::plain;
}

}  // namespace

Outcome<std::string> unified_diff(const NamedText& before, const NamedText& after) {
  const TemporaryFile first{".before"};
  const TemporaryFile second{".after"};
  const TemporaryFile output{".diff"};
  std::ofstream{first.path(), std::ios::binary} << before.text;
  std::ofstream{second.path(), std::ios::binary} << after.text;
  const int exit = run_into({"diff", "--text", "-u", "--label", before.name, "--label", after.name,
                             "--", first.path().string(), second.path().string()},
                            output.path());
  if (exit < 0 || exit > kDiffers) {
    return give_up(Exit::error, "the program diff cannot be run",
                   exit < 0 ? std::strerror(errno) : "", "install diffutils");
  }
  std::ifstream made{output.path(), std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{made}, {}};
}

std::string colored_diff(std::string_view diff, const Console& console) {
  std::string text;
  while (!diff.empty()) {
    const std::string_view line = diff.substr(0, diff.find('\n'));
    diff.remove_prefix(std::min(line.size() + 1, diff.size()));
    text += toned(line, tone_of(line), console.out_has_color) + "\n";
  }
  return text;
}

}  // namespace podium::cli
