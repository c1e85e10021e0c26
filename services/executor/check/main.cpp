// The check of submissions: reads foreign bytes so that the executor need not. Started anew for
// each run, locked in before it reads anything, gone afterwards. See protocol.hpp.
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

#include "services/executor/check/lockdown.hpp"
#include "services/executor/check/modes.hpp"
#include "services/executor/check/protocol.hpp"
#include "services/executor/limits.hpp"

namespace {

namespace check = podium::executor::check;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

podium::Result<void> run(std::string_view mode, std::uint64_t bytes_max) {
  PODIUM_TRY(check::lock_down(
      {.last_descriptor = check::kLastDescriptor,
       .uid = podium::executor::kCheckUid,
       .cpu_seconds = static_cast<std::uint64_t>(podium::executor::kCheckCpuMax.count()),
       .memory_bytes = podium::executor::kCheckMemoryBytesMax,
       .file_bytes = podium::executor::kSampleBytesMax}));
  return mode == check::kFactsMode ? check::read_facts() : check::check_predictions(bytes_max);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  const auto bytes_max = number(argc > 2 ? argv[2] : "0");
  if ((mode != check::kFactsMode && mode != check::kPredictionsMode) || !bytes_max) {
    std::fputs("usage: podium-check facts | predictions BYTES\n", stderr);
    return check::kExitBroken;
  }
  const auto done = run(mode, *bytes_max);
  if (!done) std::fprintf(stderr, "podium-check: %s\n", done.error().text().c_str());
  std::fflush(stderr);
  // Nothing is left to be tidied: what it had are descriptors and memory.
  _exit(done ? check::kExitDone : check::kExitBroken);
}
