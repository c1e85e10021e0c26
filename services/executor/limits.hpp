// Every limit of the executor in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace podium::executor {

using namespace std::chrono_literals;

// What one run gets: a ticket asks; zero takes the default, more than the most is cut down.

/// Long enough for a model of a table, short enough that several candidates fit into a job.
inline constexpr std::uint32_t kWallSecondsDefault = 600;
/// Kaggle's own notebooks may run for twelve hours.
inline constexpr std::uint32_t kWallSecondsMax = 12 * 3600;
/// Two processors: one for the program, one for what its libraries start.
inline constexpr std::uint32_t kCpuMilliDefault = 2000;
/// With less, loading the libraries takes a good part of the run.
inline constexpr std::uint32_t kCpuMilliMin = 100;
/// A table of some hundred megabytes and the model that is fitted to it.
inline constexpr std::uint64_t kMemoryBytesDefault = 4ULL << 30;
/// Python with pandas and scikit-learn needs about 200 MB before it does anything.
inline constexpr std::uint64_t kMemoryBytesMin = 64ULL << 20;
/// Threads count as well; numeric libraries start a pool per library and process.
inline constexpr std::uint32_t kPidsDefault = 512;
/// A fork bomb must end before the host's table of processes is full, in several sandboxes at once.
inline constexpr std::uint32_t kPidsMax = 4096;
/// Scratch is memory (tmpfs): a quarter is /tmp, the rest the working folder.
inline constexpr std::uint64_t kScratchBytesDefault = 1ULL << 30;
/// Room for a small submission.
inline constexpr std::uint64_t kScratchBytesMin = 8ULL << 20;
/// A mistake in a ticket asks for no more; half of the engine's memory is the most anyway.
inline constexpr std::uint64_t kScratchBytesMax = 64ULL << 30;
/// Millions of rows of an id and a number.
inline constexpr std::uint64_t kPredictionsBytesDefault = 128ULL << 20;
/// What the check can read within its time.
inline constexpr std::uint64_t kPredictionsBytesMax = 1ULL << 30;
/// Hours of progress lines.
inline constexpr std::uint64_t kLogBytesDefault = 16ULL << 20;
/// A log is held by the engine, kept in scratch and stored: it takes its size three times.
inline constexpr std::uint64_t kLogBytesMax = 64ULL << 20;
/// Files and folders in the working folder: each costs memory that its bytes do not show.
inline constexpr std::uint64_t kScratchInodesMax = 65'536;
/// Open files of the candidate's program: what Linux gives a process by custom.
inline constexpr std::uint64_t kOpenFilesMax = 1024;

/// The wall time is enforced by the sandbox's own launcher, which may still flush for two seconds;
/// after this much more the executor kills.
inline constexpr std::chrono::seconds kKillGrace{10};
/// A sandbox that is so much older than its wall time allows belongs to nobody: killing and
/// collecting take less.
inline constexpr std::chrono::seconds kReapGrace{120};

// What a run's inputs may be.

/// Held in memory; far beyond any program that a person would read.
inline constexpr std::uint64_t kCodeBytesMax = 4ULL << 20;
/// CompetitionFacts as JSON, held in memory: 20,000 columns with more than 1 KB each.
inline constexpr std::uint64_t kFactsBytesMax = 32ULL << 20;
/// As large as predictions may be, which must have its rows.
inline constexpr std::uint64_t kSampleBytesMax = 1ULL << 30;
/// A usual host's disk ends there.
inline constexpr std::uint64_t kDataBytesMax = 256ULL << 30;

// Logs: live lines are for people who watch; the whole log is an artifact.

/// Longer lines are cut in what is shown; the artifact has all of them.
inline constexpr std::size_t kLogLineBytesMax = 4096;
/// A batch of lines must stay well under the 64 KB of an event.
inline constexpr std::size_t kLogBatchLinesMax = 50;
inline constexpr std::size_t kLogBatchBytesMax = 32 * 1024;
/// What a watcher does not feel as a delay.
inline constexpr std::chrono::milliseconds kLogFlushAfter{250};
/// Live lines of one run, in number, bytes and per second (after a burst of as many): what a person
/// can read, and what the stream can hold of all runs together.
inline constexpr std::uint64_t kLogLiveLinesMax = 20'000;
inline constexpr std::uint64_t kLogLiveBytesMax = 4ULL << 20;
inline constexpr double kLogLinesPerSecondMax = 200;
/// Lines that wait for the broker, ten seconds of them; more are left out with a mark.
inline constexpr std::size_t kLogWaitingLinesMax = 2'000;
/// The end of the log, kept whatever else was cut: the error stands there.
inline constexpr std::size_t kLogEndBytesMax = 64 * 1024;
/// Of the end of the log that travels in `executed`, whose limit is 64 KB in all.
inline constexpr std::size_t kLogTailBytesMax = 4096;
/// What is asked of the engine for the end of a log that was cut: kLogEndBytesMax of usual lines.
inline constexpr int kLogEndLinesMax = 400;
/// How long a log may go on arriving after its run has ended: the engine has it all by then.
inline constexpr std::chrono::seconds kLogDrainMax{5};

// The check of what a run left (a child process).

/// Processor seconds: all that a hostile file may cost; a loaded machine may take longer to give
/// them.
inline constexpr std::chrono::seconds kCheckCpuMax{30};
inline constexpr std::chrono::seconds kCheckTimeMax{90};
/// Several times the largest sample, whose ids are held.
inline constexpr std::uint64_t kCheckMemoryBytesMax = 8ULL << 30;
/// Verdict and score as protobuf, which must fit into `executed`.
inline constexpr std::uint64_t kCheckReportBytesMax = 64 * 1024;
/// The user that the check runs as when the executor is root. No file belongs to it.
inline constexpr unsigned kCheckUid = 64'100;

// Claims.

/// Often enough that kClaimGrace spans four, seldom enough to cost the broker nothing.
inline constexpr std::chrono::seconds kBeatEvery{10};
/// A claim without a beat for so long may be taken over: four beats were missed.
inline constexpr std::chrono::seconds kClaimGrace{45};
/// When a ticket that another executor works on is looked at again: before kClaimGrace is over.
inline constexpr std::chrono::seconds kForeignClaimDelay{20};
/// A ticket that is handed back because this executor stops comes again so soon: another one may
/// be there already.
inline constexpr std::chrono::milliseconds kDrainDelay{500};
/// Delay before a ticket whose handling failed comes again; doubles up to the most.
inline constexpr std::chrono::milliseconds kRetryDelayFirst{500};
inline constexpr std::chrono::milliseconds kRetryDelayMax{30'000};

// Engine.

/// Debian 12's engine; the oldest that the request bodies are tried with.
inline constexpr int kEngineApiMinorMin = 41;
/// The newest version whose changes were read; a newer engine is spoken to in this one.
inline constexpr int kEngineApiMinorMax = 51;
/// One call that moves no large body; making a container on a busy disk takes seconds.
inline constexpr std::chrono::seconds kEngineCallMax{60};
/// Waiting for a run's end is asked again so often, to look at usage and time: soon at first, since
/// many programs fail at once.
inline constexpr std::chrono::milliseconds kUsageEveryFirst{250};
inline constexpr std::chrono::milliseconds kUsageEveryMax{2'000};
/// An engine that does not answer for so long after a run's time is up has lost the run.
inline constexpr std::chrono::seconds kEngineAwayMax{60};
/// A restarted engine is noticed at once, an absent one is not pressed.
inline constexpr std::chrono::milliseconds kEngineRetryEvery{500};
/// How long a killed sandbox may take to end: SIGKILL is at once, giving back its memory is not.
inline constexpr std::chrono::seconds kKillTimeMax{15};

// Data volumes.

/// The largest data at some 150 MB a second.
inline constexpr std::chrono::minutes kFillTimeMax{30};
/// Who waits for another's fill looks so often.
inline constexpr std::chrono::milliseconds kFillPollEvery{250};
/// Between the store's thread and the engine's: enough that neither waits for the other.
inline constexpr std::size_t kFillBufferBytesMax = 1024 * 1024;
/// A cache: as many competitions as are worked on at once, within a part of a usual disk.
inline constexpr std::int64_t kDataVolumesDefault = 16;
inline constexpr std::uint64_t kDataVolumeBytesDefault = 32ULL << 30;
/// Progress of a fill is told at most so often, as the stage runner lets other stages.
inline constexpr std::chrono::seconds kProgressEvery{1};

// Taking tickets.

/// Turns of the bands in one round, first to last: none starves, the first goes first.
inline constexpr int kBandTurns[] = {8, 4, 2, 1};
/// One question to one durable consumer: all are asked in turn, and the next should not wait.
inline constexpr std::chrono::milliseconds kPullWait{25};
/// Pause when there is no free slot, the engine is away or the broker does not answer.
inline constexpr std::chrono::milliseconds kPullPause{200};
/// Each run costs some threads here, and two containers and three volumes of the engine.
inline constexpr int kSlotsMax = 256;

// Clean-up.

/// What is left over is gone within a minute.
inline constexpr std::chrono::seconds kReapEvery{20};
/// An engine that went away is noticed before many tickets are taken.
inline constexpr std::chrono::milliseconds kSelfCheckEvery{10'000};
/// While the engine does not answer.
inline constexpr std::chrono::milliseconds kSelfCheckRetryEvery{1'000};
/// Runs that are handed back when the service stops have this long, of the chassis' ten seconds.
inline constexpr std::chrono::seconds kHandBackMax{7};

}  // namespace podium::executor
