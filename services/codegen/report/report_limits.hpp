// Every limit of the end-of-job report in one place, each with its reason. Sizes are bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace podium::codegen {

/// Events of one job that a report is made of; a job of 500 candidates has about 2,500 that count.
inline constexpr std::size_t kHistoryEventsMax = 20'000;
inline constexpr std::size_t kHistoryBytesMax = std::size_t{64} << 20;
/// A stream that gives nothing for so long is away: the report is tried again.
inline constexpr std::chrono::milliseconds kHistoryQuietMax{10'000};

/// Rows of the table of candidates; a person reads no more.
inline constexpr std::size_t kCandidatesToldMax = 500;
/// A plan line, a message or a warning, once cleaned.
inline constexpr std::size_t kLineBytesMax = 300;
/// What the job itself says at its end, and a hint: whole sentences.
inline constexpr std::size_t kSentencesBytesMax = 2000;
inline constexpr std::size_t kWarningsToldMax = 50;
/// The end of the last log, in the report of a job that failed.
inline constexpr std::size_t kLogEndBytesMax = 4096;

/// One run's log in logs.txt, and the file: enough for 32 long runs.
inline constexpr std::uint64_t kRunLogToldMax = 1ULL << 20;
inline constexpr std::size_t kLogFileBytesMax = std::size_t{32} << 20;
/// One prompt, reply, plan or program in gpt_code_trace.txt, and the file.
inline constexpr std::uint64_t kTracePartMax = 1ULL << 20;
inline constexpr std::size_t kTraceFileBytesMax = std::size_t{32} << 20;
/// A plan is a page.
inline constexpr std::uint64_t kPlanToldMax = 256ULL << 10;
/// A larger submission stays under its candidate's key alone: a copy passes through memory.
inline constexpr std::uint64_t kSubmissionCopyMax = 256ULL << 20;

}  // namespace podium::codegen
