// Every limit of sending a submission, each with its reason.
#pragma once

#include <chrono>

namespace podium::scraper {

/// Submissions that are sent or asked about at once: none waits for another's upload, and Kaggle
/// is not asked by many at once.
inline constexpr int kSubmitWorkers = 2;
/// An end that no scraper has heard of for so long is not submitted by itself any more.
inline constexpr std::chrono::hours kEndedAgeMax{24};
/// How long a claim to hand in a submission lasts while its last call has not begun: one or two
/// looks into Kaggle's list, each at most kKaggleAnswerMax. Who needs longer loses the turn and
/// notices that before the call.
inline constexpr std::chrono::seconds kSubmitLease{75};
/// How long a submission is looked for after a last call whose outcome is not known, before it may
/// be made again: what stands before Kaggle may pass a call on minutes after we gave it up, and the
/// list may show a submission late. Too long costs minutes, too short one of a day's submissions.
inline constexpr std::chrono::minutes kSubmitSettles{10};
/// Somebody else hands it in just now, or may have: looked at again with a delay that grows.
inline constexpr std::chrono::seconds kClaimLookAgain{10};
inline constexpr std::chrono::seconds kClaimLookMax{60};
/// Kaggle does not answer: tried again with a delay that grows.
inline constexpr std::chrono::seconds kTroubleDelayFirst{5};
inline constexpr std::chrono::seconds kTroubleDelayMax{300};
/// Kaggle not answering for so long: a person is told.
inline constexpr std::chrono::hours kTroubleMax{24};
/// A score is asked for after half the time that it was waited for, within these: plain tables are
/// scored in seconds, some competitions take hours.
inline constexpr std::chrono::seconds kScoreLookFirst{5};
inline constexpr std::chrono::seconds kScoreLookMax{120};
inline constexpr std::chrono::hours kScoreWaitMax{24};
/// Kaggle's days end at midnight UTC; a little later, because clocks differ.
inline constexpr std::chrono::minutes kAllowanceMargin{2};
/// While the daily limit is used up it is looked at so often: submissions that Kaggle could not
/// score do not count, and free a place.
inline constexpr std::chrono::minutes kAllowanceLookMax{30};
/// Waiting for a free place of a day: several jobs of a team may wait for the same one.
inline constexpr std::chrono::hours kAllowanceWaitMax{72};

}  // namespace podium::scraper
