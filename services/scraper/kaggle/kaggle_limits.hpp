// Every limit of talking to Kaggle in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace podium::scraper {

/// Tries of one read, the first included. Kaggle's own client repeats ten times, but only 429 and
/// broken connections; reads are safe to repeat after a 5xx as well.
inline constexpr int kKaggleTriesMax = 8;
/// Delay before the second try; each further one is longer by the factor, as in Kaggle's client.
inline constexpr std::chrono::milliseconds kKaggleDelayFirst{500};
inline constexpr double kKaggleDelayFactor = 1.7;
/// One call with all its tries, answers and waits in sum: a job has better uses for its time.
inline constexpr std::chrono::seconds kKaggleWaitMax{120};
inline constexpr std::chrono::seconds kKaggleConnectMax{5};
inline constexpr std::chrono::seconds kKaggleAnswerMax{30};
/// No byte of a download for so long: begun again where it stopped. That of Kaggle's notebooks'
/// client is 15 s; slow lines are given twice that.
inline constexpr std::chrono::seconds kKaggleIdleMax{30};
/// Answers of calls, pages included.
inline constexpr std::uint64_t kKaggleAnswerBytesMax = 16ULL << 20;
/// What was told of a competition is told to later jobs for so long: those that are begun together
/// cost three questions and not three each, and Kaggle counts questions. What changes at Kaggle is
/// seen that much later; refusals are never kept.
inline constexpr std::chrono::milliseconds kKaggleToldKept{60'000};
/// Competitions of which that is kept: with their pages 16 MiB each at most.
inline constexpr int kToldKeptMax = 16;
/// Files of a listing that are read one by one; of more the summary tells the sizes.
inline constexpr std::size_t kKaggleFilesMax = 20'000;
inline constexpr int kKagglePageSize = 200;
/// New addresses for one download: addresses expire, and each costs of a strict allowance.
inline constexpr int kKaggleAddressesMax = 4;
/// Cuts of one download in a row without a byte between them.
inline constexpr int kKaggleCutsMax = 5;
/// Waits of one download, tries that brought no byte, and crawling, in sum: what does not come for
/// so long is not waited for by a job.
inline constexpr std::chrono::minutes kKaggleStallMax{10};
/// A download that brings less than the bytes in the time counts as waiting: it would take weeks
/// for what competitions hold.
inline constexpr std::chrono::seconds kKagglePaceWindow{30};
inline constexpr std::uint64_t kKagglePaceBytesLeast = 300'000;
/// Progress of a download is told at most so often.
inline constexpr std::chrono::milliseconds kKaggleProgressEvery{1'000};
/// Bytes that are handed to the thread that hashes them at once, and how many such blocks may wait:
/// enough that neither waits for the other at every block.
inline constexpr std::size_t kHashBlockBytes = std::size_t{256} << 10;
inline constexpr std::size_t kHashBlocksMax = 8;
/// Upload sessions of one submission: a session is lost with the server that held it.
inline constexpr int kKaggleUploadSessionsMax = 3;
/// One piece of an upload that is read from the store at once.
inline constexpr std::uint64_t kKaggleUploadPieceBytes = 256ULL << 10;
/// Pages of our submissions that are looked through for one: a thousand, newest first, of which a
/// team makes a few a day.
inline constexpr int kKaggleSubmissionPagesMax = 5;
/// Pages of a leaderboard that are read for a rank: below rank 10,000 it is left unknown.
inline constexpr int kKaggleBoardPagesMax = 50;
/// What of Kaggle's words goes into a message.
inline constexpr std::size_t kKaggleMessageBytesMax = 500;
/// Pages that are looked at; empty ones among them do not count for what is kept.
inline constexpr std::size_t kKagglePagesMax = 100;
/// Free space that a download must leave on the disk, beside room for what is packed in it.
inline constexpr std::uint64_t kKaggleDiskReserve = 1ULL << 30;

}  // namespace podium::scraper
