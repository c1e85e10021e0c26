#include "services/scraper/unpack/unpack_program.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <format>
#include <new>
#include <optional>
#include <string_view>

#include "libs/chassis/child/lockdown.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/limits.hpp"
#include "services/scraper/unpack/modes.hpp"
#include "services/scraper/unpack/protocol.hpp"
#include "services/scraper/utf8_locale.hpp"

namespace podium::scraper::unpack {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

struct Arguments {
  std::string_view mode;
  fs::path folder;
  std::uint64_t seconds = 0;
};

std::optional<Arguments> arguments_of(int argc, char** argv) {
  if (argc != 4) return std::nullopt;
  Arguments arguments{.mode = argv[1], .folder = argv[2], .seconds = 0};
  const std::string_view seconds{argv[3]};
  const auto [end, failed] =
      std::from_chars(seconds.data(), seconds.data() + seconds.size(), arguments.seconds);
  const bool whole = failed == std::errc{} && end == seconds.data() + seconds.size();
  const bool known =
      arguments.mode == kDataMode || arguments.mode == kSentMode || arguments.mode == kPagesMode;
  return whole && known ? std::optional{arguments} : std::nullopt;
}

/// Lines of progress; the scraper is told of each file before it is opened, so that it can name
/// the one that brought the program down.
class Progress {
 public:
  void begin_file(std::string_view name) {
    file_ = competition::clean_text(name, kProgressFileBytesMax);
    write_line();
  }
  void step(std::string_view phase, std::uint64_t done) {
    const bool is_new = phase != phase_;
    phase_ = phase;
    done_ = done;
    if (is_new || steady_clock::now() - told_at_ >= kProgressEvery) write_line();
  }
  /// The newest one; empty before the first.
  const std::string& file() const { return file_; }

 private:
  void write_line() {
    told_at_ = steady_clock::now();
    const auto line = std::format("{}\t{}\t{}\n", phase_, done_, file_);
    // Shorter than PIPE_BUF, so whole or not at all; nobody there to hear it is no harm.
    [[maybe_unused]] const auto written = write(kProgress, line.data(), line.size());
  }
  std::string file_;
  std::string phase_{kUnpacking};
  std::uint64_t done_ = 0;
  steady_clock::time_point told_at_;
};

Result<v1::UnpackQuestion> read_question() {
  struct stat status{};
  if (fstat(kQuestion, &status) != 0) return fail(errors::kInvalid, "there is no question");
  v1::UnpackQuestion question;
  if (lseek(kQuestion, 0, SEEK_SET) != 0 || !question.ParseFromFileDescriptor(kQuestion)) {
    return fail(errors::kInvalid, "the question cannot be read");
  }
  return question;
}

Result<void> work(const Arguments& arguments, Progress& progress, v1::UnpackReport& report) try {
  const auto question = PODIUM_TRY(read_question());
  FetchControl control;
  control.on_progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t) {
    progress.step(phase, done);
  };
  control.on_file = [&](std::string_view file) { progress.begin_file(file); };
  if (arguments.mode == kPagesMode) return read_pages(question, control, report);
  if (arguments.mode == kSentMode) return open_sent(arguments.folder, question, control, report);
  return read_data(arguments.folder, question, control, report);
} catch (const std::bad_alloc&) {
  return fail(competition::reasons::kDataUnreadable,
              std::format("{}: reading it takes more memory than it may",
                          progress.file().empty() ? "the data" : progress.file()));
} catch (const fs::filesystem_error& error) {
  return disk_trouble(error);
}

Result<void> run(const Arguments& arguments) {
  Walls walls{.last_descriptor = kLastDescriptor,
              .uid = 0,
              .cpu_seconds = arguments.seconds,
              .memory_bytes = kUnpackMemoryBytesMax,
              // The account of unpacking counts, over all files.
              .file_bytes = RLIM_INFINITY};
  if (arguments.mode != kPagesMode) {
    // Libraries that are loaded on need, for names in old encodings.
    walls.readable = {"/usr"};
    walls.writable = {arguments.folder};
  }
  PODIUM_TRY(lock_down(walls));
  Progress progress;
  v1::UnpackReport report;
  const auto done = work(arguments, progress, report);
  if (!done) {
    report.Clear();
    report.set_error(std::string{done.error().code->name});
    report.set_detail(competition::clean_text(done.error().detail, kMessageBytesMax));
  }
  if (report.SerializeToFileDescriptor(kReport)) return {};
  return fail(errors::kUnavailable, "the report cannot be written");
}

}  // namespace

int run_unpack(int argc, char** argv) {
  const auto arguments = arguments_of(argc, argv);
  if (!arguments) {
    std::fputs("usage: podium-unpack data | sent | pages FOLDER SECONDS\n", stderr);
    return kExitBroken;
  }
  // Its file is read before nothing can be opened any more.
  const Utf8Locale names_are_utf8;
  const auto done = run(*arguments);
  if (!done) std::fprintf(stderr, "podium-unpack: %s\n", done.error().text().c_str());
  std::fflush(stderr);
  return done ? kExitDone : kExitBroken;
}

}  // namespace podium::scraper::unpack
