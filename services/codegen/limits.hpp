// Every limit of codegen in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace podium::codegen {

using namespace std::chrono_literals;

/// What a job may spend when its request does not say.
inline constexpr std::chrono::seconds kJobTimeDefault{7200};
inline constexpr std::uint32_t kCandidatesDefault = 6;
inline constexpr std::uint32_t kParallelDefault = 2;

/// Calls of one attempt: the question, and one to mend the answer.
inline constexpr std::uint32_t kCallsPerAttemptMax = 2;
/// Why a draft was given up or a submission refused, as it is kept for people.
inline constexpr std::size_t kFailureBytesMax = 300;
/// Tries to draft one candidate, by a model: another answer may be better.
inline constexpr std::uint32_t kDraftAttemptsMax = 2;
/// Drafts in a row that no provider answered before a search does without models.
inline constexpr std::uint32_t kModelFailuresMax = 3;
/// Model drafts that came to nothing before the next one is asked for within the scaffold.
inline constexpr std::uint32_t kScaffoldAfterFailures = 2;
/// Candidates that a prompt is told of: the best and the newest.
inline constexpr std::size_t kTriedBestMax = 8;
inline constexpr std::size_t kTriedNewestMax = 12;
/// A request that names this provider forbids models.
inline constexpr std::string_view kBuiltinProvider = "builtin";
/// Runs of one candidate that infrastructure lost: the first and two more.
inline constexpr std::uint32_t kRunAttemptsMax = 3;

/// A run that was out of memory is never given more than this; see resource_tiers.hpp.
inline constexpr std::uint64_t kRunMemoryBytesMax = 64ULL << 30;
inline constexpr std::uint32_t kRunPidsMax = 512;
inline constexpr std::uint64_t kRunScratchBytesMax = 1ULL << 30;
inline constexpr std::uint64_t kRunPredictionsBytesMax = 512ULL << 20;
inline constexpr std::uint64_t kRunLogBytesMax = 16ULL << 20;
/// Above this a run asks for the class `memory`.
inline constexpr std::uint64_t kCpuClassMemoryBytesMax = 16ULL << 30;
/// Longest single run; a job's time left is the other bound.
inline constexpr std::chrono::seconds kRunTimeMax{600};
/// Less time than this is not worth a new candidate.
inline constexpr std::chrono::seconds kRunTimeMin{15};
/// What a job keeps back at its end for checking and storing.
inline constexpr std::chrono::seconds kEndReserve{5};

/// An open draft without an answer is asked for again after so long, doubling.
inline constexpr std::chrono::seconds kDraftAskAgain{60};
/// The same for a draft by a model: the call may take long, and whoever makes it also beats for it.
inline constexpr std::chrono::seconds kModelDraftAskAgain{600};
/// The same for a run, on top of the time it may take: it may also wait in the queue.
inline constexpr std::chrono::seconds kRunAskAgain{180};
/// Doubling stops here.
inline constexpr std::uint32_t kAskAgainDoublingsMax = 4;
/// What stands unpublished in an outbox is looked after at the latest so soon.
inline constexpr std::chrono::seconds kOutboxAskAgain{15};

/// Steps that one decision takes: their events stand in the outbox together, each up to about 15
/// KB, beside a state of up to 130 KB. The rest is taken at the next event or tick.
inline constexpr std::size_t kCommandsMax = 6;
/// Longest question about earlier jobs; after one that failed none is asked for a while, so that a
/// database that is away does not hold up every job that begins.
inline constexpr std::chrono::milliseconds kEarlierJobsPatience{1'000};
inline constexpr std::chrono::seconds kEarlierJobsRest{30};
inline constexpr int kDatabaseConnectionsMax = 2;
/// An earlier winner may take such a part of the time that is left (a quarter).
inline constexpr int kEarlierWinnerShare = 4;
/// Replicas that race for one job: each try is a read and a compare-and-set.
inline constexpr int kCompareAndSetTriesMax = 20;
inline constexpr std::size_t kStateBytesMax = 256 * 1024;
/// The end of a failed run's log, kept in the state for the debugger; of so many candidates, so
/// that a search of only failures stays well inside kStateBytesMax.
inline constexpr std::size_t kLogTailBytesMax = 4096;
inline constexpr int kLogTailsMax = 8;
inline constexpr int kHintsMax = 4;
inline constexpr std::size_t kHintBytesMax = 1000;
/// CompetitionFacts as JSON.
inline constexpr std::uint64_t kFactsBytesMax = 32ULL << 20;
inline constexpr std::uint64_t kCodeBytesMax = 1ULL << 20;

/// Jobs whose published outbox a replica remembers, so that it need not publish again.
inline constexpr std::size_t kPublishedRemembered = 10'000;
/// A ticker never ticks one job more often.
inline constexpr std::chrono::milliseconds kTickIntervalMin{500};

}  // namespace podium::codegen
