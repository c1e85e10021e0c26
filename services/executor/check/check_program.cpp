#include "services/executor/check/check_program.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>

#include "libs/chassis/child/lockdown.hpp"
#include "services/executor/check/modes.hpp"
#include "services/executor/check/protocol.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor::check {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<void> run(std::string_view mode, std::uint64_t bytes_max) {
  PODIUM_TRY(lock_down({.last_descriptor = kLastDescriptor,
                        .uid = kCheckUid,
                        .cpu_seconds = static_cast<std::uint64_t>(kCheckCpuMax.count()),
                        .memory_bytes = kCheckMemoryBytesMax,
                        .file_bytes = kSampleBytesMax}));
  return mode == kFactsMode ? read_facts() : check_predictions(bytes_max);
}

}  // namespace

int run_check(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  const auto bytes_max = number(argc > 2 ? argv[2] : "0");
  if ((mode != kFactsMode && mode != kPredictionsMode) || !bytes_max) {
    std::fputs("usage: podium-check facts | predictions BYTES\n", stderr);
    return kExitBroken;
  }
  const auto done = run(mode, *bytes_max);
  if (!done) std::fprintf(stderr, "podium-check: %s\n", done.error().text().c_str());
  std::fflush(stderr);
  return done ? kExitDone : kExitBroken;
}

}  // namespace podium::executor::check
