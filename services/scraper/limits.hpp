// Every limit of the scraper in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace podium::scraper {

/// Data of one competition once unpacked, when PODIUM_DATA_BYTES_MAX does not say otherwise.
inline constexpr std::uint64_t kDataBytesMaxDefault = 20ULL << 30;
/// Stored data of all competitions, when PODIUM_DATA_CACHE_BYTES does not say otherwise.
inline constexpr std::uint64_t kDataCacheBytesDefault = 50ULL << 30;
/// Events that wait for data which another job fetches, beside those that are worked on.
inline constexpr int kWaitersMax = 30;
/// A claim without a beat for so long is of a scraper that is gone. It beats four times in that
/// time; a broker that restarts is away for less.
inline constexpr std::chrono::milliseconds kClaimGrace{20'000};
/// Data that is marked for removal is waited for so long: longer than the slowest store takes to
/// remove it, so that nothing is stored anew that is removed a moment later.
inline constexpr std::chrono::milliseconds kRemovalGrace{360'000};
/// Tries to write a beat, or what was found, while the broker does not answer; each takes seconds.
inline constexpr int kClaimWritesMax = 3;
/// A look at a claim costs 0.1 ms.
inline constexpr std::chrono::milliseconds kClaimLookEvery{100};
/// Waiting for another job is told once it has taken so long: most waits are over before a person
/// could read of them.
inline constexpr std::chrono::milliseconds kWaitToldAfter{1'000};
/// Whoever waits within a scraper is woken when it can go on, and looks so often whether its job is
/// over.
inline constexpr std::chrono::milliseconds kWaitLookEvery{100};
/// Data that could not be used is not fetched again for so long: jobs that waited for it fail
/// alike, and whoever mends it need not wait much.
inline constexpr std::chrono::minutes kRefusalAgeMax{10};
/// Storing what another scraper removes in that moment.
inline constexpr int kStoreTriesMax = 5;
/// With every so many jobs the ended ones are looked for, a question for each.
inline constexpr int kJobsOfDataMax = 100;
/// A job of which nothing is known after so long will not begin: events are kept seven days.
inline constexpr std::chrono::hours kJobAgeMax{8 * 24};
/// Files and folders of one competition: more is no data set, or a bomb.
inline constexpr std::uint64_t kEntriesMax = 2'000'000;
/// Unpacked bytes per packed byte, of one archive and of a whole scrape, once there are enough to
/// tell: repeated text packs well, but a bomb packs by thousands.
inline constexpr std::uint64_t kRatioMax = 500;
inline constexpr std::uint64_t kRatioFloorBytes = 64ULL << 20;
/// Unpacked bytes per packed byte of a whole scrape in which the archives in archives so far are
/// beyond kRatioMax: one half of a data set may be masks that are all but empty, a bomb is nothing
/// else. A bomb of 65 MB is refused after about five seconds.
inline constexpr std::uint64_t kRatioWithBombsMax = 28;
/// Archives within archives.
inline constexpr int kNestingMax = 3;
/// Longest path inside an archive, its longest part (that of Linux), and how deep it may lead.
inline constexpr std::size_t kPathBytesMax = 1'024;
inline constexpr std::size_t kPathPartBytesMax = 255;
inline constexpr std::ptrdiff_t kPathDepthMax = 16;
/// One read or write.
inline constexpr std::size_t kBlockBytes = std::size_t{256} * 1024;
/// What podium-unpack may take. Profiles and hashes of two million files fit, and the dictionaries
/// of 7z.
inline constexpr std::uint64_t kUnpackMemoryBytesMax = 4ULL << 30;
/// Any read gets so much time, and more for its bytes: a slow disk reads, unpacks and packs ten
/// times as fast.
inline constexpr std::chrono::milliseconds kUnpackTimeLeast{120'000};
inline constexpr std::uint64_t kUnpackBytesPerSecond = 2'000'000;
/// Pages are at most a few megabytes.
inline constexpr std::chrono::milliseconds kPagesTimeMax{20'000};
/// Its answer: names, sizes and hashes of all files, and the facts.
inline constexpr std::uint64_t kUnpackReportBytesMax = 512ULL << 20;
/// What it says before it ends because it could not begin: one sentence.
inline constexpr std::size_t kUnpackWordsBytesMax = 500;
/// A line of its progress, the file's name in it, and how often it tells; a pipe takes 4 KiB whole.
inline constexpr std::size_t kProgressLineBytesMax = 1'024;
inline constexpr std::size_t kProgressFileBytesMax = 300;
inline constexpr std::chrono::milliseconds kProgressEvery{200};
/// A rate is told over no shorter time than this, in which a stutter evens out. Progress is told
/// once a second at most, so each tells a new one.
inline constexpr std::chrono::milliseconds kRateWindow{900};
/// Pages and competition.json of a folder, each.
inline constexpr std::size_t kTextBytesMax = std::size_t{1} << 20;
/// What a scraped or scrape_failed event carries of texts: an event stays under 64 KB.
inline constexpr std::size_t kMessageBytesMax = 2'000;
inline constexpr int kWarningsMax = 20;
inline constexpr std::size_t kWarningBytesMax = 500;

}  // namespace podium::scraper
