// Every limit of the calls to language models in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace podium::codegen::models {

using namespace std::chrono_literals;

/// Text of one answer; the largest output of today's models is about half a megabyte. What is
/// longer comes from a server that ignores the token limit: it is cut there.
inline constexpr std::size_t kReplyBytesMax = 2UL * 1024 * 1024;
/// Bytes of one stream: each token travels in some hundred bytes of JSON.
inline constexpr std::uint64_t kStreamBytesMax = 256ULL * 1024 * 1024;
/// Body of an answer that is not a stream: an error, perhaps a page of HTML from a proxy.
inline constexpr std::size_t kErrorBodyBytesMax = 64UL * 1024;
/// What of a vendor's message is shown.
inline constexpr std::size_t kErrorTextBytesMax = 300;
/// Vendors' own advice: ten seconds to connect.
inline constexpr std::chrono::milliseconds kConnectTimeout{10'000};
/// A local server may load its model for minutes before the first byte; a stalled stream is the
/// usual failure all the same.
inline constexpr std::chrono::milliseconds kIdleTimeout{300'000};

/// Changes of parameters in one call: each reveals the next one.
inline constexpr int kAdaptationsMax = 3;
/// Models whose adaptations are remembered for each provider.
inline constexpr std::size_t kModelsRememberedMax = 256;
/// Smallest answer worth asking for when the context leaves less than was wanted.
inline constexpr std::uint32_t kOutputTokensMin = 256;

/// Tries of one call at one provider.
inline constexpr int kTriesMax = 8;
/// Growing delay between tries: doubling to its most, half of it by chance.
inline constexpr std::chrono::milliseconds kRepeatDelayFirst{1'000};
inline constexpr std::chrono::milliseconds kOverloadDelayFirst{4'000};
inline constexpr std::chrono::milliseconds kRepeatDelayMax{60'000};
/// A longer wait that a vendor asks for is not waited out: the call fails, so that another provider
/// gets it.
inline constexpr std::chrono::milliseconds kWaitMax{120'000};
/// Calls under way at one provider, over all jobs of this process.
inline constexpr int kCallsMax = 16;

/// How long a failover leaves a provider alone: a key or a bill is mended by people, the rest by
/// time.
inline constexpr std::chrono::milliseconds kAccountRest{600'000};
inline constexpr std::chrono::milliseconds kDownRest{60'000};

}  // namespace podium::codegen::models
