// Every limit of the executor in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace podium::executor {

using namespace std::chrono_literals;

// ---- What one run gets. A ticket asks; zero takes the default, more than the most is cut down.

inline constexpr std::uint32_t kWallSecondsDefault = 600;
/// Kaggle's own notebooks may run for twelve hours.
inline constexpr std::uint32_t kWallSecondsMax = 12 * 3600;
inline constexpr std::uint32_t kCpuMilliDefault = 2000;
inline constexpr std::uint32_t kCpuMilliMin = 100;
inline constexpr std::uint64_t kMemoryBytesDefault = 4ULL << 30;
/// Python with pandas and scikit-learn needs about 200 MB before it does anything.
inline constexpr std::uint64_t kMemoryBytesMin = 64ULL << 20;
/// Threads count as well; numeric libraries start a pool per library and process.
inline constexpr std::uint32_t kPidsDefault = 512;
inline constexpr std::uint32_t kPidsMax = 4096;
/// Scratch is memory (tmpfs): a quarter is /tmp, the rest the working folder.
inline constexpr std::uint64_t kScratchBytesDefault = 1ULL << 30;
inline constexpr std::uint64_t kScratchBytesMin = 8ULL << 20;
inline constexpr std::uint64_t kScratchBytesMax = 64ULL << 30;
inline constexpr std::uint64_t kPredictionsBytesDefault = 128ULL << 20;
inline constexpr std::uint64_t kPredictionsBytesMax = 1ULL << 30;
inline constexpr std::uint64_t kLogBytesDefault = 16ULL << 20;
inline constexpr std::uint64_t kLogBytesMax = 64ULL << 20;
/// Files and folders in the working folder.
inline constexpr std::uint64_t kScratchInodesMax = 65'536;
/// Open files of the candidate's program.
inline constexpr std::uint64_t kOpenFilesMax = 1024;

/// The wall time is enforced by the sandbox's own launcher, which may still flush for two seconds;
/// after this much more the executor kills.
inline constexpr std::chrono::seconds kKillGrace{10};
/// A sandbox that is so much older than its wall time allows belongs to nobody.
inline constexpr std::chrono::seconds kReapGrace{120};

// ---- What a run's inputs may be.

inline constexpr std::uint64_t kCodeBytesMax = 4ULL << 20;
/// CompetitionFacts as JSON.
inline constexpr std::uint64_t kFactsBytesMax = 32ULL << 20;
inline constexpr std::uint64_t kSampleBytesMax = 1ULL << 30;
inline constexpr std::uint64_t kDataBytesMax = 256ULL << 30;

// ---- Logs. Live lines are for people who watch; the whole log is an artifact.

/// Longer lines are cut in what is shown; the artifact has all of them.
inline constexpr std::size_t kLogLineBytesMax = 4096;
/// A batch of lines must stay well under the 64 KB of an event.
inline constexpr std::size_t kLogBatchLinesMax = 50;
inline constexpr std::size_t kLogBatchBytesMax = 32 * 1024;
inline constexpr std::chrono::milliseconds kLogFlushAfter{250};
/// Live lines of one run, in number, bytes and per second (after a burst of as many).
inline constexpr std::uint64_t kLogLiveLinesMax = 20'000;
inline constexpr std::uint64_t kLogLiveBytesMax = 4ULL << 20;
inline constexpr double kLogLinesPerSecondMax = 200;
/// Lines that wait for the broker; more are left out with a mark.
inline constexpr std::size_t kLogWaitingLinesMax = 2'000;
/// The end of the log, kept whatever else was cut: the error stands there.
inline constexpr std::size_t kLogEndBytesMax = 64 * 1024;
/// Of the end of the log that travels in `executed`.
inline constexpr std::size_t kLogTailBytesMax = 4096;
/// What is asked of the engine for the end of a log that was cut.
inline constexpr int kLogEndLinesMax = 400;
/// How long a log may go on arriving after its run has ended.
inline constexpr std::chrono::seconds kLogDrainMax{5};

// ---- The check of what a run left (a child process).

/// Processor seconds; a loaded machine may take longer to give them.
inline constexpr std::chrono::seconds kCheckCpuMax{30};
inline constexpr std::chrono::seconds kCheckTimeMax{90};
inline constexpr std::uint64_t kCheckMemoryBytesMax = 8ULL << 30;
/// Verdict and score as protobuf.
inline constexpr std::uint64_t kCheckReportBytesMax = 64 * 1024;
/// The user that the check runs as when the executor is root. No file belongs to it.
inline constexpr unsigned kCheckUid = 64'100;

// ---- Claims.

inline constexpr std::chrono::seconds kBeatEvery{10};
/// A claim without a beat for so long may be taken over: four beats were missed.
inline constexpr std::chrono::seconds kClaimGrace{45};
/// When a ticket that another executor works on is looked at again.
inline constexpr std::chrono::seconds kForeignClaimDelay{20};
/// A ticket that is handed back because this executor stops comes again so soon.
inline constexpr std::chrono::milliseconds kDrainDelay{500};
/// Delay before a ticket whose handling failed comes again; doubles up to the most.
inline constexpr std::chrono::milliseconds kRetryDelayFirst{500};
inline constexpr std::chrono::milliseconds kRetryDelayMax{30'000};

// ---- Engine.

/// Debian 12's engine; the oldest that the request bodies are tried with.
inline constexpr int kEngineApiMinorMin = 41;
/// The newest version whose changes were read; a newer engine is spoken to in this one.
inline constexpr int kEngineApiMinorMax = 51;
inline constexpr std::chrono::seconds kEngineCallMax{60};
/// Waiting for a run's end is asked again so often, to look at usage and time.
inline constexpr std::chrono::milliseconds kUsageEveryFirst{250};
inline constexpr std::chrono::milliseconds kUsageEveryMax{2'000};
/// An engine that does not answer for so long after a run's time is up has lost the run.
inline constexpr std::chrono::seconds kEngineAwayMax{60};
inline constexpr std::chrono::milliseconds kEngineRetryEvery{500};
/// How long a killed sandbox may take to end.
inline constexpr std::chrono::seconds kKillTimeMax{15};

// ---- Data volumes.

inline constexpr std::chrono::minutes kFillTimeMax{30};
inline constexpr std::chrono::milliseconds kFillPollEvery{250};
inline constexpr std::size_t kFillBufferBytesMax = 1024 * 1024;
inline constexpr std::int64_t kDataVolumesDefault = 16;
inline constexpr std::uint64_t kDataVolumeBytesDefault = 32ULL << 30;
/// Progress of a fill is told at most so often.
inline constexpr std::chrono::seconds kProgressEvery{1};

// ---- Taking tickets.

/// Turns of the bands in one round, first to last: none starves, the first goes first.
inline constexpr int kBandTurns[] = {8, 4, 2, 1};
/// One question to one durable consumer.
inline constexpr std::chrono::milliseconds kPullWait{25};
/// Pause when there is no free slot, the engine is away or the broker does not answer.
inline constexpr std::chrono::milliseconds kPullPause{200};
inline constexpr int kSlotsMax = 256;

// ---- Clean-up.

inline constexpr std::chrono::seconds kReapEvery{20};
inline constexpr std::chrono::milliseconds kSelfCheckEvery{10'000};
/// While the engine does not answer.
inline constexpr std::chrono::milliseconds kSelfCheckRetryEvery{1'000};
/// Runs that are handed back when the service stops have this long, of the chassis' ten seconds.
inline constexpr std::chrono::seconds kHandBackMax{7};

}  // namespace podium::executor
