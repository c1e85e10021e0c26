#include "services/scraper/unpack_account.hpp"

#include <algorithm>
#include <format>

#include "libs/competition/reasons.hpp"

namespace podium::scraper {

namespace reasons = competition::reasons;

Result<void> UnpackAccount::take_entry() {
  if (++entries_ <= kEntriesMax) return {};
  return fail(reasons::kArchiveUnsafe, std::format("more than {} files and folders", kEntriesMax));
}

Result<void> UnpackAccount::take(std::uint64_t bytes) {
  const auto bytes_max = limits_.bytes_max;
  if (bytes > bytes_max - std::min(bytes_, bytes_max)) {
    return fail(reasons::kDataTooLarge,
                std::format("more than {} bytes once unpacked (PODIUM_DATA_BYTES_MAX)", bytes_max));
  }
  if (is_bomb(bytes_ + bytes, limits_.packed_bytes)) {
    return fail(reasons::kArchiveUnsafe,
                std::format("what came as {} bytes unpacks to more than {} times its size",
                            limits_.packed_bytes, kRatioMax));
  }
  if (control_.stop.stop_requested()) return fail(errors::kStopped, "unpacking was stopped");
  bytes_ += bytes;
  if (control_.on_progress) control_.on_progress(kUnpacking, bytes_, 0);
  return {};
}

}  // namespace podium::scraper
