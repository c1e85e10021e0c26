// Every limit of the keeping of model calls in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstdint>

namespace podium::codegen {

using namespace std::chrono_literals;

/// A stored prompt or reply: both are bounded far below by their own limits.
inline constexpr std::uint64_t kCallBytesMax = 16ULL << 20;
/// Who asks a model says so often that it still does.
inline constexpr std::chrono::milliseconds kClaimBeat{5'000};
/// Without a beat for so long the asker is gone: a few beats may be lost, and clocks of hosts
/// differ a little.
inline constexpr std::chrono::milliseconds kClaimGrace{25'000};
/// Who waits for another's answer looks again so often.
inline constexpr std::chrono::milliseconds kClaimLook{1'000};
/// Tries to store a reply, kClaimLook apart.
inline constexpr int kSaveTriesMax = 10;
/// Times that one call is begun: each may be paid, and a call that kills its process must end.
inline constexpr std::uint32_t kCallTakesMax = 3;
/// Longest single call; the job's time left is the other bound.
inline constexpr std::chrono::seconds kCallTimeMax{900};
/// What a call leaves of the job's time for the run of what it wrote.
inline constexpr std::chrono::seconds kCallEndReserve{20};

}  // namespace podium::codegen
