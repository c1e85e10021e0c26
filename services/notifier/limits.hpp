// Every limit of the notifier in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace podium::notifier {

/// A receiver that is away is tried for so long after the job has ended: over a night, or until a
/// person has looked at it. An end that is older is told to nobody.
inline constexpr std::chrono::hours kTryTimeMax{24};
/// Delay before the second try, and the longest between two: twelve tries in the first hour and a
/// bit, then one an hour.
inline constexpr std::chrono::seconds kRetryDelayFirst{2};
inline constexpr std::chrono::hours kRetryDelayMax{1};

/// Links are good for so long when PODIUM_LINK_TIME does not say otherwise.
inline constexpr std::chrono::hours kLinkTimeDefault{24};
/// Files of a job are kept for so long after its end: no link outlives its file.
inline constexpr std::chrono::hours kFileTimeMax{7 * 24};

/// One call of a webhook: a receiver that works longer should answer first.
inline constexpr std::chrono::seconds kWebhookConnectMax{5};
inline constexpr std::chrono::seconds kWebhookTimeMax{15};
/// What a receiver answers is not looked at; the rest of it is not read.
inline constexpr std::size_t kWebhookAnswerBytesMax = std::size_t{4} * 1024;

/// Mail servers may think long about a mail (RFC 5321, section 4.5.3.2, allows minutes).
inline constexpr std::chrono::seconds kMailConnectMax{10};
inline constexpr std::chrono::seconds kMailTimeMax{60};
/// What of a job's texts stands in a mail, and in its subject.
inline constexpr std::size_t kMailTextBytesMax = 4'000;
inline constexpr std::size_t kMailSubjectBytesMax = 200;

}  // namespace podium::notifier
