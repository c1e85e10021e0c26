// Settings of the tracker; each with its default, unit and what changing it costs.
#pragma once

#include <chrono>
#include <cstddef>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/postgres/postgres.hpp"
#include "libs/chassis/result.hpp"

namespace podium::tracker {

struct TrackOptions {
  /// PODIUM_TRACKER_BATCH_MAX: messages in one transaction. More is faster when much is waiting,
  /// and more is done again when a batch fails.
  std::size_t batch_messages_max = 256;
  /// PODIUM_TRACKER_BATCH_WAIT: how long a batch that is not full waits for more. Readers see a
  /// change that much later; shorter costs more transactions.
  std::chrono::milliseconds batch_wait{20};
  /// PODIUM_TRACKER_STANDBY_INTERVAL: how often a second tracker tries to take over.
  std::chrono::milliseconds standby_interval{1'000};
};

/// Messages that may wait in memory for the database; each is at most 128 KiB.
inline constexpr std::size_t kQueueMessagesMax = 2'048;
/// How often the stream is looked at: a reset is noticed that late at most.
inline constexpr std::chrono::milliseconds kStreamCheckInterval{1'000};
/// How often open jobs are counted; also finds out that the writer's place was lost while idle.
inline constexpr std::chrono::milliseconds kOpenJobsInterval{5'000};
/// First and longest pause after a failure; it doubles from one to the other.
inline constexpr std::chrono::milliseconds kRetryPauseFirst{250};
inline constexpr std::chrono::milliseconds kRetryPauseMax{5'000};
/// Short enough that a statement under way ends within the drain time.
inline constexpr std::chrono::milliseconds kStatementTimeout{5'000};

struct Config {
  DatabaseOptions database;
  TrackOptions track;
};

/// CONFIGURATION with every bad setting.
Result<Config> load_config(Environment& environment);

}  // namespace podium::tracker
